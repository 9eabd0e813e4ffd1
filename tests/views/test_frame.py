"""What surrounds every public page: headers, feeds, languages, errors, and how little it asks of the database."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.cache import caches
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from releases import editions
from releases.reading import errors
from tests.languages.catalogue import CONTEXT, written
from tests.views.page import read, select

PAGES = ["/", "/releases/", "/topics/", "/topics/tibet/", "/follow/", "/releases/a-title/"]


@pytest.fixture
def pages(make_release, make_topic):
    make_release("A title", topics=[make_topic("Tibet")], notes=2)
    return PAGES


def test_public_pages_set_no_cookie_and_hold_no_token(client, pages):
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "csrf" not in answer.text
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.headers["Cache-Control"].startswith("public")


def test_public_pages_answer_nothing_but_reading(client, pages):
    for path in pages:
        assert client.post(path).status_code == 405


def test_public_pages_have_nothing_inline(client, pages):
    for path in pages:
        page = read(client.get(path))
        assert not page.xpath("//script[not(@src)][not(@type='application/ld+json')] | //style | //*[@style]")
        assert not [name for one in page.iter() for name in one.attrib if name.startswith("on")]


def test_every_page_names_the_feeds_of_everything(client, pages):
    for path in pages:
        page = read(client.get(path))
        found = {link.get("href") for link in select(page, "head link[rel=alternate][type]")}
        assert {"/feeds/releases.rss", "/feeds/releases.atom", "/feeds/releases.json"} <= found


def test_a_topic_page_names_its_own_feeds_first(client, pages):
    page = read(client.get("/zh-hans/topics/tibet/"))
    found = [link.get("href") for link in select(page, "head link[rel=alternate][type]")]
    assert found[0] == "/zh-hans/topics/tibet/feed.rss"
    assert "/zh-hans/feeds/releases.rss" in found
    assert client.get(found[0]).status_code == 200


def test_the_organisations_words_are_settings(client, db, settings):
    settings.NEWSROOM = {
        "name": "The Lantern Trust", "tagline": "We look.", "logo": "img/favicon.svg", "about": "Who we are.",
        "contact_email": "press@example.org", "copyright": "© us",
    }  # fmt: skip
    page = client.get("/").text
    for words in (
        "The Lantern Trust",
        "We look.",
        "img/favicon.svg",
        "Who we are.",
        "press@example.org",
        "© us",
    ):
        assert words in page


def test_an_empty_newsroom_of_one_language_has_no_switch_to_others(client, db, settings):
    settings.LANGUAGES = [("en", "English")]
    assert "nav-languages" not in client.get("/").text


def test_the_frame_speaks_the_addresss_language(client, db):
    assert "浏览主题" in client.get("/zh-hans/topics/").text
    assert "瀏覽主題" in client.get("/zh-hant/topics/").text
    assert "Explore topics" in client.get("/bo/topics/").text


def test_dates_are_written_as_the_frames_language_writes_them(client, make_release):
    make_release("報告", language="zh-hant", publish_at=datetime(2026, 6, 10, 12, tzinfo=UTC))
    assert "2026年6月10日 星期三" in client.get("/zh-hant/").text


def test_links_stay_in_the_language_of_the_address(client, make_topic):
    make_topic("Tibet")
    page = read(client.get("/ug/"))
    links = [a.get("href") for a in select(page, "nav.topic-index a")]
    assert links
    assert all(link.startswith("/ug/") for link in links)


def test_the_language_of_the_browser_changes_nothing(client, db):
    english = client.get("/", headers={"accept-language": "zh-hans"})
    assert "Explore topics" in english.text or "Latest" in english.text
    assert "Accept-Language" not in english.headers.get("Vary", "")


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_every_word_of_the_frame_is_translated(locale):
    entries = [one for one in written(locale, "django") if not one.plural]
    assert len(entries) > 50
    with translation.override(locale.replace("_", "-").lower()):
        for one in entries:
            context, _apart, words = one.key.rpartition(CONTEXT)
            said = translation.pgettext(context, words) if context else translation.gettext(words)
            assert said == one.forms[0] != "", "compile the catalogue again"


def test_no_word_of_the_public_templates_is_missing_from_the_catalogue():
    catalogue = (Path(site.BASE_DIR) / "locale/zh_Hans/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    templates = Path(site.BASE_DIR) / "templates"
    errors_ = [templates / f"{code}.html" for code in (400, 403, 404, 410, 500)]
    for file in [templates / "base.html", *errors_, *(templates / "releases").rglob("*.html")]:
        if file.name == "preview.html":  # staff read it, in the staff's language
            continue
        for words in re.findall(r"""\{% translate ["'](.+?)["'] ?(?:as \w+ )?%\}""", file.read_text("utf-8")):
            assert f'msgid "{words}"' in catalogue, file.name


# ---------------------------------------------------------------- errors


def test_a_missing_page_helps_the_reader_on(client, make_topic):
    make_topic("Tibet")
    answer = client.get("/zh-hant/nowhere/")
    assert answer.status_code == 404
    assert "這個網址沒有頁面" in answer.text
    for path in ("/zh-hant/", "/zh-hant/releases/", "/zh-hant/topics/", "/zh-hant/topics/tibet/"):
        assert f'href="{path}"' in answer.text


def test_a_missing_page_does_not_repeat_its_address(client, db):
    assert "quetzal" not in client.get("/releases/quetzal/").text


def test_a_fault_is_told_without_the_database(db):
    request = RequestFactory().get("/")
    with CaptureQueriesContext(connection) as asked:
        answers = [
            errors.failed(request),
            errors.forbidden(request, Exception()),
            errors.bad_request(request, Exception()),
        ]
    assert [answer.status_code for answer in answers] == [500, 403, 400]
    assert len(asked) == 0
    assert all("<h1>" in answer.text for answer in answers)


# ---------------------------------------------------------------- queries


def queries_of(client, path):
    """The first time in a process, and the second time without a page cache."""
    editions.forget_all()
    counts = []
    for _ in range(2):
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path, headers={"x": path}).status_code == 200
        counts.append(len(asked))
    return counts


EDITION = 1  # the page cache asks for it before anything else
ROWS = 1  # of a page of a list, with their live words and the keys of their topics
# Made once, and again when they change:
INDEX = 1  # all topics
LIST = 1  # the keys of all releases in the list
COUNTS = 1  # of each topic, of each month, of a topic in each year, of those that it shares releases with


@pytest.mark.parametrize(
    ("path", "once", "expected"),
    [
        ("/", INDEX + LIST, EDITION + ROWS),
        ("/topics/", INDEX + COUNTS, EDITION),
        ("/topics/tibet/", INDEX + LIST + COUNTS + COUNTS, EDITION + ROWS),
        ("/releases/", INDEX + LIST + COUNTS, EDITION + ROWS),
        (
            "/releases/release-1/",
            INDEX,
            EDITION + 1,
        ),  # the release with its words, its neighbours and translations
        ("/follow/", INDEX, EDITION),
    ],
)
def test_a_page_asks_as_much_of_the_database_at_two_releases_as_at_forty(
    client, make_release, make_topic, path, once, expected
):
    topics = [make_topic(name) for name in ("Tibet", "Youth", "Women")]
    for number in range(2):
        make_release(
            f"Release {number}",
            topics=topics,
            notes=1,
            publish_at=timezone.now() - timedelta(hours=number + 1),
        )
    few = queries_of(client, path)
    for number in range(2, 40):
        make_release(
            f"Release {number}",
            topics=topics,
            notes=1,
            publish_at=timezone.now() - timedelta(hours=number + 1),
        )
    assert few == queries_of(client, path) == [once + expected, expected]
