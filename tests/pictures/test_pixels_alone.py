"""Nothing of a picture's file but its pixels: a mark in every part of every format, sought by exiftool and byte by byte."""

import io
import json
import struct
import subprocess
import zlib
from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from releases import workflow
from releases.models import Picture
from releases.pictures import draw_card, holds_only_pixels, names_of
from releases.pictures.renditions import MASTER
from tests.machine import program
from tests.pictures.conftest import photo

pytestmark = pytest.mark.django_db
MARK = b"QZXMARKER"
WORD = MARK.decode()
# What exiftool reads off any file, and how JPEG and AVIF say that they are pictures.
STRUCTURE = {"ExifTool", "System", "File", "Composite", "JFIF", "QuickTime", "Meta", "Track1", "SourceFile"}


def drawn(**options) -> bytes:
    return photo((400, 300), **options).getvalue()


def profile() -> bytes:
    """A profile of colours that is called by the mark."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    name = "sRGB built-in".encode("utf-16-be")
    assert name in made
    return made.replace(name, WORD.ljust(13).encode("utf-16-be"))


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010F] = made[0x9286] = made[0x010E] = WORD
    made.get_ifd(0x8825)[0x1B] = MARK
    return made


XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
    b"<dc:source>" + MARK + b'</dc:source></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
IPTC = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", 5 + len(MARK) + 1) + b"\x1c\x02\x78" + struct.pack(">H", len(MARK)) + MARK + b"\0"  # fmt: skip
HEADERS = {
    0xE0: b"JFXX\0\x10", 0xE1: b"http://ns.adobe.com/xap/1.0/\0", 0xE2: b"ICC_PROFILE\0\x01\x01", 0xE3: b"Meta\0\0", 0xE4: b"", 0xE5: b"RMETA\0",
    0xE6: b"EPPIM\0", 0xE7: b"", 0xE8: b"SPIFF\0", 0xE9: b"", 0xEA: b"AROT\0\0", 0xEB: b"HDR_RI\0", 0xEC: b"Ducky", 0xED: b"Photoshop 3.0\0",
    0xEE: b"Adobe\0", 0xEF: b"", 0xFE: b"",
}  # fmt: skip


def jpegs() -> Iterator[tuple[str, bytes]]:
    plain = drawn()

    def with_segment(marker: int, data: bytes) -> bytes:
        # Behind the first segment, which says that it is a JFIF.
        at = 4 + int.from_bytes(plain[4:6])
        return plain[:at] + bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data + plain[at:]

    for marker, head in HEADERS.items():
        name = "COM" if marker == 0xFE else f"APP{marker - 0xE0}"
        # An APP14 of another length than Adobe's is no word on how colours are written.
        yield f"JPEG {name}", with_segment(marker, head + MARK)
    yield "JPEG Exif", drawn(exif=exif())
    yield "JPEG XMP", with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    yield "JPEG IPTC", with_segment(0xED, IPTC)
    yield "JPEG ICC", drawn(icc_profile=profile())
    yield "JPEG comment by Pillow", drawn(comment=MARK)
    yield "JPEG tail", plain + MARK
    several = io.BytesIO()
    frames = [
        Image.open(io.BytesIO(drawn(comment=MARK))),
        Image.open(io.BytesIO(drawn(colour="#1020f0", exif=exif()))),
    ]
    frames[0].save(several, "MPO", save_all=True, append_images=frames[1:], exif=exif())
    yield "MPO", several.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pngs() -> Iterator[tuple[str, bytes]]:
    plain = drawn(kind="PNG")
    after_head = 8 + 25
    for key in (
        b"Comment",
        b"comment",
        b"exif",
        b"xmp",
        b"icc_profile",
        b"dpi",
        b"XML:com.adobe.xmp",
        b"Raw profile type iptc",
    ):
        for kind, data in (
            (b"tEXt", key + b"\0" + MARK), (b"zTXt", key + b"\0\0" + zlib.compress(MARK, 0)),
            (b"iTXt", key + b"\0\0\0\0\0" + (XMP if key.startswith(b"XML") else MARK)),
        ):  # fmt: skip
            yield (
                f"PNG {kind.decode()} {key.decode()}",
                plain[:after_head] + chunk(kind, data) + plain[after_head:],
            )
    for kind, data in ((b"eXIf", exif().tobytes()[6:]), (b"tIME", struct.pack(">HBBBBB", 2026, 1, 2, 3, 4, 5) + MARK), (b"sPLT", MARK + b"\0\x08"), (b"prVt", MARK)):  # fmt: skip
        yield f"PNG {kind.decode()}", plain[:after_head] + chunk(kind, data) + plain[after_head:]
    yield "PNG iCCP", drawn(kind="PNG", icc_profile=profile())
    yield "PNG behind its end", plain + chunk(b"tEXt", b"Comment\0" + MARK)
    yield "PNG tail", plain + MARK
    words, several = PngImagePlugin.PngInfo(), io.BytesIO()
    words.add_text("comment", WORD)
    frames = [Image.open(io.BytesIO(drawn(kind="PNG", colour=colour))) for colour in ("#b03020", "#1020f0")]
    frames[0].save(several, "PNG", save_all=True, append_images=frames[1:], pnginfo=words)
    yield "APNG", several.getvalue()


def gifs() -> Iterator[tuple[str, bytes]]:
    plain = drawn(kind="GIF")
    table = 13 + (3 << ((plain[10] & 7) + 1) if plain[10] & 0x80 else 0)
    block = bytes((len(MARK),)) + MARK + b"\0"
    for name, extension in (
        ("comment", b"!\xfe" + block), ("application", b"!\xff\x0bQZXAPPL1234" + block), ("XMP", b"!\xff\x0bXMP DataXMP" + XMP + b"\x01" + bytes(range(255, -1, -1)) + b"\0"),
        ("plain text", b"!\x01\x0c" + bytes(12) + block),
    ):  # fmt: skip
        yield f"GIF {name}", plain[:table] + extension + plain[table:]
    yield "GIF comment before its end", plain[:-1] + b"!\xfe" + block + plain[-1:]
    yield "GIF tail", plain + MARK
    several = io.BytesIO()
    frames = [Image.open(io.BytesIO(drawn(kind="GIF", colour=colour))) for colour in ("#b03020", "#1020f0")]
    frames[0].save(several, "GIF", save_all=True, append_images=frames[1:], comment=MARK)
    yield "animated GIF", several.getvalue()


def webps() -> Iterator[tuple[str, bytes]]:
    for name, options in (
        ("EXIF", {"exif": exif()}),
        ("XMP", {"xmp": XMP}),
        ("ICCP", {"icc_profile": profile()}),
    ):
        yield f"WebP {name}", drawn(kind="WEBP", **options)
        frames = [
            Image.open(io.BytesIO(drawn(kind="WEBP", colour=colour))) for colour in ("#b03020", "#1020f0")
        ]
        several = io.BytesIO()
        frames[0].save(several, "WEBP", save_all=True, append_images=frames[1:], **options)
        yield f"animated WebP {name}", several.getvalue()
    whole = drawn(kind="WEBP", xmp=XMP) + b"QZXC" + struct.pack("<I", len(MARK) + 1) + MARK + b"\0"
    yield "WebP chunk", whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]
    yield "WebP tail", drawn(kind="WEBP") + MARK


def avifs() -> Iterator[tuple[str, bytes]]:
    for name, options in (
        ("Exif", {"exif": exif()}),
        ("XMP", {"xmp": XMP}),
        ("ICC", {"icc_profile": profile()}),
    ):
        yield f"AVIF {name}", drawn(kind="AVIF", **options)
    several = io.BytesIO()
    frames = [Image.open(io.BytesIO(drawn(kind="AVIF", colour=colour))) for colour in ("#b03020", "#1020f0")]
    frames[0].save(several, "AVIF", save_all=True, append_images=frames[1:], exif=exif(), xmp=XMP)
    yield "animated AVIF", several.getvalue()
    for kind in (b"free", b"uuid"):
        yield (
            f"AVIF {kind.decode()}",
            drawn(kind="AVIF") + struct.pack(">I", 8 + 16 + len(MARK)) + kind + bytes(16) + MARK,
        )


FILES = dict(made for kind in (jpegs, pngs, gifs, webps, avifs) for made in kind())


def read_by_exiftool(*files) -> list[dict[str, object]]:
    """Everything that it finds, hidden and unknown things too, one a file."""
    made = subprocess.run(
        [program("exiftool", "libimage-exiftool-perl"), "-json", "-a", "-u", "-ee", "-G1", *map(str, files)],
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    return json.loads(made.stdout)


def groups(found: dict[str, object]) -> set[str]:
    return {name.partition(":")[0] for name in found}


def holds(content: bytes) -> bool:
    return MARK in content or WORD.encode("utf-16-be") in content or WORD.encode("utf-16-le") in content


def test_every_file_is_marked(tmp_path):
    """Or the others would find nothing because nothing is there."""
    for number, (name, content) in enumerate(FILES.items()):
        unpacked = b"".join(_unpacked(content)) if name == "PNG iCCP" else b""
        assert holds(content) or holds(unpacked), name
        (tmp_path / f"{number:03}").write_bytes(content)
    found = read_by_exiftool(*sorted(tmp_path.iterdir()))
    read = {name for name, one in zip(FILES, found, strict=True) if WORD in json.dumps(one)}
    # It reads the mark wherever it knows the place: the judge is not blind.
    assert len(read) >= 35, sorted(set(FILES) - read)
    assert {
        "JPEG Exif",
        "JPEG XMP",
        "JPEG IPTC",
        "JPEG COM",
        "GIF comment",
        "PNG tEXt comment",
        "AVIF XMP",
        "WebP EXIF",
    } <= read


def _unpacked(content: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(content):
        size = int.from_bytes(content[at : at + 4])
        if content[at + 4 : at + 8] == b"iCCP":
            yield zlib.decompress(content[at + 8 : at + 8 + size].split(b"\0", 1)[1][1:])
        at += 12 + size


def test_nothing_that_is_kept_or_served_holds_the_mark(editor, client, make_release, own_storage):
    kept: dict[str, list[str]] = {}
    for name, content in FILES.items():
        picture = workflow.add_picture(io.BytesIO(content), name="photo.jpg", by=editor)
        kept.setdefault(picture.digest, []).append(name)
    # The same pixels are the same picture, whatever stood beside them.
    assert Picture.objects.count() < len(FILES)
    stored = [file for file in own_storage.rglob("*") if file.is_file()]
    assert len(stored) == Picture.objects.count() * (1 + len(names_of(400)))
    for file in stored:
        content = file.read_bytes()
        assert not holds(content), (kept[file.parent.name], file.name)
        assert holds_only_pixels(content), (kept[file.parent.name], file.name)
    for found in read_by_exiftool(*stored):
        assert WORD not in json.dumps(found), found
        assert groups(found) <= STRUCTURE, found
    picture = Picture.objects.first()
    release = make_release("With a picture", picture=picture, picture_alt="A photograph.")
    for name in names_of(picture.width):
        answer = client.get(f"/pictures/{picture.uuid}/{name}")
        assert answer.status_code == 200
        assert not holds(answer.getvalue())
    assert not holds(client.get(release.get_absolute_url()).content)


def test_a_drawn_card_holds_its_pixels_alone(tmp_path):
    file = tmp_path / "card.png"
    file.write_bytes(draw_card("A title", name="A newsroom", day="June 10, 2026"))
    (found,) = read_by_exiftool(file)
    assert groups(found) <= {*STRUCTURE, "PNG"}
    chunks, at = [], 8
    content = file.read_bytes()
    while at < len(content):
        chunks.append(content[at + 4 : at + 8])
        at += 12 + int.from_bytes(content[at : at + 4])
    assert set(chunks) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"}


def judged(marks: Callable[[bytes], bytes]) -> bool:
    return holds_only_pixels(marks(drawn()))


def test_what_is_no_picture_of_ours_is_not_taken_for_pure():
    for name, content in FILES.items():
        if name.startswith(("JPEG", "MPO", "AVIF", "animated AVIF")):
            assert not holds_only_pixels(content), name
    for content in (b"", b"\xff\xd8", b"\xff\xd8\xff\xd9", b"GIF89a", drawn()[:-2], drawn() + b"x"):
        assert not holds_only_pixels(content)
    assert holds_only_pixels(drawn())
    assert MASTER.endswith(".jpg")
