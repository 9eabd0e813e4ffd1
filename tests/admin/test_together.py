"""Many editors at once, each through a browser's requests: nothing is lost, no page is an error, everybody is told."""

import re
from html import unescape
from uuid import NAMESPACE_URL, uuid5

import pytest
from django.test import Client

from releases import workflow
from releases.models import Address, Event, Presence, Release, Revision
from releases.workflow import Words
from tests.admin.pressing import press
from tests.admin.test_verbs_by_url import form_of
from tests.workflow.test_together import together

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/admin/releases/release/"
CHOOSE = "choose another one"


@pytest.fixture
def browsers(make_user):
    """So many editors, each signed in; a broken page is an answer of 500 and no exception of the test's."""

    def sign_in(count):
        clients = [Client(raise_request_exception=False) for _ in range(count)]
        for number, client in enumerate(clients):
            client.force_login(make_user(f"ed{number}"))
        return clients

    return sign_in


def fields(title, **more):
    """A new release as its form sends it."""
    return {
        "title": title, "body": f"<p>Words of {title}.</p>", "language": "en", "slug": "", "uuid": str(uuid_of(title)),
        "_save": "", **more,
    }  # fmt: skip


def uuid_of(words):
    return uuid5(NAMESPACE_URL, words)


def words_of_page(answer):
    return unescape(re.sub(r"\s+", " ", answer.content.decode()))


def test_ten_editors_save_ten_releases_at_once_by_keys_and_by_button_while_readers_read(
    browsers, make_draft, make_release
):
    make_release("To be read")
    editors = browsers(10)
    drafts = [make_draft(f"Release {number}") for number in range(10)]
    statuses = []

    def write(number):
        release, client = drafts[number], editors[number]
        for turn in range(6):
            data = form_of(
                Release.objects.get(pk=release.pk), title=f"Release {number}", body=f"<p>{number}-{turn}</p>"
            )
            if turn % 3 == 2:
                statuses.append(client.post(f"{BASE}{release.pk}/change/", {**data, "_save": ""}).status_code)
            else:
                statuses.append(client.post(f"{BASE}{release.pk}/autosave/", data).status_code)
            statuses.append(client.post(f"{BASE}{release.pk}/presence/").status_code)

    def read():
        reader = Client(raise_request_exception=False)
        for path in ("/", "/releases/to-be-read/", "/search/?q=release", "/feeds/releases.atom") * 4:
            statuses.append(reader.get(path).status_code)

    answers = together(*(lambda number=number: write(number) for number in range(10)), read, read)
    assert answers == [None] * 12
    assert set(statuses) == {200, 302}
    assert statuses.count(302) == 20
    bodies = {release.current.body for release in Release.objects.exclude(slug="to-be-read")}
    assert bodies == {f"<p>{number}-5</p>" for number in range(10)}


def test_of_twins_at_one_typed_address_one_is_begun_and_the_others_are_told_with_every_word_kept(browsers):
    editors = browsers(4)
    answers = together(
        *(
            lambda n=n, client=client: client.post(f"{BASE}add/", fields(f"Twin {n}", slug="the-twin"))
            for n, client in enumerate(editors)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    for number, answer in enumerate(answers):
        if answer.status_code == 200:
            page = words_of_page(answer)
            assert CHOOSE in page
            assert f"Words of Twin {number}." in page
    assert (Release.objects.count(), Revision.objects.count(), Address.objects.count()) == (1, 1, 1)


def test_twins_of_one_title_are_two_releases_with_addresses_of_their_own(browsers):
    editors = browsers(4)
    answers = together(
        *(
            lambda n=n, client=client: client.post(
                f"{BASE}add/autosave/", fields("Twin", uuid=str(uuid_of(f"form {n}")))
            )
            for n, client in enumerate(editors)
        )
    )
    assert [answer.status_code for answer in answers] == [200] * 4, [answer.content for answer in answers]
    slugs = {answer.json()["slug"] for answer in answers}
    assert (
        slugs == set(Release.objects.values_list("slug", flat=True)) == {"twin", "twin-2", "twin-3", "twin-4"}
    )


def test_of_two_who_move_to_one_address_at_once_the_second_is_told(browsers, make_draft):
    editors = browsers(2)
    drafts = [make_draft(f"Draft {number}") for number in range(2)]
    answers = together(
        *(
            lambda release=release, client=client: client.post(
                f"{BASE}{release.pk}/change/",
                form_of(release, slug="wanted", body="<p>Typed too.</p>", _save=""),
            )
            for release, client in zip(drafts, editors, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    second = next(answer for answer in answers if answer.status_code == 200)
    assert CHOOSE in words_of_page(second)
    assert "Typed too." in words_of_page(second)
    assert Release.objects.filter(slug="wanted").count() == 1


def test_of_saves_of_one_release_at_once_one_is_kept_and_every_other_shows_both_texts(browsers, make_draft):
    editors = browsers(5)
    draft = make_draft("Shared")
    data = [form_of(draft, body=f"<p>Written by {number}.</p>", _save="") for number in range(5)]
    answers = together(
        *(
            lambda n=n, client=client: client.post(f"{BASE}{draft.pk}/change/", data[n])
            for n, client in enumerate(editors)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 302]
    first = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert Release.objects.get().current.body == f"<p>Written by {first}.</p>"
    for number, answer in enumerate(answers):
        if number != first:
            page = words_of_page(answer)
            assert f"ed{first} saved this release at" in page
            assert f"<ins>{number}</ins>" in page
            assert f"<del>{first}</del>" in page


def test_published_by_three_at_once_it_goes_out_once_and_the_others_are_told_why_not(browsers, make_draft):
    editors = browsers(3)
    draft = make_draft("Out")
    answers = together(
        *(
            lambda client=client: press(
                client, f"{BASE}{draft.pk}/change/", form_of(draft, _publish=""), follow=True
            )
            for client in editors
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert Event.objects.filter(verb="publish").count() == 1
    pages = [words_of_page(answer) for answer in answers]
    told = [page for page in pages if "There is nothing new to publish" in page or "nothing was done" in page]
    assert len(told) == 2


def test_two_windows_of_one_person_opened_at_once_are_one_presence(browsers, make_draft):
    (client,) = browsers(1)
    draft = make_draft()
    same = [client] + [Client(raise_request_exception=False) for _ in range(3)]
    for other in same[1:]:
        other.cookies = client.cookies
    answers = together(
        *(lambda one=one: one.get(f"{BASE}{draft.pk}/change/") for one in same),
        *(lambda one=one: one.post(f"{BASE}{draft.pk}/presence/") for one in same),
    )
    assert [answer.status_code for answer in answers] == [200] * 8
    assert Presence.objects.count() == 1


def test_publishing_and_saving_at_once_never_publishes_what_was_not_seen(browsers, make_draft):
    """Whoever presses “Publish” on the text that was opened is told of a newer one, or was first."""
    publisher, writer = browsers(2)
    for turn in range(5):
        draft = make_draft(f"Race {turn}", body="<p>Seen.</p>")
        sent = form_of(draft)
        out, saved = together(
            lambda sent=sent, pk=draft.pk: press(publisher, f"{BASE}{pk}/change/", {**sent, "_publish": ""}),
            lambda sent=sent, pk=draft.pk: writer.post(
                f"{BASE}{pk}/autosave/", {**sent, "body": "<p>Unseen.</p>"}
            ),
        )
        assert out.status_code in {200, 302}
        assert saved.status_code in {200, 409}
        release = Release.objects.get(pk=draft.pk)
        if release.live:
            assert release.live.body == "<p>Seen.</p>"
        if saved.status_code == 200:
            assert release.current.body == "<p>Unseen.</p>"
        workflow.save_draft(release, Words("Works on"), by=draft.created_by)
