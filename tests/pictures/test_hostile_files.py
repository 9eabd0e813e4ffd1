"""Pictures that nobody made in good faith, brought as everybody brings one: refused in words, or kept as pixels alone."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, PngImagePlugin

from releases.models import Picture
from tests.intake import hostile
from tests.pictures.conftest import photo

MARK = b"<script>mark()</script>"
TEXT = MARK.decode()


def plain(kind="PNG", size=(400, 300)):
    return photo(size, kind=kind).getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(*chunks, width=400, height=300):
    """A PNG with these chunks between its head and its pixels."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\x80" * 3 * 400) * 300)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_with(marker, data):
    """A JPEG with a segment behind its first two bytes."""
    whole = plain("JPEG")
    return whole[:2] + b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data + whole[2:]


def with_exif():
    exif = Image.Exif()
    exif[0x010E], exif[0x9286] = TEXT, TEXT
    return photo((400, 300), exif=exif).getvalue()


def with_texts():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", TEXT)
    info.add_text("Title", TEXT * 2_000, zip=True)
    info.add_itxt(TEXT[:70], TEXT)
    return photo((400, 300), kind="PNG", pnginfo=info).getvalue()


def frames(kind, count):
    made = [Image.new("RGB", (300, 300), (n % 256, n // 256, 0)) for n in range(count)]
    file = io.BytesIO()
    made[0].save(file, kind, save_all=True, append_images=made[1:], loop=0)
    return file.getvalue()


def tiff_in_a_circle():
    """Its one directory says that it comes after itself."""
    entries = [
        (256, 3, 1, 4),
        (257, 3, 1, 4),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (279, 4, 1, 16),
    ]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", 8)


# By what is wrong with it: the file, and the name that it comes under.
FILES = {
    "nothing": (b"", "photo.jpg"),
    "one byte": (b"\xff", "photo.jpg"),
    "words": (MARK, "photo.png"),
    "a page": (b"<!doctype html><html>" + MARK, "photo.jpg"),
    "a drawing that runs": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='mark()'>" + MARK + b"</svg>", "drawing.svg"),
    "a drawing under another name": (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'>" + MARK + b"</svg>", "photo.png"),
    "an archive": (b"PK\x03\x04" + MARK, "photo.jpg"),
    "a document": (b"%PDF-1.7\n" + MARK, "photo.jpg"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(" + MARK + b") run\n", "photo.eps"),
    "a program": (b"\x7fELF" + MARK * 40, "photo.gif"),
    "the head alone": (plain("JPEG")[:20], "photo.jpg"),
    "half of a JPEG": (plain("JPEG", (600, 400))[:2_000], "photo.jpg"),
    "half of a PNG": (plain("PNG", (600, 400))[:700], "photo.png"),
    "half of a WebP": (plain("WEBP")[:60], "photo.webp"),
    "pixels that are not there": (png_of(width=4_000, height=4_000), "photo.png"),
    "more pixels than there are": (png_of(width=2**31 - 1, height=2**31 - 1), "photo.png"),
    "no pixels": (png_of(width=0, height=0), "photo.png"),
    "a chunk without end": (png_of(struct.pack(">I", 2**31 - 1) + b"tEXt" + MARK), "photo.png"),
    "a chunk that unpacks to very much": (png_of(chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 80_000_000))), "photo.png"),
    "a profile that unpacks to very much": (png_of(chunk(b"iCCP", b"a\0\0" + zlib.compress(b"x" * 80_000_000))), "photo.png"),
    "a profile with words": (png_of(chunk(b"iCCP", b"a\0\0" + zlib.compress(MARK * 9))), "photo.png"),
    "words behind the end": (plain("PNG") + MARK, "photo.png"),
    "a page behind the end": (plain("JPEG") + b"<html>" + MARK, "photo.html"),
    "a script before the pixels": (b"GIF89a/*" + MARK + b"*/=1;", "photo.js"),
    "a GIF that is a script": (plain("GIF") + b"*/=1;" + MARK, "photo.gif"),
    "words of the camera": (with_exif(), "photo.jpg"),
    "a comment": (jpeg_with(0xFE, MARK), "photo.jpg"),
    "XMP": (jpeg_with(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + MARK + b"</x:xmpmeta>"), "photo.jpg"),
    "IPTC": (jpeg_with(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20\x1c\x02\x78\0\x17" + MARK), "photo.jpg"),
    "EXIF that is none": (jpeg_with(0xE1, b"Exif\0\0" + MARK), "photo.jpg"),
    "texts": (with_texts(), "photo.png"),
    "a film of frames": (frames("GIF", 400), "film.gif"),
    "a film of WebP": (frames("WEBP", 60), "film.webp"),
    "a TIFF in a circle": (tiff_in_a_circle(), "photo.tiff"),
    "a name that leads out": (plain("JPEG"), "../../etc/passwd.jpg"),
    "a name that is a page": (plain("JPEG"), f"{TEXT}.jpg"),
    "a name with other directions": (plain("JPEG"), "photo\u202egpj.exe"),
    "a very long name": (plain("JPEG"), "x" * 4_000 + ".jpg"),
    "a name of two lines": (plain("JPEG"), "photo\r\nSet-Cookie: a=b.jpg"),
}  # fmt: skip


# What shows a picture all the same; of it the pixels are kept.
KEPT = {
    "a profile with words", "words behind the end", "a page behind the end", "a GIF that is a script", "words of the camera",
    "a comment", "XMP", "IPTC", "EXIF that is none", "texts", "a film of frames", "a film of WebP",
    *(kind for kind in FILES if kind.startswith(("a name", "a very long name"))),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", FILES)
def test_it_is_refused_in_words_or_kept_as_pixels_alone(client, writer, own_storage, kind):
    content, name = FILES[kind]
    client.force_login(writer)
    answer = client.post(
        reverse("admin:releases_picture_upload"), {"file": SimpleUploadedFile(name, content)}
    )
    stored = [one for one in own_storage.rglob("*") if one.is_file()] if own_storage.exists() else []
    assert answer.status_code == (200 if kind in KEPT else 422), answer.text
    if kind not in KEPT:
        assert len(answer.json()["error"]) > 10
        assert not Picture.objects.exists()
        assert stored == []
        return
    assert stored
    for one in stored:
        assert b"mark()" not in one.read_bytes()
        assert one.resolve().is_relative_to(own_storage)
        with Image.open(one) as kept:
            assert getattr(kept, "n_frames", 1) == 1
            assert not kept.getexif()
    picture = Picture.objects.get()
    assert len(picture.name) <= 200
    assert not {"\n", "\r", "/", "\u202e"} & set(picture.name)
    page = client.get(reverse("admin:releases_picture_change", args=[picture.pk])).text
    assert TEXT not in page


def test_of_all_kinds_there_are_more_than_sixty_such_files():
    assert len(FILES) + len(hostile.REFUSED) + len(hostile.READ) > 60
