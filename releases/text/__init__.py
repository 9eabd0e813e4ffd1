"""The words of a release as pure Python: what may stand in a body, how it is cleaned, shown and read."""
