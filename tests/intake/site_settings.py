"""The settings of the tests for a site in a process of its own, whose files stand where SITE_FILES says."""

import os

from tests.settings import *  # noqa: F403  settings are a flat list of names

MEDIA_ROOT = os.environ["SITE_FILES"]
