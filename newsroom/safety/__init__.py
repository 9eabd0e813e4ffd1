"""What keeps the newsroom and its people safe, besides its pages: backups that can be restored."""
