"""A complete copy of the public site that works anywhere: from a disk, from any web server, without scripts; signed."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.utils import timezone

from releases import signing
from releases.models import Release
from releases.static_site import disk
from releases.static_site.bake import bring_up_to_date, own_folder
from releases.static_site.inventory import PublicAddress, static_files
from releases.static_site.links import Links, named_in
from releases.static_site.manifest import MANIFEST, SIGNATURE, digest_of, write_manifest
from releases.static_site.rendering import NOTHING, Rendered
from releases.static_site.search_index import FOLDER, SearchIndex
from releases.static_site.state import State, locked
from releases.static_site.update import Counts, reconcile

ABOUT, WORDS = "mirror.json", "READ-ME.txt"
# Cards are what other sites show for the site's own address. Sitemaps, robots.txt and the API are for programs that ask the site.
NOT_HERE = frozenset(
    {
        "site:card", "site:sitemap", "site:sitemap_pages", "site:sitemap_releases", "site:sitemap_news", "site:robots",
        "site:api", "site:openapi", "releases:opensearch",
    }
)  # fmt: skip
NOT_FOUND = PublicAddress("/404.html", "not found", 404)
# What stays of a name that no disk takes, in bytes; a digest follows.
SHORTENED = 180
READ_ME = """\
This folder is a complete copy of {name}, {site}

Open index.html in any browser. Nothing else is needed, no network and no script.

Every file is named in MANIFEST.sha256, which is signed. To find any change since then, in this folder:

    sha256sum --check --quiet MANIFEST.sha256
    openssl pkeyutl -verify -pubin -inkey .well-known/newsroom-key.pem -rawin -in MANIFEST.sha256 -sigfile MANIFEST.sha256.sig

Do not trust the key from this folder: whoever changed it could have put in another one. Take it from the site itself, from
another mirror, or from somebody you know. This is the key that was used here, in one line:

    {key}

Where else this copy can be found, also signed: .well-known/newsroom-mirrors.json
"""


class Mirrored:
    """The layout of a mirror. `base` is its own whole address with a slash at the end, where it has one: feeds lead to it."""

    offline = True

    def __init__(self, root: Path, base: str = "") -> None:
        self.root, self.base = root, base
        self.files: dict[str, str] = {}
        self.static = static_files()
        self._copied: dict[str, str | None] = {}
        self.links = Links(self.files, settings.SITE_URL, settings.STATIC_URL, self._asset)

    def begin(self, addresses: Sequence[PublicAddress]) -> list[PublicAddress]:
        """Everything but `NOT_HERE`; of two addresses that would have one file the first."""
        self.files.clear()
        taken: set[str] = set()
        found = []
        for one in (*addresses, NOT_FOUND):
            if one.name not in NOT_HERE and (file := self.file_of(one)) not in taken:
                taken.add(file)
                self.files[unquote(one.path)] = file
                found.append(one)
        return found

    def file_of(self, one: PublicAddress) -> str:
        """The path as it is, with `index.html` where it ends in a slash; what stands behind a question mark comes into the name:
        `/topics/water/?year=2026&page=2` is `topics/water/year-2026-page-2.html`."""
        path, _mark, query = one.path.partition("?")
        *folders, last = [_short(part) for part in unquote(path).removeprefix("/").split("/")]
        if one.status == 301 and last and not last.endswith((".htm", ".html", ".rss", ".atom", ".json")):
            folders, last = [*folders, last], ""
        stem, dot, ending = (last or "index.html").rpartition(".")
        if query:
            asked = query.replace("=", "-").replace("&", "-")
            stem = asked if not last else f"{stem}-{asked}"
        return "/".join((*folders, f"{stem}{dot}{ending}"))

    def content_of(self, one: PublicAddress, render: Callable[[], Rendered]) -> Rendered | None:
        """What Django answers, with links from file to file; for a former address a page that leads on."""
        file = self.files[unquote(one.path)]
        root = "/" if one is NOT_FOUND else "../" * file.count("/")
        if one.status == 301:
            return self._leads_on(one, file, root)
        made = render()
        if made.status != one.status:
            return None
        body, parts = made.body, made.parts
        if file.endswith(".html"):
            body = self.links.page(body.decode(), path=one.path, root=root).encode()
        elif one.name in {"releases:feed", "releases:topic_feed", "releases:opml"}:
            body = self.links.feed(body.decode(), base=self.base, root=root).encode()
        elif one.name == "site:picture":
            parts = NOTHING
        return Rendered(made.status, made.headers, body, parts)

    def _leads_on(self, one: PublicAddress, file: str, root: str) -> Rendered | None:
        target = self.links.link(one.target, one.path, root)
        if not file.endswith((".html", ".htm")):
            # Programs read these, and follow no page: the feed itself, as it was at this address.
            source = self.root / self.files.get(unquote(one.target), "")
            return (
                Rendered(200, {}, source.read_bytes(), frozenset({"everything"}))
                if source.is_file()
                else None
            )
        html = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(unquote(one.target))}</title>\n'
            f'<meta http-equiv="refresh" content="0; url={escape(target)}">\n'
            f'<link rel="canonical" href="{escape(settings.SITE_URL + one.target)}"></head>\n'
            f'<body><p><a href="{escape(target)}">{escape(unquote(one.target))}</a></p></body></html>\n'
        )
        return Rendered(200, {}, html.encode(), NOTHING)

    def forms_of(self, file: str, content: bytes) -> dict[str, bytes]:
        """As it is."""
        return {"": content}

    def is_extra(self, file: str) -> bool:
        """What is written at the end of a run, and what pages need to be shown."""
        return file in {ABOUT, WORDS, MANIFEST, SIGNATURE} or file.startswith(
            (settings.STATIC_URL.removeprefix("/"), f"{FOLDER}/")
        )

    def _asset(self, path: str) -> str | None:
        """Copies a static file, and what it names, into the folder; None where there is none of that name."""
        if path not in self._copied:
            source, name = self.static.get(path), path.removeprefix("/")
            self._copied[path] = name if source else None
            if source:
                content = source.read_bytes()
                if not (self.root / name).is_file() or (self.root / name).read_bytes() != content:
                    disk.write(self.root, name, {"": content})
                for named in named_in(content.decode()) if name.endswith(".css") else ():
                    self._asset(os.path.normpath(f"{os.path.dirname(path)}/{named}"))
        return self._copied[path]


def _short(part: str) -> str:
    """A part of a path as a disk takes it."""
    written = part.encode()
    if part in {".", ".."} or len(written) > disk.NAME_LENGTH:
        kept = written[:SHORTENED].decode(errors="ignore").strip(".")
        return f"{kept}~{hashlib.sha256(written).hexdigest()[:12]}"
    return part


def mirror(
    root: Path,
    *,
    key: signing.Key,
    base: str = "",
    jobs: int | None = None,
    said: Callable[[str], None] = lambda line: None,
) -> Counts:
    """Bring a mirror to the newest edition and sign it. Raises `Busy` and `NotOurs`."""
    with locked(root):
        own_folder(root, ABOUT, "{}\n")
        layout, state = Mirrored(root, base), State(root)
        try:
            if state.fact("base") != base:
                state.expire()
                state.remember("base", base)
            reconcile(layout, state)
            counts = bring_up_to_date(layout, state, jobs=jobs, said=said)
            if counts.files or not (root / MANIFEST).is_file():
                _finish(layout, state, counts, key)
            return counts
        finally:
            state.close()


def _finish(layout: Mirrored, state: State, counts: Counts, key: signing.Key) -> None:
    root = layout.root
    SearchIndex(root, state.rows, layout.files).update()
    about = {
        "site": settings.SITE_URL,
        "name": settings.NEWSROOM["name"],
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "edition": counts.edition.name,
        "languages": [code for code, _name in settings.LANGUAGES],
        "releases": Release.objects.visible().count(),
    }
    disk.write(root, ABOUT, {"": f"{json.dumps(about, ensure_ascii=False, indent=1)}\n".encode()})
    words = READ_ME.format(
        name=settings.NEWSROOM["name"], site=settings.SITE_URL, key=signing.short(key.public_key())
    )
    _write_once(root, WORDS, words)
    pages = {page.file: page.digest for page in state.pages().values()}
    others = (name for name, _length in disk.files_in(root) if name not in pages)
    digests: Mapping[str, str] = pages | {
        name: digest_of(root / name) for name in others if name not in {MANIFEST, SIGNATURE}
    }
    write_manifest(root, digests, key)


def _write_once(root: Path, name: str, words: str) -> None:
    if not (root / name).is_file() or (root / name).read_text("utf-8") != words:
        disk.write(root, name, {"": words.encode()})
