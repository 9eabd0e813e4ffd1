"""Folders of saved pages: what becomes of each, once and for good, and where the old addresses lead."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from releases import workflow
from releases.intake import Unreadable
from releases.intake.html import import_folder
from releases.models import Event, FormerPath, Release
from tests.intake.saved import html, mapping


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "2011").mkdir()
    (tmp_path / "2011" / "a.html").write_bytes(
        html(
            "<p>One<sup>1</sup>.</p><hr><p>1. First. ^</p>",
            title="First release",
            more="<i class=t>Torture</i><i class=t>Nonsense</i>",
        )
    )
    (tmp_path / "2011" / "b.htm").write_bytes(html("<p>Two.</p>", title="Second release", when="2012-01-02"))
    (tmp_path / "broken.html").write_bytes(b"<p>No title.</p>")
    (tmp_path / "notes.txt").write_text("no page")
    return tmp_path


@pytest.mark.django_db
def test_pages_become_published_releases_at_their_dates_and_old_paths_lead_to_them(
    client, folder, editor, make_topic
):
    topic = make_topic("Torture")
    result = import_folder(folder, mapping(topics="i.t"), by=editor)
    assert (result.added, result.refused, result.notes, result.unknown_topics) == (2, 1, 1, {"Nonsense": 1})
    release = Release.objects.visible().get(slug="first-release")
    assert f"{release.publish_at:%Y-%m-%d}" == "2011-06-10"
    assert list(release.topics.all()) == [topic]
    assert release.live.frozen_at
    assert [event.verb for event in release.events.order_by("pk")] == ["create", "publish"]
    page = client.get("/releases/first-release/")
    assert page.status_code == 200
    assert b"First." in page.content
    for path in ("/2011/a.html", "/2011/a.html?from=mail", "/2011/a.html/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, "/releases/first-release/")
    assert (
        "body" in dict(result.reports)["broken.html"][0] or "title" in dict(result.reports)["broken.html"][0]
    )


@pytest.mark.django_db
def test_a_folder_taken_in_twice_is_taken_in_once(folder, editor):
    import_folder(folder, mapping(), by=editor)
    events = Event.objects.count()
    result = import_folder(folder, mapping(), by=editor)
    assert (result.added, result.known) == (0, 2)
    assert (Release.objects.count(), Event.objects.count()) == (2, events)


@pytest.mark.django_db
def test_a_dry_run_of_a_folder_keeps_nothing(folder, editor):
    result = import_folder(folder, mapping(), by=editor, dry=True)
    assert (result.added, result.refused) == (2, 1)
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_pages_may_come_in_as_drafts_and_their_old_paths_tell_nobody(client, folder, editor, settings):
    import_folder(folder, mapping(publish=False), by=editor)
    assert not Release.objects.visible().exists()
    assert {release.state() for release in Release.objects.select_related("live", "working")} == {"draft"}
    assert not Release.objects.filter(live__isnull=False).exists()
    assert client.get("/2011/a.html").status_code == 404


@pytest.mark.django_db
def test_who_may_not_publish_brings_nothing_in(folder, writer):
    with pytest.raises(Unreadable, match="may not publish"):
        import_folder(folder, mapping(), by=writer)


@pytest.mark.django_db
def test_an_old_path_leads_to_a_withdrawn_release_and_never_to_an_embargoed_one(client, make_release, editor):
    gone, later = make_release("Gone"), make_release("Later", publish_at=timezone.now() + timedelta(days=1))
    FormerPath.objects.create(path="/old/gone", release=gone)
    FormerPath.objects.create(path="/old/later", release=later)
    workflow.withdraw(gone, by=editor, notice="Why.")
    assert client.get("/old/gone").status_code == 301
    assert client.get("/old/later").status_code == 404


@pytest.mark.django_db
def test_of_two_old_paths_the_one_with_the_query_counts_first(client, make_release):
    one, two = make_release("One"), make_release("Two")
    FormerPath.objects.create(path="/article.php?id=5", release=one)
    FormerPath.objects.create(path="/article.php", release=two)
    assert client.get("/article.php?id=5")["Location"] == "/releases/one/"
    assert client.get("/article.php?id=6")["Location"] == "/releases/two/"
    assert client.get("/article.php?id=%00%ff").status_code == 301


@pytest.mark.django_db
def test_the_command_takes_a_mapping_and_a_name_and_writes_a_report(folder, editor, tmp_path_factory):
    place = tmp_path_factory.mktemp("mapping")
    (place / "m.toml").write_text('version = 1\ntitle = "h1"\nbody = ".body"\ndate = ".date"\n')
    arguments = [str(folder), "--mapping", str(place / "m.toml")]
    with pytest.raises(CommandError, match="--by"):
        call_command("import_releases", *arguments, stdout=StringIO())
    out = StringIO()
    with pytest.raises(CommandError, match="Not everything"):
        call_command(
            "import_releases", *arguments, "--by", "edith", "--report", str(place / "r.jsonl"), stdout=out
        )
    assert "2 releases with 1 notes taken in" in out.getvalue()
    assert "broken.html" in (place / "r.jsonl").read_text()


@pytest.mark.django_db
def test_a_page_is_filed_under_the_topic_to_which_its_word_leads(folder, editor, chief, make_topic):
    topic = make_topic("Ill-treatment", synonyms=["Nonsense"])
    workflow.topics.merge(make_topic("Torture"), topic, by=chief)
    result = import_folder(folder, mapping(topics="i.t"), by=editor)
    assert result.unknown_topics == {}
    assert list(Release.objects.get(slug="first-release").topics.all()) == [topic]
