"""The bytes of removed words: in no file of the database, no store beside it, or named with what is to be done."""

import os
from pathlib import Path

import pytest
from django.db import connection

from newsroom.safety.scrub import remains
from releases import workflow
from releases.text.removal import Removal

NAME, GONE = "Zanthorpe Imin", "[name removed]"


def remove():
    return remains.run(Removal([NAME], GONE), [NAME], by=None)


@pytest.fixture
def named(site, makers):
    """A name in a published text and in a draft, and in what was deleted before."""
    release = makers.release(f"Of {NAME}", body=f"<p>{NAME} spoke.</p>" * 200, slug="spoken")
    workflow.save_draft(release, workflow.Words(NAME, f"<p>{NAME} again.</p>"), by=makers.editor)
    return release


def files_of_the_database():
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return [Path(name + end) for end in ("", "-wal", "-shm") if os.path.exists(name + end)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
        folder, oid = cursor.fetchone()
    try:
        return [path for path in (Path(folder) / "base" / str(oid)).iterdir() if path.stat().st_size]
    except PermissionError:
        pytest.skip("the server's folder is another account's")


def holding(paths):
    return [path.name for path in paths if NAME.encode() in path.read_bytes()]


def test_no_file_of_the_database_has_a_byte_of_them(named):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # of whose columns the planner knows the most common values
        if connection.vendor == "postgresql":
            cursor.execute("CHECKPOINT")
    assert holding(files_of_the_database())
    assert remove().hits == []
    assert holding(files_of_the_database()) == []
