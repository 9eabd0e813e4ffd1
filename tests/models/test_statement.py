"""A query that was written once gives what the queryset would give."""

import pytest
from django.db.models import F
from django.utils import timezone

from releases import clock
from releases.models import Release
from releases.models.release import read_list
from releases.models.statement import Statement
from releases.reading.lists import topic_keys

pytestmark = pytest.mark.django_db


def with_all(language, moment):
    return (
        Release.objects.visible(moment)
        .filter(language=language)
        .select_related("live__picture", "translation_group")
        .only("slug", "publish_at", "live__title", "live__notes", "live__picture__uuid", "translation_group__uuid")
        .annotate(filed=topic_keys(), number=F("live__number"))
        .in_order()
    )  # fmt: skip


@pytest.fixture
def newsroom(make_release, make_topic, make_picture):
    make_release("Plain")
    make_release("Filed", topics=[make_topic("Land"), make_topic("Sea")])
    make_release("With a picture", picture=make_picture(), picture_alt="A boat.")


def everything(release):
    """Its columns, those of what is tied to it, and its annotations."""
    live = release.live
    return (
        release.pk, release.slug, release.publish_at, live.title, live.notes, live.picture and live.picture.uuid,
        release.translation_group, sorted(read_list(release.filed)), release.number,
        release.get_deferred_fields(), live.get_deferred_fields(), live._state.db, live._state.adding,
    )  # fmt: skip


def test_models_are_as_the_queryset_makes_them(newsroom, django_assert_num_queries):
    at = timezone.now()
    statement = Statement(with_all, language="?language", moment=clock.FIRST)
    statement.rows({"language": "bo", "moment": at})  # written
    with django_assert_num_queries(1):
        found = [everything(one) for one in statement.rows({"language": "en", "moment": at})]
    assert found == [everything(one) for one in with_all("en", at)]
    assert len(found) == 3


def test_values_are_as_the_queryset_gives_them(newsroom):
    def values(language, moment):
        first = Release.objects.visible(moment).order_by().values_list("slug", "publish_at", "live__notes")
        return first.filter(language=language).union(first.filter(language="bo"), all=True)

    at = timezone.now()
    found = Statement(values, language="?language", moment=clock.FIRST).rows({"language": "en", "moment": at})
    assert sorted(found, key=str) == sorted(values("en", at), key=str)
    assert len(found) == 3


def test_a_value_that_the_query_does_not_ask_for_is_an_error(newsroom):
    statement = Statement(
        lambda language, topic: Release.objects.filter(language=language), language="?l", topic=-71
    )
    with pytest.raises(ValueError, match="does not ask for topic"):
        statement.rows({"language": "en", "topic": 1})
