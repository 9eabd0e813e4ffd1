"""Files and copies of sources in an export that nobody made in good faith."""

import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from releases.intake.records import LINES
from releases.intake.records.take import take
from releases.models import Source
from tests.intake.lines import lines

SHA_OF_SIX = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"  # of b"secret"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"


def exported(tmp_path, name, content=b"secret", **changes):
    folder = tmp_path / "export"
    (folder / "files").mkdir(parents=True)
    if content is not None:
        (folder / "files" / name).write_bytes(content)
    line = {"kind": "file", "path": name, "sha256": SHA_OF_SIX, "size": 6, **changes}
    lines(folder, line).rename(folder / LINES)
    return folder


@pytest.mark.django_db
def test_a_link_that_leads_out_of_the_export_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_bytes(b"secret")
    folder = exported(tmp_path, "a.txt", None)
    (folder / "files" / "a.txt").symlink_to(tmp_path / "secret.txt")
    assert (take(folder).files, default_storage.exists("a.txt")) == (0, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["x" * 400, "loop.txt", "pipe", ".", "", "a\\..\\..\\b", "~/a", "C:/a", "a//../../b"]
)
def test_a_path_that_is_no_file_of_the_export_is_refused(tmp_path, path):
    folder = exported(tmp_path, "a.txt", path=path)
    (folder / "files" / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(folder / "files" / "pipe")
    result = take(folder)
    assert (result.files, result.refused) == (0, 1)
    assert result.problems[0][0].startswith("line 2")


@pytest.mark.django_db
def test_a_copy_that_was_broken_off_is_made_anew_and_another_file_stays(tmp_path):
    folder = exported(tmp_path, "a.txt")
    default_storage.save("a.txt", ContentFile(b"sec"))
    assert take(folder).files == 1
    with default_storage.open("a.txt") as file:
        assert file.read() == b"secret"
    assert take(folder).files == 0
    default_storage.delete("a.txt")
    default_storage.save("a.txt", ContentFile(b"others"))
    result = take(folder)
    assert (result.files, result.refused) == (0, 1)
    assert "stays" in result.problems[0][1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"url": "javascript:x"}, {"url": "HTTPS://Example.org/a#b"}, {"url": ""}, {"archived_url": ""}, {"archived_on": "soon"},
     {"archived_url": "javascript:x"}, {"archived_on": "2999-01-01"}, {"archived_url": "https://u:p@archive.example/x"}],
)  # fmt: skip
def test_a_copy_that_could_not_be_named_by_hand_is_refused(tmp_path, changes):
    copy = {"kind": "source", "url": "https://example.org/a", "archived_url": "https://archive.example/a",
            "archived_on": "2020-01-02"}  # fmt: skip
    result = take(lines(tmp_path, {**copy, **changes}))
    assert (result.copies, result.refused, Source.objects.count()) == (0, 1, 0)
    assert take(lines(tmp_path, copy)).copies == 1
    assert take(lines(tmp_path, {**copy, "archived_url": "https://archive.example/b"})).copies == 0
    assert Source.objects.get().archived_url == "https://archive.example/a"
