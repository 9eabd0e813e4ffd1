"""Files and copies of sources in an export that nobody made in good faith."""

import hashlib
import io
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from releases.intake.records.format import LINES
from releases.intake.records.importer import import_records
from releases.models import Picture, Source
from releases.pictures import names_of
from tests.intake.lines import AT, lines, release, revision

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
    assert (import_records(folder).files, default_storage.exists("a.txt")) == (0, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["x" * 400, "loop.txt", "pipe", ".", "", "a\\..\\..\\b", "~/a", "C:/a", "a//../../b"]
)
def test_a_path_that_is_no_file_of_the_export_is_refused(tmp_path, path):
    folder = exported(tmp_path, "a.txt", path=path)
    (folder / "files" / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(folder / "files" / "pipe")
    result = import_records(folder)
    assert (result.files, result.refused) == (0, 1)
    assert result.problems[0][0].startswith("line 2")


@pytest.mark.django_db
def test_a_copy_that_was_broken_off_is_made_anew_and_another_file_stays(tmp_path):
    folder = exported(tmp_path, "a.txt")
    default_storage.save("a.txt", ContentFile(b"sec"))
    assert import_records(folder).files == 1
    with default_storage.open("a.txt") as file:
        assert file.read() == b"secret"
    assert import_records(folder).files == 0
    default_storage.delete("a.txt")
    default_storage.save("a.txt", ContentFile(b"others"))
    result = import_records(folder)
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
    result = import_records(lines(tmp_path, {**copy, **changes}))
    assert (result.copies, result.refused, Source.objects.count()) == (0, 1, 0)
    assert import_records(lines(tmp_path, copy)).copies == 1
    assert import_records(lines(tmp_path, {**copy, "archived_url": "https://archive.example/b"})).copies == 0
    assert Source.objects.get().archived_url == "https://archive.example/a"


# ---------------------------------------------------------------------- pictures


def jpeg(size=(300, 200), kind="JPEG"):
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind)
    return file.getvalue()


def library(tmp_path, content, *, of="", called="master.jpg", **changes):
    """An export of one picture of which there is one file."""
    own = hashlib.sha256(content).hexdigest()
    digest = of or own
    path = f"pictures/{digest[:2]}/{digest}/{called}"
    folder = tmp_path / "export"
    (folder / "files" / path).parent.mkdir(parents=True)
    (folder / "files" / path).write_bytes(content)
    line = {"kind": "picture", "uuid": "00000000-0000-4000-8000-000000000001", "digest": digest, "name": "Red",
            "width": 300, "height": 200, "added_at": AT, **changes}  # fmt: skip
    lines(folder, {"kind": "file", "path": path, "sha256": own, "size": len(content)}, line).rename(
        folder / LINES
    )
    return folder


@pytest.mark.django_db
def test_a_picture_of_which_only_the_master_came_gets_its_other_forms_anew(tmp_path):
    folder = library(tmp_path, jpeg())
    assert import_records(folder, dry=True).pictures == 1
    assert not Picture.objects.exists()
    result = import_records(folder)
    assert (result.pictures, result.refused) == (1, 0)
    picture = Picture.objects.get()
    assert all(default_storage.exists(picture.path(name)) for name in names_of(picture.width))
    again = import_records(folder)
    assert (again.pictures, again.files, again.refused) == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "made",
    [
        lambda path: library(path, b"<script>alert(1)</script>"),
        lambda path: library(path, jpeg(kind="PNG")),
        lambda path: library(path, jpeg((3300, 10))),
        lambda path: library(path, jpeg()[:15]),
        lambda path: library(path, jpeg(), of="a" * 64),
        lambda path: library(path, jpeg(), called="400.avif"),
        lambda path: library(path, jpeg(), called="400.html"),
    ],
)
def test_a_file_that_is_not_the_picture_that_it_says_is_refused_and_so_is_its_picture(tmp_path, made):
    for dry in (True, False):
        result = import_records(made(tmp_path / str(dry)), dry=dry)
        assert (result.files, result.pictures, result.refused) == (0, 0, 2)
        assert [place[:6] for place, _why in result.problems] == ["line 2", "line 3"]
    assert not Picture.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"uuid": 7}, {"digest": "x"}, {"digest": []}, {"name": ""}, {"width": 10**9}, {"width": 0}, {"height": None},
     {"added_at": None}, {"added_by": "nobody"}],
)  # fmt: skip
def test_a_picture_that_says_the_wrong_thing_of_itself_is_refused(tmp_path, changes):
    result = import_records(library(tmp_path, jpeg(), **changes))
    assert (result.pictures, result.refused) == (0, 1)
    assert result.problems[0][0].startswith("line 3")


@pytest.mark.django_db
def test_a_release_that_names_a_picture_without_a_line_is_refused(tmp_path):
    words = revision(picture="00000000-0000-4000-8000-000000000001", picture_alt="x")
    result = import_records(lines(tmp_path, release(1, revisions=[words])))
    assert (result.added, result.refused) == (0, 1)
    assert "no line" in result.problems[0][1]
