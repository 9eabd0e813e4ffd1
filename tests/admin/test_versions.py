"""The versions of a draft in the history: grouped, compared, restored, and shown to nobody who may not see the draft."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases import workflow
from releases.admin.release.history import ROWS
from releases.models import Release, Version
from releases.workflow import Words
from tests.admin.test_verbs_by_url import form_of

pytestmark = pytest.mark.django_db
BASE = "/admin/releases/release/"
SECRET = "<p>Seven words that nobody else may read.</p>"


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


def written_over(release, by, *, times=1):
    """A draft of `by` with so many versions saved by hand; each says `SECRET` and its number."""
    at = timezone.now() - timedelta(hours=20)
    for number in range(times + 1):
        words = Words(f"Turn {number}", SECRET.replace("Seven", f"{number} times seven"))
        release = workflow.save_draft(release, words, by=by, at=at + timedelta(minutes=number))
    return release


def test_every_save_draft_stands_in_the_history_with_who_when_and_why(signed_in, make_draft):
    draft = make_draft("First")
    for title in ("Second", "Third"):
        signed_in.post(f"{BASE}{draft.pk}/change/", form_of(Release.objects.get(), title=title, _save=""))
    signed_in.post(
        f"{BASE}{draft.pk}/autosave/", form_of(Release.objects.get(), title="Third", body="<p>x</p>")
    )
    signed_in.post(
        f"{BASE}{draft.pk}/autosave/", form_of(Release.objects.get(), title="Fourth", body="<p>y</p>")
    )
    html = signed_in.get(f"{BASE}{draft.pk}/history/").content.decode()
    assert "3 earlier versions of revision 1" in html
    rows = re.findall(r'<tr>\s*<td><input[^>]*value="v\d+".*?</tr>', html, flags=re.DOTALL)
    assert [title for row in rows for title in ("First", "Second", "Third") if f"<td>{title}</td>" in row] == [
        "Third", "Second", "First"
    ]  # fmt: skip
    assert all("saved by hand" in row and "edith" in row for row in rows)
    assert "before a large deletion" in rows[0]


def test_a_version_is_compared_with_any_other_and_with_a_revision(signed_in, editor):
    draft = written_over(None, editor, times=2)
    first, second = Version.objects.order_by("at", "pk")
    for old, new in ((f"v{first.pk}", "1"), ("1", f"v{first.pk}"), (f"v{first.pk}", f"v{second.pk}")):
        html = signed_in.get(f"{BASE}{draft.pk}/compare/?old={old}&new={new}").content.decode()
        assert "<del>0</del>" in html, (old, new)
        assert "Revision 1 as it was on " in html


def test_a_version_is_restored_as_a_new_revision_by_who_may_write_the_draft(signed_in, editor):
    draft = written_over(None, editor)
    version = Version.objects.get(title="Turn 0")
    signed_in.post(f"{BASE}{draft.pk}/restore/", {"number": f"v{version.pk}"})
    working = Release.objects.get().working
    assert (working.number, working.title) == (2, "Turn 0")
    assert working.comment.startswith("Restored from revision 1 as it was on ")


@pytest.mark.parametrize("key", ["v0", "v", "v-1", "vx", "v٣", "1v", "v9999999999999", "v99999"])
def test_a_key_that_is_none_leads_nowhere(signed_in, editor, key):
    draft = written_over(None, editor)
    assert signed_in.get(f"{BASE}{draft.pk}/compare/?old={key}").status_code == 404
    assert signed_in.post(f"{BASE}{draft.pk}/restore/", {"number": key}).status_code == 404


def test_versions_of_another_release_are_not_reached_through_ones_own(client, editor, writer, make_draft):
    written_over(None, editor)
    own = make_draft("Own", by=writer)
    version = Version.objects.first()
    client.force_login(writer)
    assert client.get(f"{BASE}{own.pk}/compare/?old=v{version.pk}").status_code == 404
    assert client.post(f"{BASE}{own.pk}/restore/", {"number": f"v{version.pk}"}).status_code == 404
    assert Release.objects.get(pk=own.pk).working.title == "Own"


@pytest.mark.parametrize("role", ["writer", None])
@pytest.mark.parametrize("live", [False, True], ids=["a draft", "a draft over live words"])
def test_who_may_not_see_the_draft_sees_none_of_its_versions(
    client, make_user, editor, make_release, role, live
):
    release = written_over(make_release("Out") if live else None, editor, times=2)
    version = Version.objects.last()
    client.force_login(make_user("other", role))
    for path in ("history/", f"compare/?old=v{version.pk}", "change/", "autosave/", "preview/"):
        for send in (client.get, client.post):
            html = send(f"{BASE}{release.pk}/{path}").content.decode()
            assert "times seven" not in html
            assert "Turn" not in html
            assert "is kept" not in html
    assert client.post(f"{BASE}{release.pk}/restore/", {"number": f"v{version.pk}"}).status_code in {
        302,
        403,
        404,
    }
    assert Release.objects.get().current.title == "Turn 2"


def test_the_history_of_hundreds_of_versions_is_paged_and_costs_as_much_as_one(
    signed_in, editor, make_user, make_draft
):
    def queries(page=1):
        with CaptureQueriesContext(connection) as caught:
            answer = signed_in.get(f"{BASE}{draft.pk}/history/?page={page}")
        assert answer.status_code == 200
        return len(caught), answer.content.decode()

    draft = make_draft("Turn")
    workflow.save_draft(draft, Words("Second"), by=editor)
    few, _html = queries()
    one = Version.objects.get()
    others = [make_user(f"user{n}") for n in range(3)]
    for by in others:
        draft = workflow.save_draft(draft, Words(f"By {by}"), by=by)
        Version.objects.bulk_create(
            Version(revision=draft.working, at=one.at - timedelta(minutes=n), by=by, title="T", words=one.words, digest=f"{n}")
            for n in range(ROWS - 50)
        )  # fmt: skip
    many, html = queries()
    assert many <= few
    assert html.count('name="new"') <= ROWS + 1
    shown = sum(queries(page)[1].count('name="new"') for page in (1, 2, 3))
    assert shown == 3 * (ROWS - 50) + 3 + 2
    for page in ("4", "0", "x", "-1", "9" * 5000):
        assert signed_in.get(f"{BASE}{draft.pk}/history/?page={page}").status_code == 404


def test_an_answer_leads_back_to_what_a_deletion_took_and_so_does_the_form(signed_in, make_draft):
    draft = make_draft("Turn", body=SECRET)
    answer = signed_in.post(f"{BASE}{draft.pk}/autosave/", form_of(draft, body="<p>x</p>")).json()
    version = Version.objects.get()
    assert "before a large deletion" in answer["kept"]["said"]
    assert answer["kept"]["address"].endswith(f"?old=v{version.pk}")
    html = signed_in.get(f"{BASE}{draft.pk}/change/").content.decode()
    assert answer["kept"]["address"] in html


def test_what_the_page_says_of_a_reason_is_taken_only_where_it_is_one(signed_in, make_draft):
    draft = make_draft("Turn")
    for said in ("deletion", "taken", "x" * 5000):
        signed_in.post(
            f"{BASE}{draft.pk}/autosave/", form_of(Release.objects.get(), title=said[:9], reason=said)
        )
    assert not Version.objects.exclude(before="").exists()


def test_theirs_is_taken_without_scripts_as_well(signed_in, make_draft, make_user):
    draft = make_draft("Turn")
    page = form_of(draft, title="Mine")
    workflow.save_draft(draft, Words("Theirs"), by=make_user("Olga"))
    html = signed_in.post(f"{BASE}{draft.pk}/change/", {**page, "_save": ""}).content.decode()
    assert 'name="_theirs"' in html
    signed_in.post(f"{BASE}{draft.pk}/change/", {**page, "publish_at_0": "no date at all", "_theirs": ""})
    assert Release.objects.get().current.title == "Theirs"
    assert Version.objects.get(before="taken").title == "Mine"


def test_keeping_ones_own_over_another_window_keeps_what_stood_there(signed_in, make_draft, editor):
    draft = make_draft("Turn", body=SECRET)
    workflow.save_draft(draft, Words("Other window", SECRET), by=editor, auto=True)
    page = form_of(Release.objects.get(), title="This window", body=SECRET, reason="conflict", _save="")
    signed_in.post(f"{BASE}{draft.pk}/change/", page)
    assert Version.objects.get(before="conflict").title == "Other window"


def test_a_word_file_over_a_draft_without_scripts_keeps_what_stood_there(signed_in, make_draft):
    from tests.intake.word import docx

    draft = make_draft("Turn", body=SECRET)
    file = docx("One word.")
    file.name = "statement.docx"
    signed_in.post(f"{BASE}docx/", {"file": file, "release": draft.pk})
    assert (Version.objects.get().before, Version.objects.get().title) == ("import", "Turn")
