"""Withdrawn words stay withdrawn: what the notice says, and what readers see of a release that has come back."""

import importlib
import json
from dataclasses import replace
from io import StringIO

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import Client

from releases import workflow
from releases.addresses import address
from releases.models import Correction, Event, Release
from releases.reading.release import published_texts
from releases.workflow.words import words_of
from tests.views.page import read, select

pytestmark = pytest.mark.django_db
OLD, FIXED, NOTE, BACK = "quetzalword", "ocelotword", "tapirword", "heronword"


def public_addresses(release, client):
    """Every address under which something of a release may stand, with the history that it names."""
    of = [address(name, language="en") for name in ("front", "archive", "search")]
    of += [address("feed", kind, language="en") for kind in ("rss", "atom", "json")]
    of += [address("cite", release.slug, kind, language="en") for kind in ("txt", "json")]
    of += [release.get_absolute_url(), address("history", release.slug, language="en"), "/api/releases.json"]
    of += [f"{address('search', language='en')}?q={word}" for word in (OLD, FIXED, NOTE)]
    return of


@pytest.fixture
def gone(make_release, editor, settings):
    """A release that was corrected and then withdrawn; both texts were public."""
    settings.PUBLIC_HISTORY = True
    release = make_release("The report", slug="report", body=f"<p>A {OLD} was seen.</p>", summary="In short.")
    changed = replace(words_of(release.live), body=f"<p>A {FIXED} was seen.</p>")
    workflow.save_draft(release, changed, by=editor)
    release = workflow.correct(Release.objects.get(), by=editor, note=f"Not a {OLD}: a {NOTE}.")
    return workflow.withdraw(release, by=editor, notice="It endangered somebody.")


def said(client, release, *, words):
    """The addresses at which one of the words stands. A search repeats what was asked: of it the list is read."""
    found = {}
    for path in public_addresses(release, client):
        answer = client.get(path)
        hits = read(answer).xpath("//ol[contains(@class, 'hits')]") if "q=" in path else []
        text = "".join(one.text_content() for one in hits) if "q=" in path else answer.content.decode()
        for word in words:
            if word in text:
                found.setdefault(word, []).append(path)
    return found


def test_published_again_with_the_same_text_only_that_text_is_public(client, gone, editor):
    workflow.publish(gone, by=editor)
    assert said(client, gone, words=[OLD, NOTE]) == {}
    assert gone.get_absolute_url() in said(client, gone, words=[FIXED])[FIXED]
    assert [one.revision.body for one in published_texts(Release.objects.get())] == [
        f"<p>A {FIXED} was seen.</p>"
    ]


def test_published_again_with_a_new_text_nothing_of_before_is_public(client, gone, editor):
    workflow.save_draft(gone, replace(words_of(gone.live), body=f"<p>A {BACK} was seen.</p>"), by=editor)
    workflow.publish(Release.objects.get(), by=editor)
    assert said(client, gone, words=[OLD, FIXED, NOTE]) == {}
    assert gone.get_absolute_url() in said(client, gone, words=[BACK])[BACK]


def test_what_follows_the_return_has_a_history_again(client, gone, editor):
    workflow.publish(gone, by=editor)
    release = Release.objects.get()
    workflow.save_draft(
        release, replace(words_of(release.live), body=f"<p>A {BACK} was seen.</p>"), by=editor
    )
    workflow.correct(Release.objects.get(), by=editor, note="A new kind.")
    assert len(published_texts(Release.objects.get())) == 2
    assert "A new kind." in client.get(gone.get_absolute_url()).text
    assert said(client, gone, words=[OLD, NOTE]) == {}


def test_a_second_withdrawal_is_a_border_too(client, gone, editor):
    release = workflow.publish(gone, by=editor)
    release = workflow.withdraw(release, by=editor, notice="Once more.")
    workflow.save_draft(
        release, replace(words_of(release.live), body=f"<p>A {BACK} was seen.</p>"), by=editor
    )
    workflow.publish(Release.objects.get(), by=editor)
    assert said(client, gone, words=[OLD, FIXED, NOTE]) == {}


def test_the_border_holds_for_what_came_back_before_there_was_one(client, gone, editor):
    back = workflow.publish(gone, by=editor).back_since
    Release.objects.update(back_since=None)
    assert OLD in said(client, gone, words=[OLD])
    migration = importlib.import_module("releases.migrations.0017_borders")
    migration.draw(apps, connection)
    assert Release.objects.get().back_since == back
    caches["pages"].clear()  # an upgrade ends with `rebuild_words`, which raises the edition
    assert said(Client(), gone, words=[OLD, NOTE]) == {}


@pytest.mark.parametrize("older", [False, True], ids=["export", "older export"])
def test_the_border_goes_with_an_export(gone, editor, tmp_path, older):
    back = workflow.publish(gone, by=editor).back_since
    call_command("export_releases", tmp_path / "out", stdout=StringIO())
    lines = next((tmp_path / "out").glob("*.jsonl"))
    if older:
        rows = [json.loads(line) for line in lines.read_text().splitlines()]
        for row in rows:
            row.pop("back_since", None)
            row.pop("withdrawal_hides_title", None)
        lines.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    uuid = gone.uuid
    _empty()
    call_command("import_releases", tmp_path / "out", stdout=StringIO(), stderr=StringIO())
    release = Release.objects.get(uuid=uuid)
    assert release.back_since == back
    assert release.public_corrections() == []
    assert Correction.objects.filter(release=release).exists()


def _empty():
    from releases.migrations import _guards as guards

    with connection.cursor() as cursor:
        for statement in guards.removals(connection):
            cursor.execute(statement)
        Release.objects.update(live=None, working=None, back_since=None, updated_at=None)
        for model in (Correction, Event):
            model.objects.all().delete()
        from releases.models import Address, PreviewLink, Revision, RevisionTopic, SearchEntry, SourceCitation

        for model in (PreviewLink, RevisionTopic, SearchEntry, SourceCitation, Address):
            model.objects.all().delete()
        Revision.objects.all().delete()
        Release.objects.all().delete()
        for statement in guards.statements(connection):
            cursor.execute(statement)


# -- the notice


def test_the_notice_says_which_release_it_was(client, make_release, editor):
    release = make_release("报告", language="zh-hans", slug="report")
    workflow.withdraw(release, by=editor, notice="它有误。")
    answer = client.get(release.get_absolute_url())
    page = read(answer)
    assert answer.status_code == 410
    (title,) = select(page, ".withdrawn-title")
    assert (title.text_content(), title.get("lang")) == ("报告", "zh-hans")
    assert len(select(page, ".kicker time")) == 2
    assert "报告" in page.find("head/title").text


@pytest.mark.parametrize("hidden", [False, True])
def test_the_page_alone_says_the_title_and_nothing_does_when_it_is_hidden(
    client, make_release, editor, settings, hidden
):
    settings.WITHDRAWN_IN_FEEDS = True
    release = make_release(f"About the {OLD}", slug="report")
    workflow.withdraw(release, by=editor, notice="It endangered somebody.", hide_title=hidden)
    told = said(client, release, words=[OLD]).get(OLD, [])
    # At the address of a citation the same notice stands.
    assert all(path.startswith(release.get_absolute_url()) for path in told)
    assert (release.get_absolute_url() in told) is not hidden


def test_the_editor_hides_the_title_with_a_tick_beside_the_notice(client, make_release, editor):
    release = make_release(f"About the {OLD}", slug="report")
    client.force_login(editor)
    path = f"/admin/releases/release/{release.pk}/change/"
    form = client.get(path).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields if name not in {"topics", "translations"}}
    client.post(path, {**data, "notice": "It endangered somebody.", "hide_title": "on", "_withdraw": "1"})
    release.refresh_from_db()
    assert release.withdrawal_hides_title
    assert Event.objects.get(verb="withdraw").detail["hide_title"] is True
    assert OLD not in Client().get(release.get_absolute_url()).text
    workflow.publish(release, by=editor)
    release.refresh_from_db()
    assert not release.withdrawal_hides_title


def test_what_was_withdrawn_before_there_was_a_choice_hides_its_title(client, make_release, editor):
    release = workflow.withdraw(
        make_release(f"About the {OLD}", slug="report"), by=editor, notice="It endangered."
    )
    importlib.import_module("releases.migrations.0017_borders").draw(apps, connection)
    assert OLD not in client.get(release.get_absolute_url()).text
