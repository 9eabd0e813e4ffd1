"""The API for programs; `test_openapi` holds it against its description."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import workflow

pytestmark = pytest.mark.django_db


def ask(client, **query):
    return client.get("/api/releases.json", query)


def test_an_answer_has_notes_and_whole_addresses(client, make_release, make_topic):
    make_release("T", notes=2, topics=[make_topic("Land")], summary="S")
    answer = ask(client).json()
    release = answer["releases"][0]
    assert release["notes"] == [
        {"number": 1, "text": "Source 1, report."},
        {"number": 2, "text": "Source 2, report."},
    ]
    assert 'href="http://testserver/releases/t/#' in release["content_html"]


def test_the_description_is_served_and_names_this_site(client, db):
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://testserver"}]
    assert list(document["paths"]) == ["/api/releases.json"]


def test_pages_follow_each_other_without_gap_or_double_while_things_change(client, make_release, editor):
    moment = timezone.now() - timedelta(days=1)
    made = [make_release(f"Number {number}", publish_at=moment) for number in range(7)]
    answer = ask(client, limit=3).json()
    found = [one["title"] for one in answer["releases"]]
    make_release("Newer")
    workflow.withdraw(made[4], by=editor, notice="Wrong.")  # the one that the first page ended with
    while answer["next"]:
        answer = client.get(answer["next"].removeprefix("http://testserver")).json()
        found += [one["title"] for one in answer["releases"]]
    assert found == [f"Number {number}" for number in (6, 5, 4, 3, 2, 1, 0)]


def test_it_is_kept_under_the_edition_and_asked_again_for_nothing(
    client, make_release, editor, django_assert_num_queries
):
    release = make_release("One")
    first = ask(client)
    with django_assert_num_queries(0):
        again = ask(client)
    assert again.content == first.content
    with django_assert_num_queries(0):
        unchanged = client.get("/api/releases.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    workflow.withdraw(release, by=editor, notice="Wrong.")
    assert ask(client).json()["releases"] == []
    assert (
        client.get("/api/releases.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    )


def test_pages_of_other_sites_may_read_its_answers_and_its_errors(client, make_release):
    make_release("One")
    for query in ({}, {"limit": "x"}):
        assert ask(client, **query).headers["Access-Control-Allow-Origin"] == "*"


def test_language_and_topic_narrow_the_answer(client, make_release, make_topic):
    land = make_topic("Land")
    make_release("A", topics=[land])
    make_release("B")
    make_release("C", language="ug", topics=[land])
    assert [one["title"] for one in ask(client, topic="land").json()["releases"]] == ["C", "A"]
    assert [one["title"] for one in ask(client, language="en").json()["releases"]] == ["B", "A"]
    assert [one["title"] for one in ask(client, language="en", topic="land").json()["releases"]] == ["A"]


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"limit": "-1"}, {"limit": "²"}, {"language": "xx"}, {"topic": "none"},
     {"after": "x"}, {"after": "00000000-0000-0000-0000-000000000000"}, {"topic": "\x00"}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_answered_with_the_reason(client, db, query):
    response = ask(client, **query)
    assert response.status_code == 400
    assert response.json()["error"]


def test_a_drafts_or_embargoed_id_is_as_unknown_as_any(client, make_release, make_draft):
    for release in (make_draft("D"), make_release("S", publish_at=timezone.now() + timedelta(days=1))):
        assert ask(client, after=str(release.uuid)).json() == ask(client, after="x").json()


def test_nothing_can_be_changed_through_it(client, db):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/api/releases.json").status_code == 405


def test_it_costs_the_same_for_one_and_for_a_hundred(
    client, make_release, make_topic, django_assert_num_queries
):
    topics = [make_topic("One"), make_topic("Two")]
    for number in range(30):
        last = make_release(f"Number {number}", topics=topics)
    for limit in (1, 30):
        # the edition, the topic, the place to go on behind, the releases with their words, their topics
        with django_assert_num_queries(5):
            ask(client, limit=limit, topic="one", after=str(last.uuid))
