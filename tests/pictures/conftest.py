"""Photographs of our own making, and a storage of their own for each test."""

import io

import pytest
from PIL import Image, ImageDraw


def photo(size=(900, 600), *, kind="JPEG", colour="#b03020", mode="RGB", **options):
    """A file as a camera would send it."""
    made = Image.new(mode, size, "#d8dde0" if mode != "RGBA" else (0, 0, 0, 0))
    ImageDraw.Draw(made).ellipse((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill=colour)
    file = io.BytesIO()
    made.save(file, kind, **options)
    file.seek(0)
    file.name = f"photo.{kind.lower()}"
    return file


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
