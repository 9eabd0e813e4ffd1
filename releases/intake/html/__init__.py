"""Saved pages of an older site to releases, by a file that says where on them everything stands."""

from releases.intake.html.folder import Result, take_folder
from releases.intake.html.mapping import read_mapping

__all__ = ["Result", "read_mapping", "take_folder"]
