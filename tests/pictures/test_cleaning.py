"""What an earlier version kept, and what an import brings, is made anew of its pixels."""

import hashlib
import io
import json
from io import StringIO

import pytest
from django.core.management import call_command
from PIL import Image

from releases import workflow
from releases.models import Event, Picture
from releases.pictures import holds_only_pixels, names_of
from releases.pictures.renditions import MASTER
from tests.pictures.conftest import photo
from tests.pictures.test_pixels_alone import MARK, exif

pytestmark = pytest.mark.django_db


def spoil(picture, storage, *, names=None, words=MARK):
    """Its files as a version that let comments through had kept them, under the digest of what it kept."""
    old = storage / picture.path(MASTER)
    spoiled = {}
    for name in names or (MASTER, *names_of(picture.width)):
        made, file = Image.open(io.BytesIO((storage / picture.path(name)).read_bytes())), io.BytesIO()
        if name.endswith("jpg"):
            made.save(file, "JPEG", comment=words, exif=exif())
        else:
            made.save(file, "AVIF", exif=exif())
        spoiled[name] = file.getvalue()
    if MASTER in spoiled:
        digest = hashlib.sha256(spoiled[MASTER]).hexdigest()
        for file in old.parent.iterdir():
            file.unlink()
        Picture.objects.filter(pk=picture.pk).update(digest=digest)
        picture.refresh_from_db()
    for name, content in spoiled.items():
        target = storage / picture.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return picture


def stored(storage):
    return {
        str(file.relative_to(storage)): file.read_bytes() for file in storage.rglob("*") if file.is_file()
    }


def clean():
    out = StringIO()
    call_command("clean_pictures", stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def picture(editor):
    return workflow.add_picture(photo(), name="well.jpg", by=editor)


def test_stored_files_are_made_anew_and_their_addresses_go_on(picture, client, make_release, own_storage):
    spoil(picture, own_storage)
    make_release("A well", picture=picture, picture_alt="A well.")
    assert any(MARK in content for content in stored(own_storage).values())
    address = f"/pictures/{picture.uuid}/400.jpg"
    before = client.get(address)
    assert MARK in before.getvalue()
    said = clean()
    assert said == f"{picture.uuid} (well.jpg): made anew of its pixels\nPictures: 1 made anew.\n"
    picture.refresh_from_db()
    assert set(stored(own_storage)) == {picture.path(name) for name in (MASTER, *names_of(picture.width))}
    assert all(holds_only_pixels(content) for content in stored(own_storage).values())
    assert hashlib.sha256(stored(own_storage)[picture.path(MASTER)]).hexdigest() == picture.digest
    after = client.get(address)
    assert after.status_code == 200
    assert MARK not in after.getvalue()
    assert after["ETag"] != before["ETag"]
    assert Event.objects.get(verb="clean picture").detail["picture"] == str(picture.uuid)


def test_a_second_run_changes_nothing(picture, own_storage):
    spoil(picture, own_storage)
    clean()
    kept = stored(own_storage)
    assert clean() == "Pictures: 0 made anew.\n"
    assert stored(own_storage) == kept
    assert Event.objects.filter(verb="clean picture").count() == 1


@pytest.mark.parametrize("name", ["400.jpg", "800.avif", "card.jpg"])
def test_one_rendition_is_enough_and_a_clean_master_stays(picture, own_storage, name):
    digest = picture.digest
    spoil(picture, own_storage, names=[name])
    assert clean().endswith("Pictures: 1 made anew.\n")
    picture.refresh_from_db()
    assert picture.digest == digest
    assert all(holds_only_pixels(content) for content in stored(own_storage).values())


def test_two_pictures_that_differed_by_their_words_stay_two(editor, own_storage):
    first = spoil(workflow.add_picture(photo(), name="one.jpg", by=editor), own_storage, words=b"one")
    second = spoil(workflow.add_picture(photo(), name="two.jpg", by=editor), own_storage, words=b"two")
    clean()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.digest != second.digest
    assert len(stored(own_storage)) == 2 * (1 + len(names_of(first.width)))
    assert all(holds_only_pixels(content) for content in stored(own_storage).values())


def test_what_a_broken_run_left_is_taken_away_and_an_upload_under_way_is_not(picture, own_storage):
    old, coming = own_storage / "pictures/ab" / ("ab" * 32), own_storage / "pictures/cd" / ("cd" * 32)
    for folder, content in ((old, photo(comment=MARK).getvalue()), (coming, photo().getvalue())):
        folder.mkdir(parents=True)
        (folder / "400.jpg").write_bytes(content)
    assert "taken away" in clean()
    assert not (old / "400.jpg").exists()
    assert (coming / "400.jpg").exists()


def test_a_missing_or_broken_file_is_said_and_stops_nothing(picture, editor, own_storage):
    other = workflow.add_picture(photo(colour="#1020f0"), name="other.jpg", by=editor)
    third = workflow.add_picture(photo(colour="#10f020"), name="third.jpg", by=editor)
    (own_storage / picture.path(MASTER)).unlink()
    (own_storage / other.path(MASTER)).write_bytes(b"\xff\xd8 broken")
    spoil(third, own_storage, names=["400.jpg"])
    said = clean()
    assert "well.jpg): its file is missing" in said
    assert "other.jpg): its file is broken" in said
    assert said.endswith("Pictures: 1 made anew.\n")


# What an import brings.


def export_of(folder, picture, storage, *, more=()):
    """An export of one picture as an earlier version wrote it, files and all."""
    lines = [{"format": "newsroom", "version": 1, "changed_at": None}]
    for name in (MASTER, *names_of(picture.width), *more):
        source, path = storage / picture.path(name), picture.path(name)
        content = source.read_bytes() if source.exists() else (storage / picture.path("400.jpg")).read_bytes()
        target = folder / "files" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        lines.append(
            {
                "kind": "file",
                "path": path,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
    lines.append({
        "kind": "picture", "uuid": str(picture.uuid), "digest": picture.digest, "name": picture.name, "width": picture.width,
        "height": picture.height, "added_at": picture.added_at.isoformat(), "added_by": None,
    })  # fmt: skip
    lines.append({"kind": "end"})
    (folder / "newsroom.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))


def bring(folder):
    out = StringIO()
    call_command("import_releases", folder, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def elsewhere(picture, own_storage, tmp_path, settings):
    """An export of a spoiled picture, and a newsroom without it."""
    spoil(picture, own_storage)
    folder = tmp_path / "export"
    folder.mkdir()
    export_of(folder, picture, own_storage, more=["200.jpg"])
    Picture.objects.all().delete()
    settings.MEDIA_ROOT = tmp_path / "other"
    return folder, settings.MEDIA_ROOT


def test_an_import_keeps_pixels_alone_however_often_it_is_run(elsewhere):
    folder, storage = elsewhere
    for _ in range(2):
        said = bring(folder)
        picture = Picture.objects.get()
        files = stored(storage)
        assert set(files) == {picture.path(name) for name in (MASTER, *names_of(picture.width))}, said
        assert all(holds_only_pixels(content) for content in files.values())
        assert hashlib.sha256(files[picture.path(MASTER)]).hexdigest() == picture.digest
    assert clean() == "Pictures: 0 made anew.\n"


def test_renditions_of_an_export_are_not_believed(picture, own_storage, tmp_path, settings):
    """Another picture, and words, under the names of a picture's forms."""
    spoil(picture, own_storage, names=names_of(picture.width))
    folder = tmp_path / "export"
    folder.mkdir()
    export_of(folder, picture, own_storage)
    Picture.objects.all().delete()
    settings.MEDIA_ROOT = tmp_path / "other"
    bring(folder)
    assert Picture.objects.get().digest == picture.digest
    assert all(holds_only_pixels(content) for content in stored(settings.MEDIA_ROOT).values())
