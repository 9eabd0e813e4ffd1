"""Tests of the body editor in a real browser."""
