"""The public pages: each view permits, fetches and renders; staff pages are the admin's."""
