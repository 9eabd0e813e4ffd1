"""oEmbed."""

import io
from urllib.parse import quote

import pytest
from PIL import Image

from releases import workflow
from tests.views.page import read

pytestmark = pytest.mark.django_db


def test_oembed_gives_a_release_at_its_present_or_former_address(client, make_release, editor):
    release = make_release("Title", slug="old")
    workflow.readdress(release, slug="new", by=editor)
    for slug in ("old", "new"):
        answer = client.get("/oembed.json", {"url": f"http://testserver/releases/{slug}/"}).json()
        assert (answer["type"], answer["version"], answer["title"]) == ("link", "1.0", "Title")
    make_release("ئات", language="ug", slug="at")
    assert client.get("/oembed.json", {"url": "http://testserver/ug/releases/at/"}).json()["title"] == "ئات"
    page = read(client.get("/releases/new/"))
    (link,) = page.xpath("//link[@type='application/json+oembed']")
    assert client.get(link.get("href").removeprefix("http://testserver")).json()["title"] == "Title"


@pytest.mark.parametrize(
    "url",
    ["", "x", "//testserver/releases/title/", "http://testserver@evil.example/releases/title/", "http://testserver/releases/title/history/",
     "javascript:alert(1)", "http://testserver/releases/../releases/title/", "http://testserver/releases/title%2F..%2F/",
     "http://testserver/releases/" + "x" * 5000 + "/", "file:///etc/passwd", "http://testserver/releases/\ud800/", "http://testserver/releases/%00/", "http://testserver/", "http://testserver/releases/", "http://evil.example/releases/title/",
     "http://testserver.evil.example/releases/title/", "http://testserver/en/releases/title/", "\x00"],
)  # fmt: skip
def test_oembed_knows_no_other_address(client, make_release, url):
    make_release("Title")
    answer = client.get(f"/oembed.json?url={quote(url, errors='surrogatepass')}")
    assert (answer.status_code, answer.json()) == (404, {"error": "no release has this address"})


def test_oembed_speaks_json_alone(client, db):
    answer = client.get("/oembed.json", {"url": "x", "format": "xml"})
    assert answer.status_code == 501
    assert answer.json()["error"]


def test_oembed_shows_no_picture_that_is_larger_than_was_asked(client, make_picture, make_release):
    """As the standard has it of `maxwidth` and `maxheight` (https://oembed.com/, 2.2 and 2.3.4)."""
    make_release("Plain")
    make_release("Shown", picture=make_picture(size=(900, 600)), picture_alt="A disc")

    def sizes(slug, **most):
        answer = client.get("/oembed.json", {"url": f"http://testserver/releases/{slug}/", **most}).json()
        if "thumbnail_url" not in answer:
            assert not [name for name in answer if name.startswith("thumbnail")]
            return None
        file = client.get(answer["thumbnail_url"].removeprefix("http://testserver")).getvalue()
        shown = (answer["thumbnail_width"], answer["thumbnail_height"])
        assert Image.open(io.BytesIO(file)).size == shown
        return shown

    assert sizes("plain") == sizes("shown") == sizes("plain", maxwidth=1200, maxheight=630) == (1200, 630)
    assert sizes("plain", maxwidth=1199) is None
    assert sizes("shown", maxwidth=1199) == (900, 600)
    assert sizes("shown", maxheight=599) == (800, 533)
    assert sizes("shown", maxwidth=500, maxheight=500) == (400, 267)
    assert sizes("shown", maxwidth=100) is None


@pytest.mark.parametrize("most", ["0", "-1", "1.5", "x", "²", "٣", "1e3", "9" * 400, " 5"])
@pytest.mark.parametrize("name", ["maxwidth", "maxheight"])
def test_oembed_says_what_a_size_is(client, make_release, name, most):
    make_release("Title")
    answer = client.get("/oembed.json", {"url": "http://testserver/releases/title/", name: most})
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
