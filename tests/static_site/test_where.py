"""Where to find us: a list of mirrors, signed, in pages, feeds and mirrors, that is changed without a new version."""

import base64
import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from newsroom import environment
from releases import signing, workflow
from releases.feeds.formats import MIRRORS

pytestmark = pytest.mark.django_db
ADDRESSES = ["https://mirror.example.net/", "https://news.example.com/copy/"]
LIST, PEM = "/.well-known/newsroom-mirrors.json", "/.well-known/newsroom-key.pem"


@pytest.fixture
def key(settings):
    settings.MIRRORS = ADDRESSES
    made = Ed25519PrivateKey.generate()
    workflow.sign_mirrors(ADDRESSES, key=made, at=datetime(2026, 11, 28, 12, tzinfo=UTC))
    return made


def is_signed(text: str, signature: str, key: Ed25519PrivateKey) -> bool:
    return signing.is_signed(text.encode(), base64.b64decode(signature), key.public_key())


def test_the_site_publishes_the_list_and_the_key(client, key):
    said = client.get(LIST).json()
    assert (said["site"], said["mirrors"]) == ("http://testserver", ADDRESSES)
    assert is_signed(said["signed"], said["signature"], key)
    assert (
        said["key"]
        == signing.short(signing.public_key(client.get(PEM).text))
        == signing.short(key.public_key())
    )
    assert "signed 2026-11-28T12:00:00+00:00\n" in said["signed"]


def test_a_list_that_was_changed_on_its_way_is_noticed(client, key):
    said = client.get(LIST).json()
    assert not is_signed(said["signed"].replace("mirror.example.net", "evil.example"), said["signature"], key)


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feeds_hold_the_list_itself(client, key, kind, make_release):
    make_release("Out")
    (found,) = ElementTree.fromstring(client.get(f"/feeds/releases.{kind}").content).iter(
        f"{{{MIRRORS}}}mirrors"
    )
    assert is_signed(found.text, found.get("signature"), key)
    assert all(f"mirror {one}\n" in found.text for one in ADDRESSES)
    assert found.get("href") == f"http://testserver{LIST}"


def test_the_json_feed_holds_it_too(client, key, make_release):
    make_release("Out")
    found = json.loads(client.get("/feeds/releases.json").content)["_mirrors"]
    assert found["mirrors"] == ADDRESSES
    assert is_signed(found["signed"], found["signature"], key)


def test_pages_lead_to_it(client, key):
    assert f'type="application/json" title="Where else to find us" href="{LIST}"' in client.get("/").text


def test_where_nothing_was_signed_nothing_is_said(client):
    assert client.get(LIST).status_code == client.get(PEM).status_code == 404
    assert LIST not in client.get("/").text
    assert "mirrors" not in client.get("/feeds/releases.rss").text


def test_the_command_changes_the_list_at_once_and_keeps_the_key(client, settings, tmp_path):
    settings.DATA_DIR, settings.MIRRORS = tmp_path, ADDRESSES[:1]
    call_command("sign_mirrors")
    before = client.get(LIST).json()
    settings.MIRRORS = ADDRESSES[1:]
    call_command("sign_mirrors")
    after = client.get(LIST).json()
    assert (before["mirrors"], after["mirrors"]) == (ADDRESSES[:1], ADDRESSES[1:])
    assert before["key"] == after["key"]
    assert ADDRESSES[1] in client.get("/feeds/releases.atom").text


def test_an_address_that_is_none_is_refused_when_the_site_starts():
    with pytest.raises(ImproperlyConfigured, match="MIRRORS"):
        environment.demand_whole_address("MIRRORS", "mirror.example.net")


def test_a_reader_finds_the_list_from_the_foot_of_every_page(client, key, make_release):
    make_release("Out", slug="out")
    for path in ("/", "/releases/out/", "/topics/"):
        assert '<a href="/follow/#where">Where else to find us</a>' in client.get(path).text, path
    page = client.get("/follow/").text
    assert all(f'<a href="{one}" rel="nofollow">{one}</a>' in page for one in ADDRESSES)
    assert signing.short(key.public_key()) in page
    workflow.sign_mirrors(ADDRESSES[:1], key=key)
    assert ADDRESSES[1] not in client.get("/follow/").text  # changed without a new version
