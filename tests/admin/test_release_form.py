"""Writing a release through the form, as a browser without scripts would."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from releases import workflow
from releases.models import Event, Release, Topic
from releases.workflow import Words
from tests.admin.pressing import press
from tests.makers import body_with

pytestmark = pytest.mark.django_db
ADD = "/admin/releases/release/add/"


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


def form_of(title="A title", **fields):
    return {
        "title": title, "slug": "", "language": "en", "summary": "", "dateline": "", "body": "<p>Words</p>",
        "publish_at_0": "", "publish_at_1": "", **fields,
    }  # fmt: skip


def change(release):
    return f"/admin/releases/release/{release.pk}/change/"


def test_saving_keeps_a_draft_that_readers_do_not_see(signed_in, make_topic):
    topic = make_topic("Land, Property, Housing")
    response = signed_in.post(ADD, form_of(topics=[topic.pk], _save=""), follow=True)
    assert "Saved as a draft" in response.content.decode()
    release = Release.objects.get()
    assert release.state() == "draft"
    assert list(release.working.topics.all()) == [topic]


def test_publish_saves_what_was_typed_and_publishes_it(signed_in):
    response = press(signed_in, ADD, form_of(body=body_with(2), _publish=""), follow=True)
    assert "Published." in response.content.decode()
    release = Release.objects.visible().get()
    assert release.live.note_count == 2


def test_a_date_in_the_future_makes_an_embargo(signed_in):
    due = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    fields = {"publish_at_0": f"{due:%Y-%m-%d}", "publish_at_1": f"{due:%H:%M:%S}"}
    response = press(signed_in, ADD, form_of(**fields, _publish=""), follow=True)
    assert "Scheduled: goes out" in response.content.decode()
    assert Release.objects.get().publish_at == due


def test_a_time_that_the_clocks_skip_is_refused_in_words_that_say_what_to_choose(signed_in, settings):
    settings.TIME_ZONE = "America/New_York"
    response = signed_in.post(ADD, form_of(publish_at_0="2027-03-14", publish_at_1="02:30:00", _save=""))
    assert "Choose a time before 02:00, or from 03:00 on." in response.content.decode()
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("day", "clock", "button"),
    [("0026-06-08", "09:00", "_publish"), ("9999-12-31", "23:59", "_save"), ("28/11/26", "9am", "_save")],
)
def test_a_year_that_nobody_means_is_an_error_at_the_date_and_all_that_was_typed_stays(
    signed_in, day, clock, button
):
    fields = form_of("Old wells", publish_at_0=day, publish_at_1=clock, **{button: ""})
    response = signed_in.post(ADD, fields)
    assert response.context["adminform"].form.errors["publish_at"]
    page = response.content.decode()
    assert "Old wells" in page
    assert f'value="{day}"' in page
    assert not Release.objects.exists()


def test_a_date_is_taken_as_people_write_it(signed_in):
    signed_in.post(ADD, form_of(publish_at_0="28 Nov 2031", publish_at_1="midnight", _save=""))
    due = timezone.localtime(Release.objects.get().working.publish_at)
    assert f"{due:%Y-%m-%d %H:%M}" == "2031-11-28 00:00"


def test_a_time_that_comes_twice_is_asked_about_and_both_are_offered(signed_in, settings):
    settings.TIME_ZONE = "America/New_York"
    fields = form_of(publish_at_0="2027-11-07", publish_at_1="01:30:00", _save="")
    page = signed_in.post(ADD, fields).content.decode()
    assert "Choose which one is meant." in page
    assert "the first, UTC−04:00 (05:30 UTC)</option>" in page
    assert not Release.objects.exists()
    signed_in.post(ADD, {**fields, "publish_at_which": "1"})
    assert Release.objects.get().working.publish_at == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)


def test_the_chosen_one_of_two_times_survives_the_next_save(signed_in, make_draft, settings):
    settings.TIME_ZONE = "America/New_York"
    at = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    draft = make_draft(publish_at=at)
    page = signed_in.get(change(draft)).content.decode()
    assert '<option value="1" selected>the second' in page


def test_an_uncited_note_is_an_error_that_names_it_and_keeps_every_character(signed_in):
    body = body_with(2).replace("</ol>", '<li id="fn-orphan1"><p>Nobody’s source</p></li></ol>')
    response = signed_in.post(ADD, form_of(body=body, title="Kept title", _save=""))
    page = response.content.decode()
    assert "Note 3 is not cited in the text" in page
    assert "fn-orphan1" in page
    assert "Kept title" in page
    assert not Release.objects.exists()


def test_what_the_workflow_refuses_is_said_on_the_form_with_the_words_kept(
    client, make_draft, editor, writer
):
    client.force_login(writer)
    draft = make_draft(by=writer)
    response = client.post(
        change(draft), form_of("Typed by hand", _publish="", seen=draft.working.save_number)
    )
    assert "ask an editor" in response.content.decode()
    assert "Typed by hand" in response.content.decode()
    assert Release.objects.get().working.title == "A title"


def test_the_box_of_a_refused_button_stays_open(client, make_release, editor):
    client.force_login(editor)
    release = make_release("Shown")
    for button, summary in (("_correct", "Publish as a correction"), ("_withdraw", "Withdraw or discard")):
        fields = form_of("Shown again", seen=release.live.save_number, slug=release.slug, **{button: ""})
        page = client.post(change(release), fields).text
        assert f'<details class="module" open><summary>{summary}' in page
        assert page.count('<details class="module" open>') == 1


def test_a_save_over_a_newer_save_is_said_and_changes_nothing(signed_in, make_draft, make_user):
    draft = make_draft()
    workflow.save_draft(draft, Words(title="Theirs"), by=make_user("other"))
    response = signed_in.post(change(draft), form_of("Mine", _save="", seen=draft.working.save_number))
    assert "after you opened it" in response.content.decode()
    assert "Mine" in response.content.decode()
    assert Release.objects.get().current.title == "Theirs"


def test_reload_and_save_without_an_edit_changes_nothing(signed_in, make_draft):
    draft = make_draft(notes=3, summary="Short.")
    response = signed_in.get(change(draft))
    initial = response.context["adminform"].form.initial
    assert initial["body"] == draft.working.body
    data = form_of(
        draft.working.title, body=initial["body"], summary="Short.", slug=draft.slug, seen=initial["seen"]
    )
    signed_in.post(change(draft), {**data, "_save": ""})
    assert Event.objects.count() == 1


def test_topics_with_commas_slashes_and_quotes_round_trip(signed_in, make_topic):
    names = [
        "Land, Property, Housing",
        "Thoughts/Theories",
        "Lawyer's rights",
        "Lawyers’ Detention",
        'Say "so"',
    ]
    topics = [make_topic(name) for name in names]
    press(signed_in, ADD, form_of(topics=[topic.pk for topic in topics], _publish=""))
    assert {topic.name for topic in Release.objects.get().topics.all()} == set(names)
    assert Topic.objects.count() == len(names)


@pytest.mark.parametrize("junk", ["999999", "x", "Land, Property, Housing", "1' OR 1=1", "٣"])
def test_no_typed_topic_comes_into_being(signed_in, make_topic, junk):
    make_topic("Real")
    response = signed_in.post(ADD, form_of(topics=[junk], _save=""))
    assert response.status_code == 200
    assert Topic.objects.count() == 1
    assert not Release.objects.exists()


def test_withdrawing_through_the_form(signed_in, make_release):
    release = make_release()
    data = form_of(
        release.live.title, body=release.live.body, slug=release.slug, notice="A source is at risk."
    )
    signed_in.post(change(release), {**data, "_withdraw": ""})
    assert Release.objects.get().withdrawal_notice == "A source is at risk."


def test_the_list_costs_the_same_at_2_and_at_60_rows(
    signed_in, make_release, make_topic, django_assert_max_num_queries
):
    topics = [make_topic("One"), make_topic("Two")]

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert signed_in.get("/admin/releases/release/").status_code == 200
        return len(caught)

    for number in range(2):
        make_release(f"First {number}", topics=topics)
    few = queries()
    for number in range(48):
        make_release(f"More {number}", topics=topics)
    assert queries() == few


def test_a_writer_sees_only_their_own_drafts(client, writer, make_draft):
    client.force_login(writer)
    foreign, own = make_draft("Not theirs"), make_draft("Their own", by=writer)
    page = client.get("/admin/releases/release/").content.decode()
    assert "Their own" in page
    assert "Not theirs" not in page
    assert client.get(change(own)).status_code == 200
    assert client.get(change(foreign)).status_code == 302
