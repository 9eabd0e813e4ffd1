"""The pages of the admin that the newsroom shapes, as staff meet them in a browser."""
