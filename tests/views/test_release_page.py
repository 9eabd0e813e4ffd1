"""The page of a release: its words, dates, notes, topics, neighbours and translations; and where it is not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from releases import workflow
from releases.models import Release
from tests.views.page import read, select


def ago(**span):
    return timezone.now() - timedelta(**span)


def test_a_release_has_its_words_in_their_places(client, make_release):
    release = make_release(
        "A title & more", dateline="Sarrin", summary="In short.", body="<h2>Part</h2><p>Words.</p>"
    )
    page = read(client.get(release.get_absolute_url()))
    assert [h.text_content() for h in page.iter("h1")] == ["A title & more"]
    (article,) = select(page, "main#content article.release[lang=en][dir=ltr]")
    assert select(article, ".dateline")[0].text == "Sarrin"
    assert select(article, ".standfirst")[0].text == "In short."
    assert select(article, ".release-body h2")[0].text == "Part"
    assert select(article, "time[datetime]")


def test_the_first_links_of_a_page_skip_to_its_content_and_navigation(client, make_release):
    page = read(client.get(make_release().get_absolute_url()))
    assert [a.get("href") for a in select(page, "body a")[:2]] == ["#content", "#navigation"]
    assert select(page, "#content")
    assert select(page, "#navigation")


def test_every_citation_leads_to_its_note_and_back(client, make_release):
    page = read(client.get(make_release(notes=5).get_absolute_url()))
    citations = select(page, ".release-body a[role=doc-noteref]")
    assert [a.text_content() for a in citations] == ["[1]", "[2]", "[3]", "[4]", "[5]"]
    for citation in citations:
        (note,) = page.xpath("//li[@id=$id]", id=citation.get("href")[1:])
        (back,) = select(note, "a[role=doc-backlink]")
        assert back.get("href") == "#" + citation.get("id")


def test_two_notes_side_by_side_are_parted(client, make_release):
    marks = "".join(
        f'<sup class="footnote-ref"><a href="#fn-note{n}" id="fnref-note{n}">{n}</a></sup>' for n in (1, 2)
    )
    notes = "".join(f'<li id="fn-note{n}"><p>Source {n}.</p></li>' for n in (1, 2))
    release = make_release(body=f'<p>Claim{marks}.</p><ol class="footnotes">{notes}</ol>')
    page = read(client.get(release.get_absolute_url()))
    assert [mark.text_content() for mark in select(page, ".release-body sup.note-ref-next")] == ["[2]"]


def test_a_date_is_told_by_the_newsrooms_clock(client, make_release, settings):
    settings.TIME_ZONE = "Asia/Hong_Kong"
    release = make_release(publish_at=datetime(2026, 6, 9, 20, 0, tzinfo=UTC))
    assert (
        '<time datetime="2026-06-10T04:00:00+08:00">June 10, 2026</time>'
        in client.get(release.get_absolute_url()).text
    )


def test_the_description_is_the_summary(client, make_release):
    release = make_release(summary='She said "no".', body="<p>Words.</p>")
    page = read(client.get(release.get_absolute_url()))
    assert select(page, "meta[name=description]")[0].get("content") == 'She said "no".'


def test_the_description_is_how_the_text_begins_where_there_is_no_summary(client, make_release):
    page = read(client.get(make_release(notes=2).get_absolute_url()))
    assert select(page, "meta[name=description]")[0].get("content") == "Claim 1 of many. Claim 2 of many."


def test_its_topics_stand_in_the_indexs_order_and_are_marked_in_it(client, make_release, make_topic):
    topics = [make_topic(name) for name in ("Youth", "Land, Property, Housing", "Rule Of Law", "Torture")]
    page = read(client.get(make_release(topics=topics[:3]).get_absolute_url()))
    assert [a.text for a in select(page, ".release-topics a")] == [
        "Land, Property, Housing",
        "Rule Of Law",
        "Youth",
    ]
    assert [a.text for a in select(page, "nav.topic-index .of-this")] == [
        "Land, Property, Housing",
        "Rule Of Law",
        "Youth",
    ]


def test_the_neighbours_are_the_next_in_time_of_its_language(client, make_release):
    make_release("Much earlier", publish_at=ago(days=9))
    make_release("Earlier", publish_at=ago(days=5))
    release = make_release("This", publish_at=ago(days=4))
    make_release("在別處", language="zh-hant", publish_at=ago(days=3))
    make_release("Later", publish_at=ago(days=2))
    make_release("Much later", publish_at=ago(days=1))
    make_release("Embargoed", publish_at=timezone.now() + timedelta(days=1))
    page = read(client.get(release.get_absolute_url()))
    assert [a.text for a in select(page, ".neighbours a")] == ["Earlier", "Later"]


def test_releases_of_one_moment_are_each_others_neighbours(client, make_release):
    moment = ago(days=1)
    make_release("One", publish_at=moment)
    second, third = (make_release(name, publish_at=moment) for name in ("Two", "Three"))
    page = read(client.get(second.get_absolute_url()))
    assert [a.text for a in select(page, ".neighbours a")] == ["One", "Three"]
    assert [a.text for a in select(read(client.get(third.get_absolute_url())), ".neighbours a")] == ["Two"]


def test_translations_are_linked_in_their_own_names(client, make_release, editor):
    release = make_release("A report")
    others = [make_release("報告", language="zh-hant"), make_release("报告", language="zh-hans")]
    workflow.tie(release, *others, by=editor)
    page = read(client.get(release.get_absolute_url()))
    links = select(page, ".release-facts a[hreflang]")
    assert [(a.get("hreflang"), a.text) for a in links] == [("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
    assert [a.get("hreflang") for a in select(page, "head link[hreflang]")] == ["en", "zh-hans", "zh-hant"]
    assert client.get(links[0].get("href")).status_code == 200


def test_an_embargoed_translation_is_not_linked(client, make_release, editor):
    release = make_release("A report")
    later = make_release("報告", language="zh-hant", publish_at=timezone.now() + timedelta(days=1))
    workflow.tie(release, later, by=editor)
    assert "報告" not in client.get(release.get_absolute_url()).text
    assert not select(read(client.get(release.get_absolute_url())), ".release-facts a")


@pytest.mark.parametrize(
    ("language", "frame", "runs"),
    [
        ("en", "en", "ltr"),
        ("zh-hans", "zh-hans", "ltr"),
        ("zh-hant", "zh-hant", "ltr"),
        ("bo", "en", "ltr"),
        ("ug", "en", "rtl"),
    ],
)
def test_the_words_have_their_language_and_the_frame_its_own(client, make_release, language, frame, runs):
    release = make_release("Title", language=language)
    page = read(client.get(release.get_absolute_url()))
    assert (page.get("lang"), page.get("dir")) == (frame, runs)
    article = select(page, "article.release")[0]
    assert (article.get("lang"), article.get("dir")) == (language, runs)


def test_a_release_lives_under_its_own_language_alone(client, make_release):
    release = make_release("報告", language="zh-hant", slug="report")
    assert client.get("/zh-hant/releases/report/").status_code == 200
    assert client.get("/releases/report/").status_code == 404
    assert release.get_absolute_url() == "/zh-hant/releases/report/"


def test_a_changed_slug_leads_on_for_ever(client, make_release, editor):
    release = make_release(slug="first-name")
    workflow.readdress(release, slug="second-name", by=editor)
    workflow.readdress(release, slug="third-name", by=editor)
    for old in ("first-name", "second-name"):
        answer = client.get(f"/releases/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/releases/third-name/")


def test_a_withdrawn_release_says_so(client, make_release, editor):
    release = make_release("The wrong story", body="<p>Wrong words.</p>")
    workflow.withdraw(release, by=editor, notice="The letter was forged.\n\nWe are sorry.")
    answer = client.get(release.get_absolute_url())
    assert answer.status_code == 410
    assert "The letter was forged." in answer.text
    assert "Wrong words" not in answer.text
    assert "The wrong story" in answer.text  # which release it was; the words are gone


def test_what_was_withdrawn_before_its_time_never_was(client, make_release, monkeypatch):
    """Nobody saw it, so its address says the same as any that nothing stands at, after its time too."""
    release = make_release("Secret", publish_at=timezone.now() + timedelta(days=1))
    release.withdrawn_at, release.withdrawal_notice = timezone.now(), "Not to be said."
    release.save()
    assert client.get(release.get_absolute_url()).status_code == 404
    after = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: after)
    assert client.get(release.get_absolute_url()).status_code == 404
    assert not release.is_announced()
    assert not Release.objects.announced().exists()


def test_what_is_not_yet_published_cannot_be_told_from_what_never_was(
    client, make_release, make_draft, editor
):
    make_release(slug="embargoed", publish_at=timezone.now() + timedelta(hours=1))
    moved = make_release("Moved", slug="moved-once", publish_at=timezone.now() + timedelta(hours=1))
    workflow.readdress(moved, slug="moved-twice", by=editor)
    make_draft(slug="drafted")
    unknown = client.get("/releases/unknown/")
    assert unknown.status_code == 404
    del unknown.headers["X-Request-ID"]  # each answer has its own
    for slug in ("embargoed", "moved-once", "moved-twice", "drafted"):
        answer = client.get(f"/releases/{slug}/")
        assert answer.status_code == 404
        del answer.headers["X-Request-ID"]
        assert (answer.content, dict(answer.headers)) == (unknown.content, dict(unknown.headers))


def test_a_draft_over_live_words_is_not_seen(client, make_release, editor):
    release = make_release("Live", body="<p>Live words.</p>")
    workflow.save_draft(release, workflow.Words(title="Draft", body="<p>Draft words.</p>"), by=editor)
    html_now = client.get(release.get_absolute_url()).text
    assert "Live words." in html_now
    assert "Draft" not in html_now


def test_markup_in_a_title_is_only_words(client, make_release):
    release = make_release("<script>alert(1)</script>", summary="<b>x</b>")
    assert "<script>alert" not in client.get(release.get_absolute_url()).text
    assert "<script>alert" not in client.get("/").text


def test_a_page_without_notes_loads_no_script(client, make_release):
    page = read(client.get(make_release(notes=0).get_absolute_url()))
    # what describes the page to machines is data, which browsers do not run
    assert [script.get("type") for script in select(page, "script")] == ["application/ld+json"]
    assert "js/notes.js" in client.get(make_release(notes=1).get_absolute_url()).text
