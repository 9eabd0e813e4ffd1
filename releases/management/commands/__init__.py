"""Each module parses arguments and calls one function."""
