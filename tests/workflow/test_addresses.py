"""An address is a part of the draft: saving changes nothing public, and it goes out with the words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from releases import editions, workflow
from releases.models import Address, Release
from releases.workflow import Refused, Words, words_of
from tests.admin.test_verbs_by_url import form_of

pytestmark = pytest.mark.django_db
OLD, NEW = "/releases/old-place/", "/releases/new-place/"
PUBLIC = ("/", "/releases/", "/feeds/releases.rss", "/feeds/releases.json", "/sitemap.xml", OLD, NEW)


@pytest.fixture
def release(make_release):
    return make_release("The same title", slug="old-place")


def plan(release, by, slug="new-place"):
    release = Release.objects.get(pk=release.pk)
    return workflow.save_draft(release, replace(words_of(release.current), planned_slug=slug), by=by)


def public(client):
    """What readers get everywhere, and the edition."""
    got = []
    for path in PUBLIC:
        answer = client.get(path)
        got.append((path, answer.status_code, answer.get("Location"), answer.content))
    return got, editions.current().name


def press(client, user, release, **fields):
    client.force_login(user)
    release.refresh_from_db()
    data = form_of(release, **{"slug_was": release.slug, **fields})
    return client.post(f"/admin/releases/release/{release.pk}/change/", data, follow=True)


def test_saving_another_address_changes_nothing_that_is_public(client, release, editor):
    before = public(client)
    answer = press(client, editor, release, slug="new-place", _save="")
    assert "Readers do not see it." in answer.content.decode()
    client.logout()
    assert public(client) == before
    release.refresh_from_db()
    assert (release.slug, release.working.planned_slug) == ("old-place", "new-place")
    assert not Address.objects.filter(slug="new-place").exists()


def test_an_address_alone_goes_out_as_a_minor_edit_and_the_old_one_leads_to_it(
    client, release, editor, settings
):
    plan(release, editor)
    workflow.publish(release, by=editor)
    moved = client.get(OLD)
    assert (moved.status_code, moved["Location"]) == (301, NEW)
    page = client.get(NEW).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{NEW}">' in page
    for path in ("/feeds/releases.rss", "/feeds/releases.json", "/"):
        said = client.get(path).content.decode()
        assert NEW in said, path
        assert OLD not in said, path
    event = release.events.get(verb="publish", detail__mend=True)
    assert (event.detail["old"], event.detail["new"]) == ("old-place", "new-place")
    after = Release.objects.get()
    assert (after.slug, after.live.planned_slug) == ("new-place", "")


@pytest.mark.parametrize("way", ["correct", "schedule", "publish again"])
def test_it_goes_out_with_every_way_out(make_release, editor, way):
    due = timezone.now() + timedelta(days=1) if way == "schedule" else None
    release = make_release("The same title", slug="old-place", publish_at=due)
    if way == "publish again":
        workflow.withdraw(release, by=editor, notice="Gone.")
    plan(release, editor)
    acts = {
        "correct": lambda: workflow.correct(release, by=editor, note="A figure."),
        "schedule": lambda: workflow.schedule(release, by=editor),
        "publish again": lambda: workflow.publish(release, by=editor),
    }
    acts[way]()
    assert Release.objects.get().slug == "new-place"
    assert set(release.addresses.values_list("slug", flat=True)) == {"old-place", "new-place"}


def test_one_that_another_release_takes_meanwhile_is_refused_and_the_form_says_so_before(
    client, release, make_release, editor
):
    plan(release, editor)
    make_release("Quicker", slug="new-place")
    client.force_login(editor)
    page = client.get(f"/admin/releases/release/{release.pk}/change/").content.decode()
    assert "Another release has or had the address “new-place”: choose another one." in page
    before = public(client)
    with pytest.raises(Refused, match="new-place"):
        workflow.publish(release, by=editor)
    assert public(client) == before
    # What was planned before it was taken can still be worked on.
    workflow.save_draft(release, Words("Typed on", planned_slug="new-place"), by=editor)
    with pytest.raises(Refused, match="new-place"):
        workflow.publish(release, by=editor)


def test_one_that_is_anothers_already_is_refused_when_it_is_planned(release, make_draft, editor):
    make_draft("Another", slug="new-place")
    with pytest.raises(Refused, match="new-place"):
        plan(release, editor)


def test_a_former_address_of_its_own_can_be_planned(release, editor):
    workflow.readdress(release, slug="elsewhere", by=editor)
    plan(release, editor, "old-place")
    workflow.publish(release, by=editor)
    assert Release.objects.get().slug == "old-place"


def test_a_writer_plans_an_address_and_an_editor_publishes_it(client, make_draft, writer, editor):
    release = workflow.publish(make_draft("The same title", by=writer, slug="old-place"), by=editor)
    page = press(client, writer, release, slug="new-place", _save="").content.decode()
    assert "An editor publishes it with the words" in page
    release.refresh_from_db()
    assert (release.slug, release.working.planned_slug) == ("old-place", "new-place")
    with pytest.raises(Refused, match="role"):
        workflow.publish(release, by=writer)
    assert workflow.publish(release, by=editor).slug == "new-place"


def test_discarding_drops_it_and_restoring_old_words_moves_no_address(release, editor):
    first = release.live
    plan(release, editor)
    release = workflow.restore(release, first, by=editor)
    assert release.working.planned_slug == "new-place"
    release = workflow.publish(release, by=editor)
    plan(release, editor, "third-place")
    release = workflow.discard_draft(release, by=editor)
    release = workflow.restore(release, first, by=editor)
    assert (release.slug, release.working.planned_slug) == ("new-place", "")


def test_the_form_shows_it_keeps_it_and_takes_it_back(client, release, editor):
    plan(release, editor)
    client.force_login(editor)
    form = client.get(f"/admin/releases/release/{release.pk}/change/").context["adminform"].form
    assert (form["slug"].value(), form["slug_was"].value()) == ("new-place", "new-place")
    kept = {"slug": "new-place", "slug_was": "new-place"}
    release.refresh_from_db()
    url = f"/admin/releases/release/{release.pk}"
    saved = client.post(f"{url}/autosave/", form_of(release, **kept, title="Typed")).json()
    assert saved["slug"] == "new-place"
    press(client, editor, release, **kept, title="Typed again", _save="")
    release.refresh_from_db()
    assert (release.working.title, release.working.planned_slug) == ("Typed again", "new-place")
    press(client, editor, release, slug="", slug_was="new-place", _save="")
    release.refresh_from_db()
    assert release.working.planned_slug == ""


def test_a_draft_of_which_nothing_was_public_takes_its_address_at_once(client, make_draft, editor):
    draft = make_draft("Never out", slug="old-place")
    press(client, editor, draft, slug="new-place", _save="")
    draft.refresh_from_db()
    assert (draft.slug, draft.working.planned_slug) == ("new-place", "")


def test_what_is_taken_off_the_schedule_keeps_its_plan(client, make_release, editor):
    release = make_release("Later", slug="old-place", publish_at=timezone.now() + timedelta(days=1))
    plan(release, editor)
    release = workflow.unschedule(release, by=editor)
    press(client, editor, release, slug="new-place", slug_was="new-place", title="Typed", _save="")
    release.refresh_from_db()
    assert (release.slug, release.working.planned_slug) == ("old-place", "new-place")
    press(client, editor, release, slug="third-place", slug_was="new-place", _save="")
    release.refresh_from_db()
    assert (release.slug, release.working.planned_slug) == ("third-place", "")


def test_where_it_goes_out_is_no_part_of_the_text_that_was_approved(make_release, writer, editor, settings):
    settings.APPROVAL_BY_ANOTHER = True
    release = workflow.save_draft(None, Words("Title", "<p>Old</p>"), by=writer)
    workflow.submit(release, by=writer)
    workflow.approve(release, by=editor)
    release = plan(release, editor)
    assert (release.state(), release.working.approved_by) == ("approved", editor)
    assert workflow.publish(release, by=editor).slug == "new-place"


def test_comparing_and_the_history_name_it(client, release, editor):
    plan(release, editor)
    client.force_login(editor)
    compared = client.get(f"/admin/releases/release/{release.pk}/compare/").content.decode()
    assert "Planned address" in compared
    assert "new-place" in compared
    workflow.publish(release, by=editor)
    told = client.get(f"/admin/releases/release/{release.pk}/history/").content.decode()
    assert "from the address old-place to new-place" in told
