"""What ends a link for outsiders, by whichever way: the text is taken back, or whoever made it may not share it any more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.accounts.models import assign_role
from releases import workflow
from releases.models import Event, PreviewLink
from releases.pictures import names_of
from releases.workflow import Words
from releases.workflow.previews import opens
from tests.admin.test_verbs_by_url import form_of

pytestmark = pytest.mark.django_db


def status(link, name=""):
    return Client().get(f"/preview/{link.token}/{name}").status_code


def share(release, by):
    return workflow.share_preview(release, by=by, days=30)


@pytest.fixture
def embargoed(make_release):
    return make_release("Embargoed", publish_at=timezone.now() + timedelta(days=2))


def test_a_link_opens_until_its_end_and_no_longer(make_draft, editor):
    link = share(make_draft("Draft"), editor)
    assert opens(link, link.expires_at - timedelta(microseconds=1))
    assert not opens(link, link.expires_at)
    PreviewLink.objects.update(expires_at=timezone.now())
    assert status(link) == 404


def test_withdrawing_closes_every_link_and_says_how_many(make_release, editor, chief):
    release = make_release("Out")
    links = [share(release, editor), share(release, chief)]
    release = workflow.save_draft(release, Words("Changed"), by=editor)
    links.append(share(release, editor))
    assert [status(link) for link in links] == [200, 200, 200]
    workflow.withdraw(release, by=editor, notice="Gone.")
    assert [status(link) for link in links] == [404, 404, 404]
    assert Event.objects.get(verb="withdraw").detail["links"] == 3


def test_a_link_that_is_made_after_the_withdrawal_opens(make_release, editor):
    release = workflow.withdraw(make_release("Out"), by=editor, notice="Gone.")
    assert status(share(release, editor)) == 200


def test_taking_it_off_the_schedule_closes_its_links(embargoed, editor):
    link = share(embargoed, editor)
    workflow.unschedule(embargoed, by=editor)
    assert status(link) == 404
    assert Event.objects.get(verb="unschedule").detail["links"] == 1


def test_discarding_closes_the_links_to_drafts_and_not_those_to_the_live_text(make_release, editor):
    release = make_release("Out")
    live = share(release, editor)
    release = workflow.save_draft(release, Words("Changed"), by=editor)
    draft = share(release, editor)
    workflow.discard_draft(release, by=editor)
    assert (status(live), status(draft)) == (200, 404)
    assert Event.objects.get(verb="discard draft").detail["links"] == 1


def test_a_verb_that_closes_nothing_says_nothing_of_it(make_release, editor):
    workflow.withdraw(make_release("Out"), by=editor, notice="Gone.")
    assert "links" not in Event.objects.get(verb="withdraw").detail


def test_handing_over_closes_the_links_of_who_may_not_share_it_any_more(
    make_draft, writer, editor, make_user
):
    draft = make_draft("Mine", by=writer)
    theirs, ours = share(draft, writer), share(draft, editor)
    workflow.hand_over(draft, to=make_user("wanda", "writer"), by=editor)
    assert (status(theirs), status(ours)) == (404, 200)
    assert Event.objects.get(verb="hand over").detail["links"] == 1


@pytest.mark.parametrize("left", ["left", "without a role"])
def test_who_leaves_by_whichever_way_shares_nothing_any_more(make_draft, make_user, left):
    edgar = make_user("edgar", "editor")
    link = share(make_draft("Draft"), edgar)
    assert status(link) == 200
    if left == "left":
        type(edgar).objects.filter(pk=edgar.pk).update(is_active=False)
    else:
        assign_role(edgar, None)
    assert status(link) == 404


def test_a_writer_who_was_an_editor_keeps_the_own_links_alone(make_draft, make_user):
    edgar = make_user("edgar", "editor")
    own, other = share(make_draft("Own", by=edgar), edgar), share(make_draft("Other"), edgar)
    assign_role(edgar, "writer")
    assert (status(own), status(other)) == (200, 404)


def person_form(person, **changes):
    return {
        "username": person.username,
        "role": "editor",
        "is_active": "on",
        "first_name": "",
        "last_name": "",
        "email": "",
    } | changes


@pytest.mark.parametrize("how", [{"is_active": ""}, {"role": "writer"}])
def test_switching_a_person_off_says_how_many_links_that_closed(client, chief, make_draft, make_user, how):
    edgar = make_user("edgar", "editor")
    links = [share(make_draft("Draft"), edgar), share(make_draft("Another"), edgar)]
    client.force_login(chief)
    data = {name: value for name, value in person_form(edgar, **how).items() if value or name != "is_active"}
    text = client.post(f"/admin/accounts/user/{edgar.pk}/change/", data, follow=True).text
    assert "2 preview links that they had made are closed." in text
    assert Event.objects.filter(verb="revoke preview", user=chief).count() == 2
    assert {status(link) for link in links} == {404}
    # For good: who comes back does not open them again.
    type(edgar).objects.filter(pk=edgar.pk).update(is_active=True)
    assign_role(type(edgar).objects.get(pk=edgar.pk), "editor")
    assert {status(link) for link in links} == {404}


def test_its_picture_ends_with_the_link(make_draft, make_picture, editor):
    picture = make_picture()
    link = share(make_draft("Draft", picture=picture, picture_alt="A field."), editor)
    name = names_of(picture.width)[0]
    assert status(link, name) == 200
    workflow.revoke_preview(link, by=editor)
    assert status(link, name) == 404


def test_looks_of_outsiders_are_counted_and_the_staffs_own_are_not(make_draft, editor, client):
    link = share(make_draft("Draft"), editor)
    client.head(f"/preview/{link.token}/")
    client.force_login(editor)
    client.get(f"/preview/{link.token}/")
    assert PreviewLink.objects.get().opened_count == 0
    status(link)
    status(link)
    stored = PreviewLink.objects.get()
    assert stored.opened_count == 2
    assert timezone.now() - stored.opened_at < timedelta(minutes=5)
    page = client.get(f"/admin/releases/release/{link.revision.release_id}/links/").text
    assert "Opened 2 times" in page


def test_one_page_has_all_open_links_that_one_may_close(
    make_draft, make_release, writer, editor, chief, client
):
    mine = make_draft("Of Walter", by=writer)
    workflow.share_preview(mine, by=writer, days=3, note="The lawyer")
    closed = workflow.share_preview(mine, by=writer, days=3, note="Closed already")
    workflow.revoke_preview(closed, by=writer)
    workflow.share_preview(make_draft("Of Edith"), by=editor, days=3, note="The press")
    seen = {}
    for user in (writer, editor, chief):
        client.force_login(user)
        seen[user] = client.get("/admin/releases/release/links/").text
        assert "Closed already" not in seen[user]
        assert "The lawyer" in seen[user]
        assert ("The press" in seen[user]) == (user != writer)
    assert "made by walter" in seen[chief]
    assert "Not opened yet." in seen[chief]


def test_the_form_says_how_many_are_open_and_the_message_how_many_are_closed(make_release, editor, client):
    release = make_release("Out")
    share(release, editor)
    client.force_login(editor)
    address = f"/admin/releases/release/{release.pk}/change/"
    assert "1 preview link is open." in client.get(address).text
    text = client.post(address, form_of(release, notice="Gone.", _withdraw=""), follow=True).text
    assert "1 preview link is closed." in text
