"""Many hands at the same moment: nothing is lost, nobody sees an error, and the second of two twins gets a clear word."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection

from releases import workflow
from releases.models import Address, Release, Revision
from releases.workflow import Conflict, Refused, Words

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Do everything at once, each on a connection of its own; what each answered or raised."""
    answers: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int) -> None:
        close_old_connections()
        start.wait(timeout=30)
        try:
            answers[number] = acts[number]()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not [thread for thread in threads if thread.is_alive()], "somebody waits for somebody else"
    return answers


def test_ten_editors_save_ten_releases_at_once_again_and_again(make_draft, make_user):
    users = [make_user(f"ed{number}") for number in range(10)]
    drafts = [make_draft(f"Release {number}", by=user) for number, user in enumerate(users)]

    def saves(number):
        def act():
            for turn in range(5):
                workflow.save_draft(
                    drafts[number], Words(f"Release {number}, turn {turn}"), by=users[number], auto=True
                )

        return act

    assert together(*(saves(number) for number in range(10))) == [None] * 10
    titles = set(Revision.objects.values_list("title", flat=True))
    assert titles == {f"Release {number}, turn 4" for number in range(10)}


def test_twins_of_one_typed_address_are_one_and_the_other_is_told(make_user):
    users = [make_user(f"ed{number}") for number in range(4)]
    answers = together(
        *(lambda user=user: workflow.save_draft(None, Words("Twin"), by=user, slug="twin") for user in users)
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 3
    assert "choose another one" in refused[0].reasons[0]
    assert (Release.objects.count(), Address.objects.count()) == (1, 1)


def test_twins_of_one_title_each_get_an_address_of_their_own(make_user):
    users = [make_user(f"ed{number}") for number in range(2)]
    answers = together(
        *(lambda user=user: workflow.save_draft(None, Words("Twin"), by=user) for user in users)
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert set(Release.objects.values_list("slug", flat=True)) == {"twin", "twin-2"}


def test_of_saves_of_one_release_at_once_one_is_kept_and_the_others_are_told(make_draft, make_user):
    draft = make_draft("Begun")
    seen = draft.working.save_number
    users = [make_user(f"ed{number}") for number in range(6)]
    answers = together(
        *(
            lambda user=user: workflow.save_draft(draft, Words(f"By {user.username}"), by=user, seen=seen)
            for user in users
        )
    )
    kept = [answer for answer in answers if isinstance(answer, Release)]
    assert len(kept) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 5
    assert Release.objects.get().current.title == kept[0].current.title


def test_one_form_sent_twice_at_once_begins_one_release(editor):
    uuid = uuid4()
    answers = together(
        *(lambda: workflow.save_draft(None, Words("Once"), by=editor, uuid=uuid, auto=True) for _ in range(3))
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert Release.objects.count() == 1


def test_published_twice_at_once_it_is_published_once(make_draft, make_user):
    draft = make_draft()
    users = [make_user(f"ed{number}") for number in range(4)]
    answers = together(*(lambda user=user: workflow.publish(draft, by=user) for user in users))
    assert sum(isinstance(answer, Refused) for answer in answers) == 3
    assert draft.events.filter(verb="publish").count() == 1
