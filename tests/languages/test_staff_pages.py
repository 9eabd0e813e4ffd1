"""Every staff page in every language of the frame: no English is left on it that is ours, and no place stays unfilled."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from lxml import html

from tests.languages.catalogue import LOCALES, written
from tests.leaks.newsroom import make
from tests.leaks.staff import asked, client_of

pytestmark = pytest.mark.django_db
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]{2,}")
# What people made: names of roles and people of the test's newsroom, and words of its texts. (The others look like q017zx.)
MADE = {"another-writer", "author", "chief", "editor", "no-role", "saver", "title", "the", "The", "was", "read", "example", "jpg"}  # fmt: skip
# What is called so in every language, and what stands for itself: keys, formats, settings, the organisation, its clock.
NAMES = " ".join([*settings.NEWSROOM.values(), *dict(settings.LANGUAGES).values()])
PROPER = {"Ctrl", "Alt", "Shift", "Esc", "New", "York", *WORD.findall(NAMES)}
# Django's own templates say these in English alone, and a library its models' names.
THEIRS = {"Search", "True", "False", "Task", "Result"}
# Machines read these: the detail of an event, a field's name where Django lists errors.
MACHINE = (
    "//*[contains(@class, 'field-detail')]",
    "//*[contains(concat(' ', @class, ' '), ' hidden ')]",
    "//script",
    "//style",
    "//textarea",
    "//code",
    "//*[@lang]",
)
SAID_IN = ("title", "aria-label", "placeholder", "alt", "value", "data-confirm")


@pytest.fixture(scope="module")
def world(module_makers):
    return make()


def said(page):
    """Everything that a page says to somebody: its text, and what is read out or shown of its attributes."""
    tree = html.fromstring(page)
    tree.attrib.pop("lang", None)
    for way in MACHINE:
        for one in tree.xpath(way):
            if one.getparent() is not None:
                one.drop_tree()
    yield from tree.itertext()
    for one in tree.iter():
        for name, value in one.attrib.items():
            sentence = name.startswith("data-") and " " in value.strip()
            if (
                name in SAID_IN
                and not (name == "value" and (one.tag, one.get("type")) != ("input", "submit"))
            ) or (sentence and not value.startswith(("{", "["))):
                yield value


def unfilled(text):
    return re.findall(r"%\(\w+\)s|%[sd]\b(?!\w)|\{\w+\}", text)


def in_latin_letters(locale):
    forms = [words for one in written(locale, "django") for words in one.forms]
    return sum(bool(WORD.search(re.sub(r"%\(\w+\)s|<[^>]*>", "", words))) for words in forms) > len(forms) / 2


def test_the_walk_knows_which_languages_it_can_judge():
    assert {"zh_Hans", "zh_Hant"} <= set(OTHER_LETTERS)


# Among Latin words nothing tells English ones: there the catalogue's tests must do.
OTHER_LETTERS = [locale for locale in LOCALES if not in_latin_letters(locale)]


# By default in one of them: that each catalogue holds every sentence is a test of the catalogues (`test_catalogue`).
WALKED = [
    pytest.param(one, marks=pytest.mark.deep) if number else one for number, one in enumerate(OTHER_LETTERS)
]


@pytest.mark.parametrize("locale", WALKED)
def test_no_english_is_left_on_a_staff_page(world, locale):
    language = locale.replace("_", "-").lower()
    known = {word for domain in ("django", "djangojs") for one in written(locale, domain) for words in one.forms for word in WORD.findall(words)} | MADE | PROPER | THEIRS  # fmt: skip
    client = client_of(world, "chief")
    left, broken, seen = {}, {}, 0
    for path in dict.fromkeys(urlsplit(path).path for path in asked(questions=False)):
        answer = client.get(path, headers={"accept-language": language})
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        if not answer.content or path.endswith("/preview/"):  # readers' page, in the language of the release
            continue
        seen += 1
        assert answer.status_code < 500, path
        for text in said(answer.content.decode()):
            for word in WORD.findall(re.sub(r"\S*(?:[/@#]|\.\w)\S*|\bq\d{3}zx\b|\b[0-9a-f]{8}\b", " ", text)):
                if word not in known:
                    left.setdefault(f"{word}: {' '.join(text.split())[:80]}", path)
            if unfilled(text):
                broken.setdefault(text.strip(), path)
    assert not left, "\n".join(f"{path} {words}" for words, path in left.items())
    assert not broken, "\n".join(f"{path} {words}" for words, path in broken.items())
    assert seen > 100


def test_the_walk_would_find_english():
    page = '<html lang="zh-hans"><body><p title="Tell me">Publish 发布</p><input type="submit" value="Save"></body></html>'
    assert [text.strip() for text in said(page) if text.strip()] == ["Publish 发布", "Tell me", "Save"]
    assert settings.FRAME_LANGUAGES
