"""A stranger who follows every link of the site and guesses every address, and what he was told."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, unquote, unquote_plus, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve
from django.utils import translation

from releases.models import Picture, Release
from releases.pictures import MASTER, names_of

TITLE, WORD, SOURCE, TOPIC, SUMMARY = (
    "Quillonar Verdict", "zanthorpe", "Brickfield Archive", "Umbershade", "Vexilline",
)  # fmt: skip
NOTE, SLUG, PLACE, ALT, CAPTION = "embargo7", "grelloway-yard", "Pendlemire", "Hollinmere", "Oskelton"
BODY = (
    f'<p>The {WORD} was read<sup class="footnote-ref"><a href="#fn-{NOTE}" id="fnref-{NOTE}">1</a></sup>.</p>'
    f'<ol class="footnotes"><li id="fn-{NOTE}"><p>{SOURCE}, <a href="https://tarnbeck.example/">p. 9</a>.</p></li></ol>'
)
WORDS = (TITLE, WORD, SOURCE, SUMMARY, NOTE, PLACE, ALT, CAPTION, "tarnbeck.example")
KINDS = ("rss", "atom", "json")
TONGUES = "language=en&language=zh-hans"
LANGUAGES = ("", "/zh-hans", "/zh-hant", "/bo", "/ug")
START = (
    *(f"{prefix}{path}" for prefix in LANGUAGES for path in (
        "/", "/releases/", "/topics/", "/follow/", "/privacy/", "/securedrop/", "/search/", "/search/opensearch.xml", "/feeds/topics.opml",
    )),
    *(f"{prefix}/feeds/releases.{kind}" for prefix in LANGUAGES for kind in KINDS),
    *(f"/feeds/releases.{kind}?page={number}" for kind in KINDS for number in (1, 2)),
    "/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/releases-1.xml", "/sitemaps/news.xml", "/robots.txt", "/healthz",
    "/readyz", "/api/releases.json", "/api/openapi.json", "/favicon.ico", "/accounts/login/", "/nowhere/",
)  # fmt: skip
# In these nobody may know that it is; in the others of its words nothing.
UNKNOWN = (
    "draft", "submitted", "approved", "scheduled", "scheduled with a draft", "withdrawn before its time",
)  # fmt: skip
KNOWN = ("draft over live", "returned and rewritten", "replaced before its time", "withdrawn")
STATES = (*UNKNOWN, *KNOWN)
MOST = 1500


def secret(**more: object) -> dict[str, object]:
    """The words of what nobody may see, for the makers of releases."""
    if more.get("picture"):
        more |= {"picture_alt": f"{ALT}.", "picture_caption": f"{CAPTION}."}
    return {"body": BODY, "summary": f"{SUMMARY} summary.", "dateline": PLACE, **more}


def guesses(release: Release, topic: str) -> list[str]:
    """Addresses that somebody might try who knows, or guesses, what is coming."""
    slug, uuid, day = release.slug, release.uuid, release.publish_at
    page = f"{release.get_absolute_url()}"
    revisions = [revision.pk for revision in release.revisions.all()]
    dated = (
        [f"/releases/{day:%Y}/", f"/releases/{day:%Y}/{day:%m}/", f"/topics/{topic}/?year={day:%Y}"]
        if day
        else []
    )
    return [
        page, page.rstrip("/"), f"{page}history/", f"{page}?preview=1", f"/zh-hans{page}", f"/en{page}", *dated,
        *(f"{page}cite.{kind}" for kind in ("txt", "bib", "ris", "json")),
        *(f"{prefix}/topics/{topic}/" for prefix in LANGUAGES), f"/topics/{topic}/?page=1", f"/topics/{topic}/?page=2",
        *(f"{prefix}/topics/{topic}/feed.{kind}" for prefix in LANGUAGES for kind in KINDS),
        *(f"/topics/{topic}/feed.{kind}?page=1" for kind in KINDS),
        *(f"/feeds/releases.{kind}?topic={topic}" for kind in KINDS),
        *(f"/feeds/releases.{kind}?topic=shared&topic={topic}" for kind in KINDS),
        *(f"/feeds/releases.{kind}?topic=shared&topic={topic}&page=1" for kind in KINDS),
        *(f"{prefix}/feeds/releases.{kind}?{TONGUES}" for prefix in LANGUAGES for kind in KINDS),
        *(f"/feeds/releases.{kind}?{TONGUES}&topic={topic}" for kind in KINDS),
        f"/follow/?topic={topic}&topic=shared", f"/follow/?{TONGUES}&topic={topic}",
        f"/api/releases.json?q={WORD}", f"/api/releases.json?topic={topic}", f"/api/releases.json?uuid={uuid}",
        f"/api/releases.json?after={uuid}", "/api/releases.json?limit=1",
        f"/oembed.json?url={quote('http://testserver' + page)}",
        *(f"/pictures/cards/{uuid}-{number}.png" for number in range(4)),
        *(f"/search/?q={quote(words)}" for words in (*WORDS, TOPIC, slug, str(uuid), WORD[:5], f'"{SOURCE}"')),
        f"/search/?topic={topic}", f"/search/?q=out&topic={topic}", f"/zh-hans/search/?q={WORD}",
        *(f"/search/feed.{kind}?q={WORD}" for kind in KINDS), f"/search/feed.rss?topic={topic}",
        *(f"/search/suggest?q={words[:4]}" for words in (*WORDS, TOPIC)),
        f"/preview/{uuid}/", f"/preview/{release.pk}/", f"/releases/{release.pk}/", f"/releases/{uuid}/",
        *(f"/preview/{pk}/" for pk in revisions),
        *(f"/admin/releases/release/{release.pk}/{verb}/" for verb in ("change", "preview", "history", "delete")),
        *(f"/admin/releases/revision/{pk}/change/" for pk in revisions),
        *files_of(release), f"/preview/{uuid}/{MASTER}", f"/preview/{release.pk}/400.jpg",
        "/admin/", "/admin/releases/release/", "/admin/releases/release/calendar/", "/admin/jsi18n/",
        *(f"/sitemaps/releases-{number}.xml" for number in (0, 1, 2)),
    ]  # fmt: skip


def files_of(release: Release) -> list[str]:
    """The files of every picture that any of its revisions has."""
    pictures = Picture.objects.filter(revisions__release=release).distinct()
    return [
        f"/pictures/{picture.uuid}/{name}"
        for picture in pictures
        for name in (*names_of(picture.width), MASTER)
    ]


@dataclass(frozen=True)
class Answer:
    """What was said to a stranger: status, headers and body, pictures as their kind and size alone."""

    status: int
    headers: str
    body: str

    @property
    def text(self) -> str:
        return f"{self.headers}\n{self.body}"


def ask(client: Client, path: str) -> Answer:
    """One question."""
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    picture = "image/" in answer.headers.get("Content-Type", "")
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
    return Answer(answer.status_code, headers, f"picture of {len(body)}" if picture else body.decode("utf-8"))


def crawl(start: list[str] | tuple[str, ...], *, most: int = MOST, follow: bool = True) -> dict[str, Answer]:
    """Follow every link of the site from `start`, logged out; or ask for these addresses alone."""
    client, waiting, answers = Client(), list(start), {}
    while waiting and len(answers) < most:
        path = waiting.pop(0)
        if path in answers:
            continue
        answers[path] = answer = ask(client, path)
        for link in links_in(answer) if follow else ():
            parts = urlsplit(urljoin(f"http://testserver{path}", link))
            inside = parts.netloc == "testserver" and not parts.path.startswith(
                ("/static/", "/accounts/", "/admin/")
            )
            # Every search leads to ever narrower ones: those of the first page are followed, not theirs.
            if inside and not ("/search/" in path and parts.path.endswith("/search/")):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    assert not waiting, "the crawl was cut short"
    return answers


def kind_of(path: str) -> str:
    """The name of the address's pattern in the urlconf; "" where none fits."""
    plain = unquote(urlsplit(path).path)
    prefix = plain.lstrip("/").partition("/")[0]
    known = prefix in dict(settings.LANGUAGES)
    with translation.override(prefix if known else settings.LANGUAGE_CODE):
        try:
            return resolve(plain).view_name
        except Resolver404:
            return ""


def public_kinds(*, of: frozenset[str] = frozenset()) -> set[str]:
    """The names of all public patterns of the urlconf; of those alone that hold one of these arguments, if any are named."""
    found: set[str] = set()

    def walk(patterns: list, path: str = "", space: str = "") -> None:
        for one in patterns:
            route = path + str(one.pattern).lstrip("^")
            if route.startswith(("admin/", "accounts/", "favicon.ico")):
                continue
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, route, f"{one.namespace}:" if one.namespace else space)
            elif not of or of & set(one.pattern.converters):
                found.add(f"{space}{one.name}")

    walk(get_resolver().url_patterns)
    return found


def links_in(answer: Answer) -> list[str]:
    """In pages, feeds, sitemaps, the API, the OPML, and in headers."""
    patterns = (
        r'(?:href|src|xmlUrl|htmlUrl|template|content|url)="((?:https?:/)?/[^"#]*)',
        r"<(?:loc|link|id|url)>([^<#]+)<",
        r"^(?:Location|Content-Location): (\S+)",
        r"<(http://testserver[^>#]*)>;",
        r'"(http://testserver[^"#]*)"',
    )
    found = [one for pattern in patterns for one in re.findall(pattern, answer.text, re.MULTILINE)]
    return [unescape(one) for one in found if "{" not in one]


def told(answers: dict[str, Answer], secrets: list[str]) -> list[tuple[str, int, str]]:
    """Where a secret is told that was not in the question itself."""
    found = []
    for path, answer in answers.items():
        question, said = unquote_plus(path).lower(), unquote_plus(answer.text).lower()
        found += [
            (path, answer.status, one)
            for one in secrets
            if one.lower() in said and one.lower() not in question
        ]
    return found


def broken(answers: dict[str, Answer]) -> list[str]:
    """What was answered by an error of ours."""
    return [path for path, answer in answers.items() if answer.status >= 500]
