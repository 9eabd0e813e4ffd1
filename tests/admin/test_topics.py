"""Curating the vocabulary in the admin: forms that keep what was typed, previews that change nothing, undo."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from releases import workflow
from releases.models import Edition, Event, FormerSlug, Release, ReleaseTopic, Topic, TopicWord
from releases.permissions import hidden, viewable
from releases.workflow import Words, topics
from tests.views.page import read, select

pytestmark = pytest.mark.django_db
LIST = "/admin/releases/topic/"


@pytest.fixture
def signed_in(client, chief):
    client.force_login(chief)
    return client


def page_of(topic, name):
    return f"{LIST}{topic.pk}/{name}/"


def typed(name="Tibet", **fields):
    others = {f"name_{code}": "" for code in ("zh-hans", "zh-hant", "bo", "ug")}
    return {"name": name, "description": "", "slug": "", "synonyms": "", **others, **fields}


def test_the_tags_of_the_library_below_are_nobodys_page(client, chief):
    """Topics are the one vocabulary; a second list of tags would only mislead."""
    chief.is_superuser = True
    chief.save()
    client.force_login(chief)
    assert client.get("/admin/releases/topic/").status_code == 200
    assert client.get("/admin/taggit/tag/").status_code == 404


def test_a_topic_is_added_through_the_workflow_with_a_synonym_on_each_line(signed_in):
    words = typed("Land", synonyms="Fields, woods\r\n  Soil \r\n\r\nsoil\r\nLAND", name_bo="ས་")
    signed_in.post(f"{LIST}add/", words)
    topic = Topic.objects.get()
    assert topic.synonyms == ["Fields, woods", "Soil"]
    assert topic.names == {"bo": "ས་"}
    assert Event.objects.filter(verb="add topic").count() == 1


def test_a_new_address_leaves_the_former_one_leading_on(signed_in, make_topic):
    topic = make_topic("Tibet")
    number = Edition.objects.get().number
    signed_in.post(page_of(topic, "change"), typed(slug="བོད་"))
    topic.refresh_from_db()
    assert topic.slug.startswith("བོད")
    assert FormerSlug.objects.get().slug == "tibet"
    assert Edition.objects.get().number > number
    assert signed_in.get("/topics/tibet/").status_code == 301


def test_a_new_name_shows_what_changes_first_and_changes_nothing_until_confirmed(
    signed_in, make_topic, make_release, chief
):
    topic = make_topic("Uighurs", synonyms=["Uygurs"])
    topics.merge(make_topic("East Turkestan"), topic, by=chief)
    make_release("Out", topics=[topic])
    edition, events = Edition.objects.get().number, Event.objects.count()
    words = typed("Uyghurs", slug="uyghurs", synonyms="Uygurs\r\nUigurs", description='A "people" <b>')
    shown = signed_in.post(page_of(topic, "rename"), words)
    assert "<del>Uighurs</del> → <ins>Uyghurs</ins>" in shown.text
    assert "<del>Uygurs</del> → <ins>Uygurs · Uigurs</ins>" in shown.text
    assert "<del>–</del> → <ins>A &quot;people&quot; &lt;b&gt;</ins>" in shown.text
    for old in ("uighurs", "east-turkestan"):
        for end in ("", "feed.rss", "feed.atom", "feed.json"):
            assert f"<code>/topics/{old}/{end}</code> → <code>/topics/uyghurs/{end}</code>" in shown.text
    assert "1 release stays filed" in shown.text
    topic.refresh_from_db()
    assert (topic.name, topic.slug, Edition.objects.get().number) == ("Uighurs", "uighurs", edition)
    assert Event.objects.count() == events
    # The button sends what the page holds.
    sent = {field.get("name"): field.get("value", "") for field in select(read(shown), "form.renaming input")}
    signed_in.post(page_of(topic, "change"), sent)
    topic.refresh_from_db()
    assert (topic.name, topic.slug, topic.synonyms) == ("Uyghurs", "uyghurs", ["Uygurs", "Uigurs"])
    assert topic.description == 'A "people" <b>'


def test_a_new_name_that_changes_nothing_or_is_wrong_says_so(signed_in, make_topic):
    topic = make_topic("Tibet")
    make_topic("Other")
    assert "Nothing would change." in signed_in.post(page_of(topic, "rename"), typed("Tibet")).text
    wrong = signed_in.post(page_of(topic, "rename"), typed("ＯＴＨＥＲ", description="Typed."))
    assert "already: “Other”" in wrong.text
    assert "Typed." in wrong.text
    synonym = signed_in.post(page_of(topic, "rename"), typed("Tibet", synonyms="other", description="Typed."))
    assert "own name already" in synonym.text
    assert "Typed." in synonym.text
    assert signed_in.get(page_of(topic, "rename")).status_code == 405


def test_an_address_that_another_topic_has_or_had_is_refused(signed_in, make_topic, chief):
    one, other = make_topic("One"), make_topic("Other")
    topics.rename(one, topics.Naming(name="One", names={}, slug="first"), by=chief)
    for slug in ("first", "one"):
        answer = signed_in.post(page_of(other, "change"), typed("Other", slug=slug))
        assert "“One”" in answer.text
    assert Topic.objects.get(pk=other.pk).slug == "other"


@pytest.mark.parametrize("word", ["ＴＩＢＥＴ", "roof of the  World"])
def test_a_synonym_leads_to_one_topic_only_and_what_was_typed_is_kept(signed_in, make_topic, word):
    make_topic("Tibet", synonyms=["Roof of the world"])
    answer = signed_in.post(
        f"{LIST}add/", typed("Mountains", description="High up.", synonyms=f"Peaks\n{word}")
    )
    assert "Tibet” already" in answer.text or "own name" in answer.text
    assert "High up." in answer.text
    assert "Peaks" in answer.text
    assert not Topic.objects.filter(name="Mountains").exists()


def test_a_name_that_is_a_synonym_of_another_is_refused(signed_in, make_topic):
    make_topic("Tibet", synonyms=["Xizang"])
    assert "is a synonym of “Tibet”" in signed_in.post(f"{LIST}add/", typed("XIZANG")).text


def test_merging_shows_what_changes_first_and_changes_nothing_until_confirmed(
    signed_in, make_topic, make_release, make_draft
):
    old, new = make_topic("Old"), make_topic("New")
    make_release("Out already", topics=[old])
    make_release("Due later", topics=[old, new], publish_at=timezone.now() + timedelta(days=3))
    make_draft("Being written", topics=[old])
    make_draft("About something else", topics=[new])
    before = set(ReleaseTopic.objects.values_list("content_object", "tag"))
    shown = signed_in.get(page_of(old, "merge"), {"into": new.pk}).text
    for words in (
        "3 releases will stand",
        "1 of them stands there already",
        "Published (1)",
        "Embargoed (1)",
        "Drafts (1)",
    ):
        assert words in shown
    assert "About something else" not in shown
    assert "<code>/topics/old/feed.atom</code> → <code>/topics/new/feed.atom</code>" in shown
    assert set(ReleaseTopic.objects.values_list("content_object", "tag")) == before
    signed_in.post(page_of(old, "merge"), {"into": new.pk})
    assert Topic.objects.get(pk=old.pk).merged_into == new
    assert not ReleaseTopic.objects.filter(tag=old).exists()


def test_a_split_previews_and_moves_the_ticked_releases(signed_in, make_topic, make_release):
    whole, part = make_topic("Whole"), make_topic("Part")
    one, other = make_release("One", topics=[whole]), make_release("Other", topics=[whole])
    assert "To Part: One" in signed_in.get(page_of(whole, "split"), {"into": part.pk}).text
    words = {"into": part.pk, f"to-{part.pk}": one.pk}
    preview = signed_in.post(page_of(whole, "split"), {**words, "_preview": ""}).text
    assert "1 release moves" in preview
    assert "1 release stays" in preview
    assert not ReleaseTopic.objects.filter(tag=part).exists()
    signed_in.post(page_of(whole, "split"), {**words, "_confirm": ""})
    assert ReleaseTopic.objects.get(tag=part).content_object == one
    assert ReleaseTopic.objects.get(tag=whole).content_object == other


def test_a_split_of_nothing_is_said_and_junk_is_no_error_of_the_server(signed_in, make_topic, make_release):
    whole, part = make_topic("Whole"), make_topic("Part")
    make_release("One", topics=[whole])
    for junk in ({}, {f"to-{part.pk}": "x"}, {f"to-{part.pk}": "9" * 40}):
        answer = signed_in.post(page_of(whole, "split"), {"into": part.pk, "_preview": "", **junk})
        assert "Choose at least one release." in answer.text
    assert signed_in.post(page_of(whole, "split"), {"into": "x", "_confirm": ""}).status_code == 200


def test_retiring_and_undoing_by_the_buttons(signed_in, make_topic, make_release):
    topic = make_topic("Olympics")
    make_release("In it", topics=[topic])
    assert "1 release stays filed" in signed_in.get(page_of(topic, "retire")).text
    answer = signed_in.post(page_of(topic, "retire"), follow=True)
    event = Event.objects.get(verb="retire topic")
    assert f"changes/{event.pk}/undo/" in answer.text
    answer = signed_in.post(f"{LIST}changes/{event.pk}/undo/", follow=True)
    assert "This has been undone already." in answer.text
    assert Topic.objects.current().get() == topic


def test_a_change_that_something_came_after_says_why_it_cannot_be_undone(signed_in, make_topic, chief):
    one, other = make_topic("One"), make_topic("Other")
    topics.retire(one, by=chief)
    topics.merge(one, other, by=chief)
    shown = signed_in.get(f"{LIST}changes/").text
    assert shown.count('/undo/"') == 1
    assert "undo that first" in shown
    assert "Merged “One” into “Other”." in signed_in.get(page_of(other, "history")).text


def test_what_left_the_vocabulary_is_listed_behind_a_filter(signed_in, make_topic, chief):
    kept, retired, merged = make_topic("Kept"), make_topic("Gone away"), make_topic("Swallowed")
    topics.retire(retired, by=chief)
    topics.merge(merged, kept, by=chief)

    def names(query):
        return {topic.name for topic in signed_in.get(LIST + query).context["cl"].queryset}

    assert names("") == {"Kept"}
    assert names("?standing=retired") == {"Gone away"}
    assert names("?standing=merged") == {"Swallowed"}
    assert names("?standing=all&q=swallowed") == {"Kept", "Swallowed"}


@pytest.mark.parametrize("role", ["writer", "editor"])
def test_only_a_chief_reaches_these_pages_by_address_too(client, make_user, make_topic, chief, role):
    topic, other = make_topic("One"), make_topic("Other")
    topics.retire(other, by=chief)
    event = Event.objects.get(verb="retire topic")
    client.force_login(make_user("somebody", role))
    paths = [page_of(topic, name) for name in ("merge", "split", "retire", "rename", "history")]
    for path in (*paths, f"{LIST}add/", f"{LIST}changes/", f"{LIST}changes/{event.pk}/undo/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"into": other.pk}).status_code == 403
    assert client.post(page_of(topic, "change"), typed("Changed")).status_code == 403
    assert client.get(LIST).status_code == 200


def test_the_picker_knows_the_other_words_of_a_topic_and_of_those_merged_into_it(
    signed_in, make_topic, chief
):
    topic, old = make_topic("Uyghurs", synonyms=["East, far"], names={"ug": "ئۇيغۇر"}), make_topic("Uighurs")
    topics.merge(old, topic, by=chief)
    assert Topic.objects.other_words()[topic.pk] == ["Uighurs", "East, far", "ئۇيغۇر"]
    assert 'data-words="Uighurs\nEast, far\nئۇيغۇر"' in signed_in.get("/admin/releases/release/add/").text
    for word in ("uighurs", "east, far"):
        assert TopicWord.objects.get(key=word).topic == topic


def test_saving_a_draft_again_keeps_its_merged_and_retired_topics(signed_in, make_draft, make_topic, chief):
    old, new, retired = make_topic("Old"), make_topic("New"), make_topic("Retired")
    draft = make_draft("Draft", topics=[old, retired])
    topics.merge(old, new, by=chief)
    topics.retire(retired, by=chief)
    path = f"/admin/releases/release/{draft.pk}/change/"
    form = signed_in.get(path).context["adminform"].form
    assert set(form.initial["topics"]) == {new.pk, retired.pk}
    # One form was opened before the merge: it sends the former topic.
    field = form.fields["topics"]
    assert set(field.clean([str(old.pk), str(retired.pk)])) == {new, retired}
    workflow.save_draft(draft, Words(title="Draft", topics=field.clean([str(old.pk)])), by=chief)
    draft.refresh_from_db()
    assert workflow.words_of(draft.working).topics == (new,)


def test_the_list_counts_what_this_person_may_see(client, makers, make_topic, writer, editor, chief):
    land, unused = make_topic("Land"), make_topic("Sea")
    soon = timezone.now() + timedelta(days=1)
    makers.release("Out", topics=[land])
    makers.release("Embargoed", topics=[land], publish_at=soon)
    makers.release("The writer's own, embargoed", topics=[land], publish_at=soon, by=writer)
    withdrawn = makers.release("Gone", topics=[land])
    workflow.withdraw(withdrawn, by=editor, notice="It was wrong.")
    makers.draft("Not yet", topics=[land])
    for person, number in ((writer, 2), (editor, 4), (chief, 4)):
        client.force_login(person)
        rows = client.get(LIST).context["cl"].result_list
        assert {one: one.used_by for one in rows} == {land: number, unused: 0}


def test_nobody_sees_what_is_hidden_and_all_else(makers, writer, editor, chief):
    makers.release("Out")
    makers.release("Embargoed", publish_at=timezone.now() + timedelta(days=1))
    makers.draft("A draft")
    makers.draft("The writer's own", by=writer)
    workflow.withdraw(makers.release("Gone"), by=editor, notice="It was wrong.")
    Release.objects.filter(slug="a-draft").update(created_by=None)
    for person in (writer, editor, chief, AnonymousUser()):
        seen, others = (set(of(person, Release.objects.all())) for of in (viewable, hidden))
        assert seen.isdisjoint(others)
        assert seen | others == set(Release.objects.all())
