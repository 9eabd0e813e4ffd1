"""Imports saved pages of an older site, by a mapping file that says where on a page everything is."""

from releases.intake.html.folder import Result, import_folder
from releases.intake.html.mapping import read_mapping

__all__ = ["Result", "import_folder", "read_mapping"]
