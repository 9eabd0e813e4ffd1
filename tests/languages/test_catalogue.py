"""The catalogues are whole, say the same as what is compiled of them, and lack nothing that is asked of them."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.languages.catalogue import (
    DOMAINS,
    LOCALES,
    ROOT,
    asked_by_code,
    asked_by_scripts,
    compiled,
    placeholders,
    unreadable,
    written,
)

CATALOGUES = [(locale, domain) for locale in LOCALES for domain in DOMAINS]


def missing(asked, domain):
    found = {}
    for locale in LOCALES:
        known = {entry.key for entry in written(locale, domain)}
        for key, path in asked:
            if key and key not in known:
                found[key] = str(path.relative_to(ROOT))
    return found


def test_each_language_of_the_frame_has_a_catalogue_and_no_other_has():
    frames = {code for code in settings.FRAME_LANGUAGES if code != "en"}
    assert {locale.replace("_", "-").lower() for locale in LOCALES} == frames


@pytest.mark.parametrize(("locale", "domain"), CATALOGUES)
def test_every_entry_is_translated_and_no_translation_is_a_guess(locale, domain):
    entries = written(locale, domain)
    assert len(entries) > 100
    assert [one.key for one in entries if not one.forms or not all(one.forms)] == []
    assert [one.key for one in entries if "fuzzy" in one.flags or "obsolete" in one.flags] == []
    assert len({one.key for one in entries}) == len(entries)


@pytest.mark.parametrize("domain", DOMAINS)
def test_all_languages_translate_the_same_entries(domain):
    assert len({frozenset(one.key for one in written(locale, domain)) for locale in LOCALES}) == 1


@pytest.mark.parametrize(("locale", "domain"), CATALOGUES)
def test_what_is_compiled_says_what_is_written(locale, domain):
    said = {}
    for one in written(locale, domain):
        if one.plural:
            said |= {(one.key, number): words for number, words in enumerate(one.forms)}
        else:
            said[one.key] = one.forms[0]
    assert compiled(locale, domain) == said, "compile the catalogues again: make messages"


@pytest.mark.parametrize(("locale", "domain"), CATALOGUES)
def test_a_translation_has_the_places_of_the_original(locale, domain):
    wrong = [
        (one.key, words)
        for one in written(locale, domain)
        for words in one.forms
        if placeholders(words) not in (placeholders(one.key), placeholders(one.plural or one.key))
    ]
    assert wrong == []


def test_nothing_that_python_and_templates_ask_for_is_missing():
    assert missing(list(asked_by_code()), "django") == {}, "make messages, then translate"


def test_nothing_that_scripts_ask_for_is_missing():
    assert missing(list(asked_by_scripts()), "djangojs") == {}, "make messages, then translate"


@pytest.mark.parametrize(("asked", "domain"), [(asked_by_code, "django"), (asked_by_scripts, "djangojs")])
def test_the_catalogues_hold_nothing_that_is_asked_for_no_more(asked, domain):
    known = {key for key, _path in asked()}
    assert [one.key for one in written(LOCALES[0], domain) if one.key not in known] == [], "make messages"


def test_makemessages_can_read_every_call():
    # These pass on what another line names to makemessages.
    passing_on = ("releases/languages.py", "newsroom/flat_templates/__init__.py", "static/js/words.js")
    assert [one for one in unreadable() if not one.startswith(passing_on)] == []


def test_no_catalogue_names_a_place_in_the_code(tmp_path: Path):
    for locale, domain in CATALOGUES:
        text = (ROOT / "locale" / locale / "LC_MESSAGES" / f"{domain}.po").read_text(encoding="utf-8")
        assert "\n#: " not in text, "places move with every change: make messages leaves them out"


@pytest.mark.parametrize("language", [code for code in settings.FRAME_LANGUAGES if code != "en"])
def test_a_feed_in_a_browser_says_what_it_is_in_each_language_of_the_frame(language):
    sheet = (ROOT / "static/css/feed.css").read_text(encoding="utf-8")
    assert f"feed:lang({language}) > title::before" in sheet
    assert f":lang({language}) > channel > title::before" in sheet
