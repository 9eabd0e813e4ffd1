"""Removing a name or a passage from everything that the newsroom keeps."""
