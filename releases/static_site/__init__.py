"""The public site as files: baked for the web server in front, or as a mirror that works anywhere."""
