"""Every verb, by every role, in every state: allowed or refused as the table written out in `table.py` says."""

import pytest
from django.db import transaction

from releases.models import Event, Release, Revision
from releases.permissions import TABLE as REACH
from releases.workflow import TABLE, Refused, reasons_against
from tests.workflow.table import EVENTS, POSSIBLE, ROLES, STATES, allowed, do, in_chinese, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(make_user):
    nobody = make_user("nobody", "writer")
    nobody.groups.clear()
    nobody = type(nobody).objects.get(pk=nobody.pk)
    return {
        "author": make_user("author", "writer"),
        "other writer": make_user("another", "writer"),
        "editor": make_user("editor", "editor"),
        "chief": make_user("chief", "chief"),
        "nobody": nobody,
        "target": make_user("target", "writer"),
    }


class Undo(Exception):
    pass


def everything():
    return [
        list(Release.objects.order_by("pk").values()),
        list(Revision.objects.order_by("pk").values()),
        Event.objects.count(),
    ]


def test_the_table_names_every_verb_of_the_workflow():
    assert set(POSSIBLE) | {"share preview", "untie"} == set(TABLE)
    assert set(TABLE) <= set(REACH)


# The same verbs are done to all of these; in the others another database has nothing more to do.
OF_EACH_KIND = {"D", "E+d", "P+s", "W"}
EVERY = [state if state in OF_EACH_KIND else pytest.param(state, marks=pytest.mark.alike) for state in STATES]


@pytest.mark.parametrize("state", EVERY)
def test_the_whole_table(state, people):
    in_chinese(people["editor"])
    release = make(state, people["author"], people["editor"])
    before = everything()
    wrong = []
    for verb in POSSIBLE:
        for role in ROLES:
            user = people[role]
            try:
                with transaction.atomic():
                    do(verb, release, user, people["target"])
                    done = Event.objects.count() - before[2]
                    raise Undo
            except Undo:
                went = True
                if done != EVENTS.get(verb, 1):
                    wrong.append((verb, role, f"left {done} events"))
            except Refused as refusal:
                went = False
                if not refusal.reasons or not all(reason.strip() for reason in refusal.reasons):
                    wrong.append((verb, role, "refused without a word"))
            if went != allowed(verb, role, state):
                wrong.append((verb, role, "went through" if went else "was refused"))
            if everything() != before:
                wrong.append((verb, role, "left something behind"))
    assert wrong == []


@pytest.mark.parametrize("state", EVERY)
def test_what_reasons_say_and_what_verbs_do_agree(state, people):
    release = make(state, people["author"], people["editor"])
    for verb in POSSIBLE:
        for role in ROLES:
            possible = not reasons_against(verb, release, by=people[role])
            assert possible == allowed(verb, role, state), (verb, role)


def test_every_reason_is_said_at_once(people):
    release = make("P", people["author"], people["editor"])
    with pytest.raises(Refused) as caught:
        do("correct", release, people["author"], None)
    assert len(caught.value.reasons) == 3  # the role, the missing draft, and what a writer lacks to publish


def test_nobody_approves_their_own_text_where_the_newsroom_wants_it_so(people, settings):
    settings.APPROVAL_BY_ANOTHER = True
    release = make("S", people["editor"], people["editor"])
    for verb in ("approve", "publish", "schedule"):
        with pytest.raises(Refused, match="somebody else"):
            do(verb, release, people["editor"], None)
    assert not reasons_against("approve", release, by=people["chief"])
