"""Every button, pressed by every role in every state by URL, whether it is drawn or not: what the table says happens."""

import pytest
from django.db import transaction
from django.test import Client

from releases import workflow
from releases.models import Event, Release, Revision
from tests.admin.pressing import press
from tests.workflow.table import ROLES, STATES, allowed, make
from tests.workflow.test_table import people  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
BUTTON = {
    "submit": "_submit", "approve": "_approve", "publish": "_publish", "schedule": "_schedule", "correct": "_correct",
    "return": "_return", "unschedule": "_unschedule", "discard draft": "_discard", "hand over": "_hand_over",
    "withdraw": "_withdraw",
}  # fmt: skip
# Verbs with a page or a field of their own, each tested where that stands.
ELSEWHERE = {"save draft", "restore", "change address", "share preview", "tie", "untie", "translate"}
# Each verb goes through in one of these, and is refused in another. The whole table is `test_table`'s, which asks the workflow itself.
SOME = [
    state if state in {"D", "E+s", "P+d"} else pytest.param(state, marks=pytest.mark.deep) for state in STATES
]


def test_every_verb_has_a_button_here_or_a_page_elsewhere():
    assert set(BUTTON) | ELSEWHERE == set(workflow.TABLE)


class Undo(Exception):
    pass


def form_of(release, **fields):
    """The page as it was opened, nothing typed."""
    current = release.current
    date = current.publish_at
    from django.utils import timezone

    local = timezone.localtime(date) if date else None
    return {
        "title": current.title, "body": current.body, "summary": "", "dateline": "", "slug": release.slug,
        "slug_was": release.slug, "language": release.language, "seen": current.save_number, "uuid": str(release.uuid),
        "publish_at_0": f"{local:%Y-%m-%d}" if local else "", "publish_at_1": f"{local:%H:%M:%S.%f}" if local else "",
        "comment": "Name the source.", "notice": "Gone.", "correction_note": "A figure was wrong.", **fields,
    }  # fmt: skip


def everything():
    return [
        list(Release.objects.order_by("pk").values()),
        list(Revision.objects.order_by("pk").values()),
        Event.objects.count(),
    ]


@pytest.mark.parametrize("state", SOME)
def test_the_whole_table_by_url(state, people):  # noqa: F811  the fixture
    release = make(state, people["author"], people["editor"])
    before = everything()
    wrong = []
    for role in ROLES:
        client = Client()
        client.force_login(people[role])
        for verb, name in BUTTON.items():
            data = form_of(release, hand_over_to=people["target"].pk, **{name: ""})
            try:
                with transaction.atomic():
                    address = f"/admin/releases/release/{release.pk}/change/"
                    # Over a schedule the page asks which of two texts goes out.
                    answer = press(client, address, data, "approve" if verb == "approve" else None)
                    events = list(Event.objects.order_by("pk").values_list("verb", flat=True))[before[2] :]
                    raise Undo
            except Undo:
                pass
            went = bool(events)
            # A publication with a date ahead is a schedule.
            if went and events not in ([verb], ["schedule"] if verb == "publish" else [verb]):
                wrong.append((verb, role, f"recorded {events}"))
            if went != allowed(verb, role, state):
                wrong.append((verb, role, "went through" if went else f"was refused ({answer.status_code})"))
            if not went and answer.status_code == 200 and "errornote" not in answer.content.decode():
                wrong.append((verb, role, "refused without a word"))
            if everything() != before:
                wrong.append((verb, role, "left something behind"))
    assert wrong == []


@pytest.mark.parametrize("state", SOME)
def test_restoring_by_url_obeys_the_table(state, people):  # noqa: F811  the fixture
    release = make(state, people["author"], people["editor"])
    for role in ROLES:
        client = Client()
        client.force_login(people[role])
        before = Event.objects.filter(verb="restore").count()
        client.post(f"/admin/releases/release/{release.pk}/restore/", {"number": "1"})
        went = Event.objects.filter(verb="restore").count() == before + 1
        assert went == allowed("restore", role, state), role


@pytest.mark.parametrize("state", SOME)
def test_the_buttons_drawn_are_those_that_work_and_the_others_say_why(state, people):  # noqa: F811  the fixture
    release = make(state, people["author"], people["editor"])
    for role in ("author", "editor", "chief"):
        client = Client()
        client.force_login(people[role])
        answer = client.get(f"/admin/releases/release/{release.pk}/change/")
        drawn = {button["verb"] for found in answer.context["buttons"].values() for button in found}
        # What is typed becomes the draft first, so those are drawn as well.
        for verb in BUTTON:
            if allowed(verb, role, state):
                assert verb in drawn, (role, verb)
        refused = {one["verb"]: one["reasons"] for one in answer.context["refused"]}
        assert set(BUTTON) - drawn == set(refused)
        assert all(refused.values())


@pytest.mark.parametrize(
    "path",
    [
        "autosave/",
        "presence/",
        "history/",
        "compare/",
        "restore/",
        "preview/",
        "preview/widths/",
        "links/",
        "change/",
    ],
)
def test_no_address_of_the_desk_opens_to_strangers_or_to_other_writers(path, people, client):  # noqa: F811
    release = make("D", people["author"], people["editor"])
    address = f"/admin/releases/release/{release.pk}/{path}"
    for send in (client.get, client.post):
        answer = send(address)
        assert answer.status_code == 302
        assert "login" in answer["Location"]
    for role in ("other writer", "nobody"):
        client.force_login(people[role])
        for send in (client.get, client.post):
            answer = send(address)
            assert answer.status_code in {302, 403, 404, 405}
            assert "In D" not in answer.content.decode()
