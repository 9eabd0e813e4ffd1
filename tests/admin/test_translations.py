"""The page of translations, and the form that has nothing to do with them any more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases import workflow
from releases.models import Event, Release
from releases.workflow import Words
from tests.admin.test_verbs_by_url import form_of
from tests.bulk import many

pytestmark = pytest.mark.django_db
# The session, the person and their role; the release with its words, topics, picture, events, versions and links; the
# vocabulary; who could be the next author.
FORM = 30


@pytest.fixture
def hidden(make_draft, editor):
    return make_draft("Hidden title", language="zh-hans", by=editor)


def page(release):
    return f"/admin/releases/release/{release.pk}/translations/"


def test_the_form_asks_as_much_of_a_newsroom_of_one_release_as_of_hundreds(
    client, make_release, make_draft, editor
):
    release = make_draft("Mine", language="zh-hans")
    make_release("Another")
    client.force_login(editor)
    address = f"/admin/releases/release/{release.pk}/change/"

    def cost():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = cost()
    many(300)
    assert cost() == few
    assert few <= FORM


def test_saving_the_form_leaves_translations_alone(client, make_release, editor):
    release, other = make_release("In English"), make_release("In Chinese", language="zh-hans")
    workflow.tie(release, other, by=editor)
    client.force_login(editor)
    data = form_of(release, title="Changed", translations=[])
    assert client.post(f"/admin/releases/release/{release.pk}/change/", data).status_code == 302
    assert Release.objects.get(pk=release.pk).translation_group_id
    assert Event.objects.order_by("-pk")[0].verb == "save draft"


def test_two_clicks_begin_a_translation_and_a_third_opens_the_same(client, make_release, writer):
    release = make_release("In English")
    client.force_login(writer)
    assert page(release) in client.get(f"/admin/releases/release/{release.pk}/change/").text
    assert 'value="zh-hans"' in client.get(page(release)).text
    first, second = (client.post(page(release), {"translate": "zh-hans"}) for _ in range(2))
    made = Release.objects.get(language="zh-hans")
    assert first["Location"] == second["Location"] == f"/admin/releases/release/{made.pk}/change/"
    text = client.get(page(release)).text
    assert 'value="zh-hans"' not in text
    assert f"/admin/releases/release/{made.pk}/change/" in text


def test_what_is_found_is_what_one_may_see_by_words_or_address(client, make_release, hidden, writer, editor):
    release = make_release("In English")
    other = make_release("Known title", language="zh-hant")
    client.force_login(writer)
    for asked in ("title", "hidden", hidden.slug, f"http://testserver/zh-hans/releases/{hidden.slug}/"):
        text = client.get(page(release), {"q": asked, "part": "found"}).text
        assert "Hidden" not in text, asked
        assert f'value="{hidden.pk}"' not in text
    for asked in ("known", other.slug, f"http://testserver{other.get_absolute_url()}"):
        assert f'name="tie" value="{other.pk}"' in client.get(page(release), {"q": asked}).text, asked
    client.force_login(editor)
    assert f'value="{hidden.pk}"' in client.get(page(release), {"q": "hidden"}).text


def test_a_draft_over_a_tied_release_is_not_shown_to_who_may_not_read_it(
    client, make_release, writer, editor
):
    release, other = make_release("In English"), make_release("In Chinese", language="zh-hans")
    workflow.tie(release, other, by=editor)
    workflow.save_draft(other, Words("Hidden title"), by=editor)
    client.force_login(writer)
    for address in (page(release), f"/admin/releases/release/{release.pk}/change/"):
        text = client.get(address).text
        assert "In Chinese" in text
        assert "Hidden" not in text


def test_a_translation_that_a_colleague_writes_is_a_language_and_no_more(
    client, make_release, writer, make_user
):
    release = make_release("In English")
    begun = workflow.translate(release, "zh-hans", by=writer)
    workflow.save_draft(begun, Words("Hidden title"), by=writer)
    client.force_login(make_user("wanda", "writer"))
    text = client.get(page(release)).text
    assert "not yours to see" in text
    assert "Hidden" not in text
    assert 'value="zh-hans"' not in text


def test_tying_and_untying_by_the_page(client, make_release, editor, writer):
    release, other = make_release("In English"), make_release("In Chinese", language="zh-hans")
    client.force_login(writer)
    assert "ask an editor" in client.post(page(release), {"tie": other.pk}, follow=True).text
    client.force_login(editor)
    client.post(page(release), {"tie": other.pk})
    assert Release.objects.get(pk=other.pk).translation_group_id
    client.post(page(release), {"untie": other.pk})
    assert not Release.objects.get(pk=other.pk).translation_group_id
    for junk in ("", "x", "9" * 5000, "999999"):
        assert client.post(page(release), {"tie": junk}, follow=True).status_code == 200
