"""Search: releases by their words, on SQLite and PostgreSQL with the same results."""
