"""The newsroom as JSON lines (`docs/format.md`): `exporter` writes them, `importer` reads them, both by the tables of `format`."""
