"""Backups: consistent sets of the database and the files in one folder, verified, restored and tried out."""
