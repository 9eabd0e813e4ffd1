"""The vocabulary: its order on every database, and its names."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, NotSupportedError, connection, transaction

from releases.models import Topic, TopicWord
from releases.models.topic import in_index_order, key_of

pytestmark = pytest.mark.django_db
NAMES = (Path(__file__).resolve().parents[2] / "releases/sample/topics.txt").read_text("utf-8").splitlines()


SQLITE_COLLATIONS = ("BINARY", "NOCASE", "RTRIM")


def offered_by_postgresql():
    """Collations of every kind that the server lists for UTF-8."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collname FROM pg_collation WHERE collencoding IN (-1, 6) AND collisdeterministic"
        )
        offered = {name for (name,) in cursor.fetchall()}
    wanted = {
        "C",
        "C.utf8",
        "en_US",
        "en_US.utf8",
        "en-US-x-icu",
        "und-x-icu",
        "unicode",
        "zh-x-icu",
        "tr-x-icu",
    }
    return sorted(offered & wanted)


@pytest.fixture
def vocabulary(make_topic):
    for name in sorted(NAMES, reverse=True):
        make_topic(name)


def test_the_given_list_has_117_topics():
    assert len(NAMES) == len(set(NAMES)) == 117


def test_the_order_in_sql_equals_the_given_list(vocabulary):
    assert list(Topic.objects.in_order().values_list("name", flat=True)) == NAMES


def test_the_order_in_python_equals_the_given_list(vocabulary):
    assert [topic.name for topic in in_index_order(Topic.objects.all(), "en")] == NAMES


def test_the_order_is_the_same_under_every_collation_the_server_offers(vocabulary):
    tried = []
    for collation in SQLITE_COLLATIONS if connection.vendor == "sqlite" else offered_by_postgresql():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'SELECT name FROM releases_topic ORDER BY sort_key COLLATE "{collation}"')
                found = [name for (name,) in cursor.fetchall()]
        except NotSupportedError:
            continue  # listed by a server that was built without ICU
        assert found == NAMES, collation
        tried.append(collation)
    assert {"BINARY", "C"} & set(tried)


@pytest.mark.parametrize("twin", ["tibet", "TIBET", "Ｔｉｂｅｔ", " Tibet ", "Tibet\u00a0"])
def test_a_name_in_other_capitals_or_widths_is_the_same_name_to_the_database(make_topic, twin):
    make_topic("Tibet")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_topic(twin)


def test_the_key_of_a_key_is_itself():
    for name in [*NAMES, "Straße", "ﬁne", "ᾳ", "İstanbul", "\u0344"]:
        assert key_of(key_of(name)) == key_of(name)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Land, Property, Housing", "land-property-housing"),
        ("Lawyer's rights", "lawyers-rights"),
        ("Heilongjiang Lawyers’ Detention", "heilongjiang-lawyers-detention"),
        ("Thoughts/Theories", "thoughts-theories"),
        ("人权", "人权"),
        ("བོད་", "བོད"),
        ("ئۇيغۇر", "ئۇيغۇر"),
        ("Café Société", "cafe-societe"),
        ("2024", "topic-2024"),
    ],
)
def test_slugs_survive_every_script(make_topic, name, slug):
    assert make_topic(name).slug == slug


def test_two_names_with_one_slug_get_two(make_topic):
    assert [make_topic("Say so!").slug, make_topic("Say so?").slug] == ["say-so", "say-so-2"]


@pytest.mark.parametrize(
    ("there", "doubled"),
    [
        ({"synonyms": ["Xizang"]}, {"synonyms": ["ＸＩＺＡＮＧ"]}),
        ({"synonyms": ["Other"]}, {}),
        ({}, {"synonyms": ["tibet"]}),
        ({"names": {"zh-hans": "西藏"}}, {"synonyms": ["西藏"]}),
        ({"names": {"zh-hans": "西藏"}}, {"names": {"zh-hant": "西藏"}}),
    ],
)
def test_a_word_leads_to_one_topic_only_and_the_database_holds_it(make_topic, there, doubled):
    make_topic("Tibet", **there)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_topic("Other", **doubled)
    assert [topic.name for topic in Topic.objects.all()] == ["Tibet"]


def test_the_database_takes_no_second_row_for_a_word_from_anybody(make_topic):
    make_topic("Tibet")
    other = make_topic("Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicWord.objects.create(key="tibet", topic=other)


def test_the_words_that_lead_follow_every_change_of_a_topic(make_topic):
    first, second = make_topic("First", synonyms=["One", "Uno"]), make_topic("Second", names={"bo": "གཉིས་"})

    def led():
        return {word.key: word.topic.name for word in TopicWord.objects.select_related("topic")}

    apart = {"first": "First", "one": "First", "uno": "First", "second": "Second", "གཉིས་": "Second"}
    assert led() == apart
    first.synonyms = ["One", "Eins"]
    first.save()
    assert led() == {key.replace("uno", "eins"): name for key, name in apart.items()}
    first.merged_into = second
    first.save()
    assert set(led().values()) == {"Second"}
    second.synonyms = ["First", "Zwei"]
    second.save()
    second.synonyms = []
    second.save()
    assert led()["first"] == "Second"
    first.merged_into = None
    first.save()
    assert led() == {key.replace("uno", "eins"): name for key, name in apart.items()}


def test_the_migration_takes_in_all_words_and_lets_a_doubled_synonym_lead_to_the_first(make_topic):
    first, second, third = (
        make_topic("First", names={"bo": "དང་པོ་"}),
        make_topic("Second"),
        make_topic("Third"),
    )
    third.merged_into = second
    third.save()
    TopicWord.objects.all().delete()
    # What an import could bring in when only a check stood against it.
    Topic.objects.filter(pk=first.pk).update(synonyms=["Prime", "THIRD"])
    Topic.objects.filter(pk=second.pk).update(synonyms=["Third", "prime", "Deux"], names={"bo": "དང་པོ་"})
    import_module("releases.migrations.0012_words").say(apps, None)
    assert set(TopicWord.objects.values_list("key", "topic")) == {
        ("first", first.pk), ("prime", first.pk), ("དང་པོ་", first.pk),
        ("second", second.pk), ("third", second.pk), ("deux", second.pk),
    }  # fmt: skip
    assert list(Topic.objects.order_by("pk").values_list("synonyms", flat=True)) == [
        ["Prime"],
        ["Third", "Deux"],
        [],
    ]
    assert Topic.objects.get(pk=second.pk).names == {"bo": "དང་པོ་"}
