"""What may come in as a picture, and what is kept of it."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from releases.pictures import UnacceptablePicture, names_of, normalise, renditions, widths_of
from tests.pictures.conftest import photo


def opened(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_every_format_is_kept_as_one_jpeg(kind):
    taken = normalise(photo(kind=kind))
    kept = opened(taken.master)
    assert (
        (kept.format, kept.mode, kept.size)
        == ("JPEG", "RGB", (900, 600))
        == ("JPEG", "RGB", (taken.width, taken.height))
    )


def test_nothing_that_the_camera_wrote_is_kept():
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "SECRET-CAMERA", "SECRET-COMMENT"
    exif.get_ifd(0x8825)[2] = (41.0, 52.0, 7.0)
    xmp = b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = photo(exif=exif, comment=b"SECRET-WORDS", xmp=xmp, icc_profile=profile)
    assert b"SECRET" in file.getvalue()
    taken = normalise(file)
    for content in [taken.master, *(content for _name, content in renditions(taken.master))]:
        assert b"SECRET" not in content
        assert not opened(content).getexif()
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(opened(content).info)


def test_a_picture_that_was_held_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(normalise(photo((900, 600), exif=exif)).master).size == (600, 900)


def test_what_lets_the_ground_shine_through_lies_on_white():
    assert opened(normalise(photo(kind="PNG", mode="RGBA")).master).getpixel((2, 2)) == (255, 255, 255)


def test_other_ways_to_write_colours_are_understood():
    for mode in ("L", "LA", "P", "CMYK", "I;16"):
        file = io.BytesIO()
        made = Image.new("RGB", (300, 300), "#336699")
        made = made.convert("L").convert("I").convert("I;16") if mode == "I;16" else made.convert(mode)
        made.save(file, "TIFF" if mode == "CMYK" else "PNG") if mode != "CMYK" else made.save(file, "JPEG")
        file.seek(0)
        assert opened(normalise(file).master).mode == "RGB", mode


def test_a_large_one_is_kept_smaller_and_offered_at_every_width():
    taken = normalise(photo((5000, 2500)))
    assert (taken.width, taken.height) == (3200, 1600)
    found = dict(renditions(taken.master))
    assert list(found) == names_of(taken.width)
    assert widths_of(taken.width) == (400, 800, 1200, 1600)
    for name, content in found.items():
        kind = {"avif": "AVIF", "jpg": "JPEG"}[name.rpartition(".")[2]]
        assert opened(content).format == kind
        size = (1200, 630) if name == "card.jpg" else (int(name.split(".")[0]), int(name.split(".")[0]) // 2)
        assert opened(content).size == size


def test_a_small_one_is_never_blown_up():
    assert widths_of(900) == (400, 800, 900)
    assert widths_of(300) == (300,)


def png_that_says(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "format"),
        (b"not a picture", "format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "format"),
        (b"%PDF-1.7\n%%EOF", "format"),
        (png_that_says(30_000, 30_000), "large"),
        (png_that_says(100_000, 100_000), "large"),
        (png_that_says(10, 10), "small"),
        (png_that_says(4000, 4000), "unreadable"),
        (photo().getvalue()[:3000], "unreadable"),
    ],
    ids=["empty", "words", "svg", "pdf", "bomb", "larger bomb", "tiny", "no data", "cut off"],
)
def test_what_is_no_picture_is_said_to_be_none(content, code):
    with pytest.raises(UnacceptablePicture) as found:
        normalise(io.BytesIO(content))
    assert found.value.code == code


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(UnacceptablePicture):
        normalise(io.BytesIO(png_that_says(30_000, 30_000)))
