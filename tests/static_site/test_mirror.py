"""A mirror works from a disk: every link leads to a file, every byte is signed, and nothing is in it that is not public."""

import json
import re
import shutil
import subprocess
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.utils import timezone

from releases import signing, workflow
from releases.models import Release
from releases.static_site import mirror as mirrors
from releases.static_site import search_index, update
from releases.static_site.inventory import PublicAddress, public_addresses
from releases.static_site.links import Links
from releases.static_site.manifest import MANIFEST, SIGNATURE, verify
from tests.leaks.crawl import TITLE, WORDS, secret
from tests.machine import program
from tests.static_site.conftest import KEY, Mirrorer

pytestmark = pytest.mark.django_db
PUBLIC = signing.short(KEY.public_key())


# ------------------------------------------------------------------ links


def addresses_in(html: str) -> list[str]:
    """What a browser would load or follow."""
    tags = re.findall(r"<(?:a|link|img|source|script|form)\b(?:[^>\"']|\"[^\"]*\")*>", html)
    found = []
    for tag in tags:
        if 'rel="canonical"' not in tag:
            found += re.findall(r'\s(?:href|src|action)="([^"]*)"', tag)
            for listed in re.findall(r'srcset="([^"]*)"', tag):
                found += [one.split()[0] for one in listed.split(",")]
    return [unescape(one) for one in found]


def test_every_link_of_every_page_leads_to_a_file_of_the_folder(mirrored):
    pages = [path for path in mirrored.folder.rglob("*.html") if path.name != "404.html"]
    assert len(pages) > 30
    broken, outside = [], set()
    for page in pages:
        for link in addresses_in(page.read_text("utf-8")):
            if re.match(r"[a-z]+:", link):
                outside.add(link)
                continue
            path = unquote(link.partition("#")[0].partition("?")[0])
            if link[:1] == "/" or not (not path or (page.parent / path).is_file()):
                broken.append((page.relative_to(mirrored.folder).as_posix(), link))
    assert broken == []
    assert [link for link in outside if link.startswith("http://testserver")] == []


def test_whoever_starts_at_the_front_page_reaches_every_page(mirrored):
    seen, waiting = set(), [mirrored.folder / "index.html"]
    while waiting:
        page = waiting.pop().resolve()
        if page in seen:
            continue
        seen.add(page)
        if page.suffix == ".html":
            links = (
                unquote(link.partition("#")[0].partition("?")[0]) for link in addresses_in(page.read_text())
            )
            waiting += [page.parent / link for link in links if link and not re.match(r"[a-z]+:|/", link)]
    pages = {path.resolve() for path in mirrored.folder.rglob("index.html")}
    led_to = {"the-last-crossing", "crossing-3", "ferries", "node", "gone"}
    missing = [page for page in pages - seen if not led_to & set(page.parts)]
    assert missing == []


def test_each_address_of_the_site_is_at_the_same_path(mirrored):
    layout = mirrors.Mirrored(mirrored.folder)
    for one in public_addresses():
        if one.name not in mirrors.NOT_HERE:
            assert (mirrored.folder / layout.file_of(one)).is_file(), one.path
    assert (mirrored.folder / "releases/wells/index.html").is_file()
    assert (mirrored.folder / "zh-hans/releases/水井/index.html").is_file()


def test_former_addresses_lead_on_and_withdrawn_ones_say_so(mirrored):
    assert 'url=../../releases/the-last-crossing/index.html"' in mirrored.read(
        "releases/crossing-3/index.html"
    )
    assert 'url=../../releases/the-last-crossing/index.html"' in mirrored.read("node/17/index.html")
    assert "A person is in danger." in mirrored.read("releases/gone/index.html")


def test_what_only_a_server_answers_is_left_out(mirrored):
    page = mirrored.read("releases/wells/index.html")
    assert "oembed" not in page
    assert 'rel="search"' not in page
    assert 'type="module"' not in page
    assert 'name="topic"' not in mirrored.read("follow/index.html")


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('<a href="/topics/">', '<a href="../../topics/index.html">'),
        ('<a class="x" href="/topics/?utm_source=y#part">', '<a class="x" href="../../topics/index.html#part">'),
        ('<a href="http://site/topics">', '<a href="../../topics/index.html">'),
        ('<a href="?page=2">', '<a href="../../releases/page-2.html">'),
        ('<a href="/admin/">', '<a href="http://site/admin/">'),
        ('<a href="#n1">', '<a href="#n1">'),
        ('<a href="//elsewhere/x">', '<a href="//elsewhere/x">'),
        ('<a title="a > b" href="/topics/">', '<a title="a &gt; b" href="../../topics/index.html">'),
        ('<p>href="/topics/"</p>', '<p>href="/topics/"</p>'),
        ('<link rel="canonical" href="http://site/topics/">', '<link rel="canonical" href="http://site/topics/">'),
        ('<img src="/p/1.jpg" srcset="/p/1.jpg 240w, /p/2.jpg 480w">',
         '<img src="../../p/1.jpg" srcset="../../p/1.jpg 240w, ../../p/2.jpg 480w">'),
        ('<a href="/releases/%E6%B0%B4/">', '<a href="../../releases/%E6%B0%B4/index.html">'),
        ('<form action="/search/">', '<form action="../../search/index.html">'),
    ],
)  # fmt: skip
def test_a_link_is_made_relative_wherever_it_stands(written, made):
    files = {
        "/topics/": "topics/index.html", "/releases/?page=2": "releases/page-2.html", "/p/1.jpg": "p/1.jpg",
        "/p/2.jpg": "p/2.jpg", "/releases/水/": "releases/水/index.html", "/search/": "search/index.html",
    }  # fmt: skip
    links = Links(files, "http://site", "/static/", lambda path: None)
    html = links.page(written, path="/releases/x/" if "?page" not in written else "/releases/", root="../../")
    assert html.replace("a > b", "a &gt; b") == made


def test_a_name_that_no_disk_takes_is_shortened_and_stays_one_of_its_own(tmp_path):
    layout = mirrors.Mirrored(tmp_path)
    names = {layout.file_of(PublicAddress(f"/releases/{'ཀ' * 100}{end}/", "")) for end in "ཁག"}
    assert len(names) == 2
    assert all(len(part.encode()) <= 240 for name in names for part in name.split("/"))
    assert layout.file_of(PublicAddress("/releases/../", "")).startswith("releases/~")


# ------------------------------------------------------------------ feeds


def test_feeds_of_a_mirror_with_an_address_lead_there_and_keep_their_identifiers(mirrored):
    before = mirrored.read("feeds/releases.atom")
    mirrored(base="https://mirror.example/")
    feed = mirrored.read("feeds/releases.atom")
    assert 'href="https://mirror.example/releases/wells/index.html"' in feed
    assert re.findall("<id>.*?</id>", feed) == re.findall("<id>.*?</id>", before)
    assert 'href="../static/css/feed' in feed
    items = json.loads(mirrored.read("feeds/releases.json"))["items"]
    assert all(one["url"].startswith("https://mirror.example/") for one in items)


# ------------------------------------------------------------------ signature


def test_a_mirror_is_as_it_was_signed(mirrored):
    found = verify(mirrored.folder, PUBLIC)
    assert (found.sound, found.trusted, found.key) == (True, True, PUBLIC)


@pytest.mark.parametrize("name", ["index.html", "feeds/releases.rss", "mirror.json", "READ-ME.txt"])
def test_one_changed_byte_is_found(mirrored, name):
    content = bytearray((mirrored.folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (mirrored.folder / name).write_bytes(content)
    assert verify(mirrored.folder, PUBLIC).changed == [name]


def test_what_is_missing_or_added_is_found(mirrored):
    (mirrored.folder / "topics/index.html").unlink()
    (mirrored.folder / "releases/extra.html").write_text("Not ours")
    found = verify(mirrored.folder, PUBLIC)
    assert (found.changed, found.missing, found.added) == ([], ["topics/index.html"], ["releases/extra.html"])


def test_a_link_in_place_of_a_file_is_found(mirrored):
    page = mirrored.folder / "topics/index.html"
    shutil.copy(page, mirrored.folder.parent / "same.html")
    page.unlink()
    page.symlink_to(mirrored.folder.parent / "same.html")
    assert verify(mirrored.folder, PUBLIC).changed == ["topics/index.html"]


def test_a_manifest_that_was_changed_or_signed_by_another_is_refused(mirrored):
    stranger = Ed25519PrivateKey.generate()
    manifest = mirrored.folder / MANIFEST
    assert verify(mirrored.folder, signing.short(stranger.public_key())).unsigned
    (mirrored.folder / SIGNATURE).write_bytes(stranger.sign(manifest.read_bytes()))
    assert verify(mirrored.folder, PUBLIC).unsigned
    (mirrored.folder / SIGNATURE).write_bytes(KEY.sign(manifest.read_bytes()))
    manifest.write_bytes(manifest.read_bytes() + b"\n")
    assert verify(mirrored.folder, PUBLIC).unsigned


def test_sha256sum_and_openssl_check_a_mirror_too(mirrored, tmp_path):
    sums = [program("sha256sum", "coreutils"), "--check", "--quiet", "--strict", MANIFEST]
    subprocess.run(sums, cwd=mirrored.folder, check=True)
    (tmp_path / "key.pem").write_text(signing.public_pem(KEY))
    openssl = [
        program("openssl"),
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        str(tmp_path / "key.pem"),
        "-rawin",
    ]
    files = ["-in", str(mirrored.folder / MANIFEST), "-sigfile", str(mirrored.folder / SIGNATURE)]
    subprocess.run([*openssl, *files], check=True, capture_output=True)


def test_the_command_says_what_it_found_and_fails(mirrored, capsys):
    call_command("mirror", verify=mirrored.folder, key=PUBLIC)
    assert "as they were signed" in capsys.readouterr().out
    (mirrored.folder / "index.html").write_text("Other words")
    with pytest.raises(CommandError):
        call_command("mirror", verify=mirrored.folder, key=PUBLIC)
    assert "changed: index.html" in capsys.readouterr().err


def test_a_key_is_made_once_for_its_owner_alone(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    made = signing.make_key()
    assert signing.key_file().stat().st_mode & 0o777 == 0o600
    assert signing.public_pem(signing.load_key()) == signing.public_pem(made)
    with pytest.raises(signing.KeyProblem):
        signing.make_key()


# ------------------------------------------------------------------ changes


def test_a_second_run_touches_nothing(mirrored):
    before = {path: path.stat().st_mtime_ns for path in mirrored.folder.rglob("*") if path.is_file()}
    mirrored()
    assert {path: path.stat().st_mtime_ns for path in mirrored.folder.rglob("*") if path.is_file()} == before


def test_after_a_publication_only_what_it_changes_is_touched_and_all_is_signed(mirrored, small):
    before = {path: path.stat().st_mtime_ns for path in mirrored.folder.rglob("*") if path.is_file()}
    small.release("Just out", slug="just-out")
    mirrored()
    touched = {
        path.relative_to(mirrored.folder).as_posix()
        for path, date in before.items()
        if path.stat().st_mtime_ns != date
    }
    assert {"index.html", MANIFEST, SIGNATURE} <= touched
    untouched = (
        "releases/crossing-1/",
        "releases/wells/",
        "zh-hans/releases/水井/",
        "topics/bridges/",
        "static/",
        "pictures/",
    )
    assert not [name for name in touched if name.startswith(untouched)]
    assert "Just out" in mirrored.read("search-index/0-cards-0.js")
    assert verify(mirrored.folder, PUBLIC).sound


def test_what_was_withdrawn_is_in_no_byte_of_the_folder(mirrored, small):
    shown = secret(picture=small.picture(size=(260, 200)))
    release = small.release(TITLE, slug="soon-gone", **shown)
    mirrored()
    assert TITLE in mirrored.read("releases/soon-gone/index.html")
    workflow.withdraw(
        Release.objects.get(pk=release.pk), by=small.editor, notice="For safety.", hide_title=True
    )
    mirrored()
    assert "For safety." in mirrored.read("releases/soon-gone/index.html")
    assert told_in(mirrored, (TITLE, *WORDS, str(release.live.picture.uuid))) == []


def test_what_is_not_public_is_in_no_byte_of_the_folder(mirrored, small):
    """Drafts, drafts over live words, and what is under embargo, until its very moment; no address of the staff's."""
    small.draft(TITLE, slug="a-draft", picture=small.picture(size=(250, 210)), **secret())
    live = small.release("Plain words", slug="over-live")
    workflow.save_draft(live, workflow.Words(TITLE, **secret()), by=small.editor)
    due = timezone.now() + timedelta(days=2)
    small.release(TITLE, slug="not-yet", publish_at=due, **secret())
    mirrored()
    assert (
        told_in(
            mirrored,
            (TITLE, *WORDS, "a-draft", "not-yet", "/admin/", "/accounts/", "/preview/", "signing_key"),
        )
        == []
    )


def told_in(mirrored: Mirrorer, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """The files that hold any of these words, written plainly, escaped, or folded for the search."""
    forms = {word: {word, word.lower(), word.encode("unicode_escape").decode()} for word in words}
    return [
        (name, word)
        for name, content in mirrored.files().items()
        for word, written in forms.items()
        if name.endswith(
            (".html", ".js", ".json", ".rss", ".atom", ".xml", ".opml", ".txt", ".bib", ".ris", ".sha256")
        )
        if not name.startswith("static/")
        if any(form.encode() in content for form in written)
    ]


def test_a_mirror_ends_early_when_the_edition_changes_and_begins_again(mirrored, small, monkeypatch):
    render, seen = update.Renderer.render, []

    def publish_meanwhile(self, path, edition):
        if not seen:
            small.release("Meanwhile", slug="meanwhile")
        seen.append(path)
        return render(self, path, edition)

    small.release("First", slug="first-of-two")
    monkeypatch.setattr(update, "ASKED_EVERY", 0)
    monkeypatch.setattr(update.Renderer, "render", publish_meanwhile)
    mirrored()
    assert "Meanwhile" in mirrored.read("index.html")
    assert verify(mirrored.folder, PUBLIC).sound


# ------------------------------------------------------------------ search


def test_terms_are_words_without_accents_and_neighbours_in_scripts_without_spaces():
    assert list(search_index.terms("Café, WELLS 2026")) == ["cafe", "wells", "2026"]
    assert list(search_index.terms("人權與水")) == ["人", "权", "与", "水", "人权", "权与", "与水"]
    assert list(search_index.terms("བོད་ཡིག")) == ["བོད", "ཡིག"]
    assert list(search_index.terms("ئۇيغۇرچە")) == ["ئۇيغۇرچە".replace("ئ", "ي\u0654")]


def test_segments_stay_what_they_are_when_something_is_withdrawn(mirrored, small, monkeypatch):
    monkeypatch.setattr(search_index, "SEGMENT", 4)
    (mirrored.folder / "mirror.json").write_text("{}")
    more = [small.release(f"Number {number}", slug=f"number-{number}") for number in range(6)]
    mirrored()
    last = (mirrored.folder / "search-index/1-cards-0.js").read_bytes()
    workflow.withdraw(Release.objects.get(slug="wells"), by=small.editor, notice="Gone.")
    mirrored()
    assert (mirrored.folder / "search-index/1-cards-0.js").read_bytes() == last
    assert "wells" not in mirrored.read("search-index/0-cards-0.js")
    assert len(more) == 6
