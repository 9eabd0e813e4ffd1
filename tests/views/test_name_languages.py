"""In a page whose language nobody has translated the frame into, each word says which language it is in."""

import re
from dataclasses import replace

import pytest

from releases import workflow
from releases.addresses import address
from releases.models import Release
from releases.workflow.words import words_of
from tests.browser.reading.conftest import cite
from tests.views.page import read

SAID = {"bo": "འདམ་བུ།", "ug": "قومۇشلۇق"}
LATIN = re.compile("[A-Za-z]{2,}")
# Addresses and names are in no language: what the newsroom is called, kinds of files, languages by their own names.
NAMES = re.compile(
    r"https?://\S+|\bwww\.\S+|Ledgerlight Observatory|RSS|Atom|JSON( Feed)?|English|BibTeX|RIS|CSL-|Text|\S+@\S+"
)


def pages(language, *, make_release, make_topic, make_picture, editor, settings):
    settings.PUBLIC_HISTORY = True
    said = SAID[language]
    topics = [make_topic("Land", names={language: said}), make_topic("Rule Of Law")]
    body = (
        f'<p>{said}{cite(1, "aaaa")} {said}{cite(1, "aaaa", "-2")}{cite(2, "bbbb")}</p><p><a href="https://example.org/">{said}</a></p>'
        f"<table><tbody><tr><th><p>{said}</p></th></tr></tbody></table>"
        f'<ol class="footnotes"><li id="fn-aaaa"><p>{said}</p></li><li id="fn-bbbb"><p>{said}</p></li></ol>'
    )
    words = {
        "language": language, "topics": topics, "body": body, "summary": said, "dateline": said,
        "picture": make_picture(), "picture_alt": said, "picture_caption": said,
    }  # fmt: skip
    make_release(said, slug="earlier", **words)
    release = make_release(said, slug="words", **words)
    make_release(said, slug="later", **words)
    other = make_release("A release", slug="other")
    workflow.tie(release, other, by=editor)
    changed = replace(words_of(release.live), title=f"{said} {said}")
    workflow.save_draft(Release.objects.get(pk=release.pk), changed, by=editor)
    workflow.correct(Release.objects.get(pk=release.pk), by=editor, note=said)
    workflow.withdraw(make_release(said, slug="gone", **words), by=editor, notice=said)

    def at(name, *args):
        return address(name, *args, language=language)

    return [
        at("front"), at("archive"), at("release", "words"), at("history", "words"), at("release", "gone"), at("topics"),
        at("topic", topics[0].slug), at("search"), f"{at('search')}?q={said}", at("follow"), f"{at('follow')}?topic={topics[0].slug}",
        at("front") + "nowhere/",
    ]  # fmt: skip


def tongue(node):
    """The language and direction that an element stands in."""
    spoken = node.xpath("ancestor-or-self::*[@lang][1]/@lang")[0]
    return spoken, node.xpath("ancestor-or-self::*[@dir][1]/@dir")[0]


def words_in(page):
    """Every piece of text that somebody reads or hears, with the element whose language it is in."""
    for node in page.iter():
        # A reference is one string in the language of its form, whatever it names.
        if (
            not isinstance(node.tag, str)
            or node.tag in {"script", "style"}
            or node.get("class") == "cite-words"
        ):
            continue
        if node.text:
            yield node, node.text
        if node.tail and node.getparent() is not None:
            yield node.getparent(), node.tail
        for name in ("aria-label", "title", "alt", "placeholder"):
            if node.tag != "link" and node.get(name):
                yield node, node.get(name)


@pytest.fixture(params=["bo", "ug"])
def shown(request, client, make_release, make_topic, make_picture, editor, settings):
    makers = {"make_release": make_release, "make_topic": make_topic, "make_picture": make_picture}
    return request.param, {
        path: read(client.get(path))
        for path in pages(request.param, **makers, editor=editor, settings=settings)
    }


def test_every_word_says_which_language_it_is_in(shown):
    language, read_pages = shown
    wrong = []
    for path, page in read_pages.items():
        for node, words in words_in(page.find("body")):
            said = NAMES.sub("", words)
            spoken, _ = tongue(node)
            if LATIN.search(said) and spoken != "en":
                wrong.append((path, node.tag, node.get("class"), words.strip()[:60], spoken))
            if (
                SAID[language] in said
                and spoken != language
                and node.tag not in {"title", "q", "option", "input"}
            ):
                wrong.append((path, node.tag, node.get("class"), words.strip()[:60], spoken))
    assert not wrong, "\n".join(map(str, wrong))


def test_a_page_whose_address_runs_to_the_left_has_a_frame_that_does(shown, client):
    language, read_pages = shown
    wanted = {"bo": "ltr", "ug": "rtl"}[language]
    for path, page in read_pages.items():
        assert (page.get("lang"), page.get("dir")) == ("en", wanted), path
    assert read(client.get("/")).get("dir") == "ltr"


def test_a_date_is_in_the_language_of_its_words(shown):
    _, read_pages = shown
    times = [time for page in read_pages.values() for time in page.iter("time")]
    assert times
    for time in times:
        assert LATIN.search(time.text)
        assert tongue(time)[0] == "en"
