"""Staff search drafts too, and only those that they may read."""

import io

import pytest
from django.core.management import call_command

from releases import workflow
from releases.models import SearchEntry
from releases.workflow import Words

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(client):
    """The primary keys of what the admin's list shows for a search."""

    def search(user, typed):
        client.force_login(user)
        answer = client.get("/admin/releases/release/", {"q": typed})
        assert answer.status_code == 200
        return {release.pk for release in answer.context["cl"].result_list}

    return search


def test_staff_find_drafts_embargoed_and_withdrawn_words(make_draft, make_release, editor, found):
    draft = make_draft("Zither", body="<p>律師們談到人權。</p>")
    withdrawn = workflow.withdraw(make_release("Zithers"), by=editor, notice="Gone.")
    changed = make_release("Plain")
    workflow.save_draft(changed, Words(title="New", body="<p>Some zithers</p>"), by=editor)
    make_release("Other")
    assert found(editor, "zither") == {draft.pk, withdrawn.pk, changed.pk}
    assert found(editor, "人权") == {draft.pk}
    assert found(editor, "zither -some") == {draft.pk, withdrawn.pk}
    assert found(editor, "plai") == {changed.pk}, "by a part of the address"


def test_a_writer_learns_nothing_of_the_draft_over_anothers_release(
    make_release, make_draft, editor, writer, found
):
    public = make_release("Plain zither")
    workflow.save_draft(public, Words(title="Plain", body="<p>oboe</p>"), by=editor)
    own = make_draft("Oboe", by=writer)
    assert found(writer, "oboe") == {own.pk}
    assert found(writer, "zither") == {public.pk}
    assert found(editor, "oboe") == {own.pk, public.pk}


def test_whatever_staff_type_the_list_is_shown(editor, found):
    for typed in ('"', "' OR 1", "\x00", "-", "a* -b*", "é" * 10_000, ":*&|!()"):
        found(editor, typed)


def test_the_command_rebuilds_and_says_how_much(make_release):
    make_release("Zither")
    SearchEntry.objects.all().delete()
    out = io.StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue() == "Search: 1 releases indexed.\n"
    assert SearchEntry.objects.count() == 1


def test_the_bar_moves_where_somebody_watches(make_release):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    make_release("Zither")
    out = Screen()
    call_command("rebuild_search", stdout=out)
    assert f"\r[{'#' * 40}] 1 of 1\n" in out.getvalue()
