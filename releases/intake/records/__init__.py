"""The newsroom as JSON lines (`docs/format.md`): written whole by `export`, taken in by `take`."""

FORMAT = "newsroom"
VERSION = 1
# In a folder: the lines, and beside them the files that they name.
LINES = "newsroom.jsonl"
FILES = "files"
