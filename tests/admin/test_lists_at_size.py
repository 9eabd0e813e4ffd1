"""Lists and forms of staff cost the same whatever the number of rows: as many queries, and each finds its rows by an index."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import workflow
from releases.admin import lists
from releases.admin.release import changelist
from releases.models import Event, Release, Topic
from releases.models.release import STAFF_ORDER
from releases.search.engine import update_index
from releases.workflow import Words
from tests.bulk import many

pytestmark = pytest.mark.django_db
RELEASES, EVENTS = "/admin/releases/release/", "/admin/releases/event/"
# Tables that grow for ever.
LONG = ("releases_release", "releases_revision", "releases_version", "releases_event")


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def newsroom(editor, make_topic):
    """A hundred and thirty releases of two people, and a year ago as many days."""
    found = many(130, topic=make_topic("Water"))
    Event.objects.bulk_create(
        Event(release=one, revision=one.live, user=editor, verb="publish", at=one.publish_at) for one in found
    )
    return found


def queries_of(client, address):
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200
    return [query["sql"] for query in caught]


LISTS = {
    "releases": RELEASES,
    "a later page": f"{RELEASES}?p=2",
    "the last page": f"{RELEASES}?p=3",
    "published": f"{RELEASES}?state=published",
    "drafts": f"{RELEASES}?state=draft",
    "waiting": f"{RELEASES}?state=submitted",
    "approved": f"{RELEASES}?state=approved",
    "scheduled": f"{RELEASES}?state=scheduled",
    "withdrawn": f"{RELEASES}?state=withdrawn",
    "a year": f"{RELEASES}?publish_at__year=2026",
    "a month": f"{RELEASES}?publish_at__year=2026&publish_at__month=3",
    "events": EVENTS,
    "events of a verb": f"{EVENTS}?verb=withdraw",
    "events of a year": f"{EVENTS}?at__year=2026",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_fifty_rows_as_for_five(signed_in, newsroom, name, monkeypatch):
    signed_in.get(RELEASES)
    long = queries_of(signed_in, LISTS[name])
    for model in (Release, Event):
        monkeypatch.setattr(type(admin.site.get_model_admin(model)), "list_per_page", 5)
    # Of five rows to a page the same address is another page; the last one is cut off where it is not there.
    assert len(queries_of(signed_in, LISTS[name])) == len(long)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_finds_its_rows_by_an_index(signed_in, newsroom, name):
    for statement in queries_of(signed_in, LISTS[name]):
        assert not read_through(statement), statement


@pytest.mark.parametrize("place", ["change", "history", "compare", "preview", "translations"])
def test_a_page_of_one_release_finds_its_rows_by_an_index(signed_in, newsroom, place):
    for statement in queries_of(signed_in, f"{RELEASES}{newsroom[7].pk}/{place}/"):
        assert not read_through(statement), statement


@pytest.mark.parametrize("verb", ["save", "submit", "publish", "withdraw"])
def test_a_verb_finds_its_rows_by_an_index(newsroom, makers, verb):
    draft = makers.draft("A title", notes=2, topics=list(Topic.objects.all()))
    done = {
        "save": lambda: workflow.save_draft(draft, Words("Another title"), by=makers.editor),
        "submit": lambda: workflow.submit(draft, by=makers.editor),
        "publish": lambda: workflow.publish(draft, by=makers.editor),
        "withdraw": lambda: workflow.withdraw(newsroom[7], by=makers.editor, notice="Gone."),
    }
    with CaptureQueriesContext(connection) as caught:
        done[verb]()
    for query in caught:
        assert not read_through(query["sql"]), query["sql"]


def read_through(statement):
    """The steps of the database's plan that read a long table to its end, or sort what they read."""
    if not statement.startswith("SELECT") or not any(f'"{table}"' in statement for table in LONG):
        return []
    bounded = " LIMIT " in statement and " WHERE " not in statement
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A short table is read through because it is short: what could be done is what is asked.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {statement}")
            plan = [line for (line,) in cursor.fetchall()]
            read = [line for line in plan if re.search(rf"Seq Scan on ({'|'.join(LONG)})\b", line)]
            return [] if bounded else read
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = [line for *_ids, line in cursor.fetchall()]
    scans = [line for line in plan if re.match(rf"SCAN ({'|'.join(LONG)})\b", line)]
    sorts = [line for line in plan if "TEMP B-TREE FOR ORDER BY" in line]
    return [line for line in scans if sorts or ("INDEX" not in line and not bounded)]


def test_what_reads_a_list_through_is_noticed(newsroom):
    rows = Release.objects.filter(slug__contains="7").order_by("updated_at")
    with CaptureQueriesContext(connection) as caught:
        list(rows)
    assert read_through(caught[0]["sql"])


def test_counting_ends_where_nobody_looks(signed_in, newsroom, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 60)
    monkeypatch.setattr(lists, "PAGES_AHEAD", 1)
    page = signed_in.get(RELEASES)
    assert page.context["cl"].result_count == 100
    assert "100+ releases" in page.content.decode()
    assert "130 releases" in signed_in.get(f"{RELEASES}?p=2").content.decode()


def test_each_row_stands_on_one_page(signed_in, newsroom):
    shown = [
        one.pk
        for page in (1, 2, 3)
        for one in signed_in.get(f"{RELEASES}?p={page}").context["cl"].result_list
    ]
    assert shown == [one.pk for one in newsroom]


def test_what_has_no_date_comes_first_on_either_database(signed_in, newsroom, make_draft):
    draft = make_draft("Undated")
    assert signed_in.get(RELEASES).context["cl"].result_list[0] == draft


def test_the_head_of_the_list_names_the_years_months_and_days_in_which_there_are_rows(
    signed_in, make_release, settings
):
    settings.TIME_ZONE = "UTC"
    for day in ((2019, 12, 31), (2022, 3, 1), (2022, 3, 31), (2022, 5, 9)):
        make_release(
            f"Of {day}", publish_at=timezone.datetime(*day, 12, tzinfo=timezone.get_default_timezone())
        )

    def head(query=""):
        dates = signed_in.get(f"{RELEASES}{query}").context["cl"].dates
        return [one["title"] for one in dates["choices"]]

    assert head() == ["2019", "2022"]
    assert head("?publish_at__year=2022") == ["March 2022", "May 2022"]
    assert head("?publish_at__year=2022&publish_at__month=3") == ["March 1", "March 31"]
    assert head("?publish_at__year=2022&publish_at__month=3&publish_at__day=31") == ["March 31"]
    assert head("?q=nothing-like-it") == []
    assert head("?q=of") == ["2019", "2022"]
    assert head("?q=of&publish_at__year=2022") == ["March 2022", "May 2022"]
    assert head("?q=of&publish_at__year=2022&publish_at__month=3") == ["March 1", "March 31"]


def test_a_choice_at_the_head_keeps_what_else_narrows_the_list(signed_in, make_release):
    make_release("One")
    link = (
        signed_in.get(f"{RELEASES}?state=published&publish_at__year={timezone.localdate().year}")
        .context["cl"]
        .dates
    )
    assert "state=published" in link["back"]["link"]
    assert "publish_at" not in link["back"]["link"]


@pytest.mark.parametrize("state", ["draft", "submitted", "approved", "scheduled", "published", "withdrawn"])
def test_the_list_of_a_state_holds_what_stands_in_it(signed_in, makers, state):
    editor = makers.editor
    submitted = workflow.submit(makers.draft("Submitted"), by=editor)
    approved = workflow.approve(workflow.submit(makers.draft("Approved"), by=editor), by=makers.user("other"))
    made = {
        "draft": makers.draft("Draft"),
        "submitted": submitted,
        "approved": approved,
        "scheduled": makers.release("Scheduled", publish_at=timezone.now() + timezone.timedelta(days=3)),
        "published": makers.release("Published"),
        "withdrawn": workflow.withdraw(makers.release("Withdrawn"), by=editor, notice="Gone."),
    }
    assert list(signed_in.get(f"{RELEASES}?state={state}").context["cl"].result_list) == [made[state]]


def test_the_people_of_a_list_are_those_whom_its_rows_name(signed_in, make_release, make_user):
    make_user("nobody-yet")
    make_release("One")
    filters = signed_in.get(RELEASES).context["cl"].filter_specs
    [people] = [one.lookup_choices for one in filters if isinstance(one, lists.PeopleFilter)]
    assert [name for _pk, name in people] == ["edith"]


def test_no_text_is_read_for_a_list(signed_in, newsroom):
    assert not any('"body"' in statement for statement in queries_of(signed_in, RELEASES))


def test_the_log_is_searched_by_people_verbs_and_words_of_releases(
    signed_in, make_release, make_draft, editor
):
    release = make_release("Wells of Karst")
    make_draft("Another one")
    workflow.withdraw(release, by=editor, notice="Gone.")

    def found(words):
        return {event.verb for event in signed_in.get(EVENTS, {"q": words}).context["cl"].result_list}

    assert found("karst") == {"create", "publish", "withdraw"}
    assert found("karst withdraw") == {"withdraw"}
    assert found("edith karst publish") == {"publish"}
    assert found("edith nothing-like-it") == set()


@pytest.mark.parametrize("person", ["writer", "editor"])
@pytest.mark.parametrize("typed", ["t", "t -else", "bulk-1", '"t"'])
def test_of_a_word_that_nearly_all_have_the_newest_are_found_without_looking_at_all(
    newsroom, makers, request, monkeypatch, person, typed
):
    update_index(newsroom)
    makers.release("T of an editor", publish_at=timezone.now() + timezone.timedelta(days=1))
    makers.draft("T in a draft")
    user = request.getfixturevalue(person)

    def found():
        return list(changelist.matching(user, Release.objects.order_by(*STAFF_ORDER), typed))

    monkeypatch.setattr(changelist, "COUNTED", 20)
    monkeypatch.setattr(changelist, "LOOKED_AT", 0)
    of_all = found()
    monkeypatch.setattr(changelist, "LOOKED_AT", 40)
    with CaptureQueriesContext(connection) as caught:
        assert found() == of_all
    assert of_all
    assert len(caught) <= 5
