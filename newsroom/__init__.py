"""The site: settings, addresses and servers; the domain is in `releases`."""
