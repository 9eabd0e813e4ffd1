"""What ties releases in several languages, who may make and end it, and how a translation begins."""

import pytest

from releases import editions, workflow
from releases.models import Event, Release, TranslationGroup
from releases.workflow import Refused
from tests.makers import body_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(make_release):
    return make_release("In English")


@pytest.fixture
def chinese(make_release):
    return make_release("In Chinese", language="zh-hans")


def group_of(*releases):
    return {Release.objects.get(pk=one.pk).translation_group_id for one in releases}


def test_a_tie_is_an_event_on_each_release_and_a_new_edition(live, chinese, editor):
    before = editions.current().number
    workflow.tie(live, chinese, by=editor)
    assert len(group_of(live, chinese)) == 1
    assert set(Event.objects.filter(verb="tie").values_list("release", "user")) == {
        (live.pk, editor.pk), (chinese.pk, editor.pk)
    }  # fmt: skip
    assert editions.current().number == before + 1
    workflow.tie(live, chinese, by=editor)
    assert Event.objects.filter(verb="tie").count() == 2


def test_untying_is_seen_by_readers_and_recorded_on_each(live, chinese, editor, client):
    workflow.tie(live, chinese, by=editor)
    assert chinese.get_absolute_url() in client.get(live.get_absolute_url()).text
    workflow.untie(chinese, by=editor)
    assert group_of(live, chinese) == {None}
    assert Event.objects.filter(verb="untie").count() == 2
    assert not TranslationGroup.objects.exists()
    assert chinese.get_absolute_url() not in client.get(live.get_absolute_url()).text
    with pytest.raises(Refused, match="no translation"):
        workflow.untie(chinese, by=editor)


def test_two_groups_become_one_and_the_rest_of_a_group_stays_together(live, chinese, make_release, editor):
    traditional, tibetan = (make_release(f"In {code}", language=code) for code in ("zh-hant", "bo"))
    workflow.tie(live, chinese, by=editor)
    workflow.tie(traditional, tibetan, by=editor)
    workflow.tie(chinese, tibetan, by=editor)
    assert len(group_of(live, chinese, traditional, tibetan)) == 1
    assert TranslationGroup.objects.count() == 1
    workflow.untie(live, by=editor)
    assert group_of(live) == {None}
    assert len(group_of(chinese, traditional, tibetan)) == 1


def test_a_group_has_one_release_a_language(live, chinese, make_release, editor):
    other = make_release("In other Chinese", language="zh-hans")
    workflow.tie(live, chinese, by=editor)
    with pytest.raises(Refused, match="already: “In Chinese”"):
        workflow.tie(live, other, by=editor)
    assert group_of(other) == {None}
    draft = workflow.translate(live, "bo", by=editor)
    with pytest.raises(Refused, match="take it out of its translations first"):
        workflow.readdress(draft, slug=draft.slug, language="zh-hans", by=editor)


def test_a_writer_changes_nothing_that_readers_are_told(live, make_draft, make_release, writer, editor):
    mine = workflow.publish(make_draft("Mine, in Chinese", by=writer, language="zh-hans"), by=editor)
    for pair in ((live, mine), (mine, live)):
        with pytest.raises(Refused, match="ask an editor"):
            workflow.tie(*pair, by=writer)
    workflow.tie(live, mine, by=editor)
    for one in (live, mine):
        with pytest.raises(Refused, match="ask an editor"):
            workflow.untie(one, by=writer)
    assert len(group_of(live, mine)) == 1


def test_a_draft_that_its_writer_ties_is_told_with_its_publication(live, make_draft, writer, editor, client):
    draft = make_draft("Mine, in Chinese", by=writer, language="zh-hans")
    before = editions.current().number
    workflow.tie(draft, live, by=writer)
    assert editions.current().number == before
    assert draft.get_absolute_url() not in client.get(live.get_absolute_url()).text
    workflow.publish(draft, by=editor)
    assert draft.get_absolute_url() in client.get(live.get_absolute_url()).text


def test_a_writer_takes_the_own_draft_out_again_and_no_other(live, make_draft, make_user, writer):
    draft = workflow.tie(make_draft("Mine", by=writer, language="zh-hans"), live, by=writer)
    with pytest.raises(Refused):
        workflow.untie(draft, by=make_user("wanda", "writer"))
    workflow.untie(draft, by=writer)
    assert group_of(draft, live) == {None}


def test_a_writer_ties_nothing_to_what_is_not_theirs_to_see(make_draft, writer, editor):
    hidden, mine = make_draft("Hidden"), make_draft("Mine", by=writer, language="zh-hans")
    with pytest.raises(Refused, match="no such release"):
        workflow.tie(mine, hidden, by=writer)
    assert group_of(mine, hidden) == {None}


def test_a_translation_begins_with_the_words_notes_topics_and_picture(
    make_release, make_topic, make_picture, writer, editor
):
    topic, picture = make_topic("Land"), make_picture()
    live = make_release(
        "A title", body=body_with(2), summary="In short.", topics=[topic], picture=picture, picture_alt="A field.",
        picture_caption="Photo: us.",
    )  # fmt: skip
    workflow.save_draft(live, workflow.Words("Not theirs to see"), by=editor)
    made = workflow.translate(live, "zh-hans", by=writer)
    words = workflow.words_of(made.working)
    assert (made.language, made.created_by, made.live) == ("zh-hans", writer, None)
    assert (words.title, words.summary, list(words.topics), words.picture) == (
        "A title",
        "In short.",
        [topic],
        picture,
    )
    assert (words.picture_alt, words.picture_caption, made.working.note_count) == (
        "A field.",
        "Photo: us.",
        2,
    )
    assert len(group_of(live, made)) == 1
    renamed = workflow.save_draft(made, workflow.Words("标题"), by=writer)
    assert renamed.slug == "标题"


def test_asked_twice_it_is_one_translation_and_somebody_elses_is_not_told(live, writer, make_user):
    first = workflow.translate(live, "zh-hans", by=writer)
    workflow.save_draft(first, workflow.Words("Hidden words"), by=writer)
    assert workflow.translate(live, "zh-hans", by=writer).pk == first.pk
    with pytest.raises(Refused, match="begun the translation") as caught:
        workflow.translate(live, "zh-hans", by=make_user("wanda", "writer"))
    assert "Hidden" not in str(caught.value)
    with pytest.raises(Refused, match="another language"):
        workflow.translate(live, "en", by=writer)
    with pytest.raises(Refused, match="another language"):
        workflow.translate(live, "tlh", by=writer)


def test_what_nobody_may_see_nobody_translates(make_draft, writer):
    with pytest.raises(Refused):
        workflow.translate(make_draft("Hidden"), "zh-hans", by=writer)
