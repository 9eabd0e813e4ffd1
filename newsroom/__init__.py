"""The site: settings, addresses, staff accounts, and delivery."""
