"""What happens to every response: language, page cache, compression, headers, health."""
