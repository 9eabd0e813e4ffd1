"""What readers find, and in which order."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from releases import editions, search, workflow
from releases.models import Release, SearchEntry
from releases.search import Filters
from releases.workflow import Words

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles():
    """The titles of what a question finds."""

    def find(typed, *, at=None, typing=False, order="best", **filters):
        edition = editions.current(at)
        found = search.find(
            search.parse(typed, typing=typing),
            search.bitmap_index(edition, at=at),
            Filters(**filters),
            order=order,
        )
        by_pk = Release.objects.in_bulk(found.releases)
        return [by_pk[pk].live.title for pk in found.releases]

    return find


def text(*paragraphs):
    return "".join(f"<p>{one}</p>" for one in paragraphs)


def test_all_words_must_be_there_whatever_their_endings_accents_and_capitals(make_release, titles):
    make_release("One", body=text("The café’s lawyers were harassed."))
    make_release("Two", body=text("A lawyer speaks."))
    assert titles("LAWYER cafe") == ["One"]
    assert titles("harassing") == ["One"]
    assert sorted(titles("lawyers")) == ["One", "Two"]


def test_a_phrase_is_words_side_by_side_and_never_bridges_paragraphs(make_release, titles):
    make_release("One", body=text("They spoke of human rights in the capital."))
    make_release("Two", body=text("Rights of every human.", "Human", "rights"))
    assert titles('"human rights"') == ["One"]
    assert titles('"human rights in the capital"') == ["One"]
    assert titles('"rights in human the capital"') == []
    assert sorted(titles("human rights")) == ["One", "Two"]


def test_what_is_not_wanted_is_left_out(make_release, titles):
    make_release("One", body=text("water and salt"))
    make_release("Two", body=text("water and sand in the wells"))
    assert titles("water -salt") == ["Two"]
    assert titles('water -"sand in the wells"') == ["One"]
    assert titles("-salt") == ["Two"]


def test_the_beginning_of_a_word_finds_it_with_a_star_or_while_typing(make_release, titles):
    make_release("One", body=text("The government of universities"))
    assert titles("governm") == []
    assert titles("governm*") == titles("governm", typing=True) == ["One"]
    assert titles("universiti*") == titles("the universit", typing=True) == ["One"]
    assert titles("governm ", typing=True) == []


def test_simplified_and_traditional_characters_find_each_other(make_release, titles):
    make_release("简", body=text("律师们谈到人权问题。"))
    make_release("繁", body=text("律師們談到人權問題。"))
    for typed in ("人权", "人權", "谈到人权", "律師們談到人權問題"):
        assert sorted(titles(typed)) == ["简", "繁"], typed
    assert titles("权人") == []


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("東京で開かれた会議の記録を公開した。", "会議の記録"),
        ("ཞིབ་འཇུག་གི་སྙན་ཞུ་ཕྱི་བསྒྲགས་བྱས།", "སྙན་ཞུ"),
        ("ئۇيغۇر تىلىدىكى خەۋەرلەر ئېلان قىلىندى", "خەۋەرلەر ئېلان"),
        ("ئۇيغۇر تىلىدىكى خەۋەرلەر ئېلان قىلىندى", "تىل"),
        ("نُشِرَت التقارير في العاصمة", "نشرت التقارير"),
        ("نُشِرَت التقارير عن حقوق الإنسان وحرياته", "تقارير"),
        ("نُشِرَت التقارير عن حقوق الإنسان وحرياته", '"حقوق الإنسان"'),
        ("نُشِرَت التقارير عن حقوق الإنسان وحرياته", "حريات"),
        ("སྙན་ཞུ་གསར་པའི་ནང་", "གསར་པ"),
        ("กรุงเทพมหานครประกาศ", "มหานคร"),
        ("유엔은 인권보고서를 발표했다.", "인권"),
        ("유엔은 인권보고서를 발표했다.", "보고서"),
        ("유엔은 인권보고서를 발표했다.", '"유엔은 인권"'),
    ],
)
def test_any_part_of_a_sentence_finds_it_in_every_script(make_release, titles, body, typed):
    make_release("One", body=text(body))
    assert titles(typed) == ["One"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        (("U.N.", "UN"), ("U.N.", "UN", "u.n", "the UN", '"the U.N. envoy"', '"the UN envoy"')),
        (("e-mail", "email"), ("e-mail", "E-Mail", "email", "e‑mail", '"the email envoy"', "emai*")),
        (("X-ray", "Xray"), ("x-ray", "xray")),
        (("10,000", "10\u202f000"), ("10,000", "10000", "10’000", '"the 10,000 envoy"')),
        (("O’Reilly", "O'Reilly"), ("O'Reilly", "O’Reilly", "reilly")),
        (("COVID-19", "COVID 19"), ("COVID-19", "COVID 19", "covid‑19", '"the COVID 19 envoy"')),
    ],
)
def test_a_word_is_found_with_its_signs_and_without_them(make_release, titles, written, typed):
    for number, one in enumerate(written):
        make_release(f"Text {number}", body=text(f"It heard the {one} envoy on Monday."))
    make_release(
        "Another", body=text("The u and the n, an e and a mail, 10 and 000, an x and a ray: an envoy.")
    )
    for one in typed:
        assert sorted(titles(one)) == ["Text 0", "Text 1"], one


def test_part_of_a_word_in_the_title_comes_before_the_whole_word_in_the_text(make_release, titles):
    now = timezone.now()
    make_release("التقارير الجديدة", publish_at=now - timedelta(days=3))
    make_release("b", summary="تقارير", publish_at=now - timedelta(days=2))
    make_release("c", body=text("والتقارير كثيرة"), publish_at=now - timedelta(days=1))
    assert titles("تقارير") == ["التقارير الجديدة", "b", "c"]


def test_a_beginning_and_a_part_of_a_word_are_not_the_same_to_other_scripts(make_release, titles):
    make_release("One", body=text("The government spoke"))
    assert titles("overnment") == titles("overn*") == []


def test_notes_summaries_and_titles_are_searched_too(make_release, titles):
    make_release("Harbour", summary="A pier was built.", notes=2)
    assert titles("source report") == titles("pier") == titles("harbours") == ["Harbour"]


def test_the_title_weighs_most_then_what_a_text_is_about_then_words_side_by_side_then_the_date(
    make_release, titles
):
    now = timezone.now()
    filler = " ".join(f"word{number}" for number in range(200))
    make_release("newest", body=text(f"dam {filler} water"), publish_at=now - timedelta(days=1))
    make_release("near", body=text(f"{filler} water dam"), publish_at=now - timedelta(days=2))
    make_release(
        "about", summary="The dam and the water", body=text(filler), publish_at=now - timedelta(days=3)
    )
    make_release("The Water and the Dam", body=text(filler), publish_at=now - timedelta(days=4))
    assert titles("water dam") == ["The Water and the Dam", "about", "near", "newest"]
    assert titles("water dam", order="newest") == ["newest", "near", "about", "The Water and the Dam"]


def test_filters_narrow_and_counts_say_what_each_choice_would_give(make_release, make_topic):
    land, law = make_topic("Land"), make_topic("Law")
    new_year = timezone.make_aware(datetime(2020, 1, 1))
    make_release("a salt", topics=[land], publish_at=new_year)
    make_release("b salt", topics=[land, law], publish_at=new_year - timedelta(seconds=1))
    make_release("丙 salt", topics=[law], publish_at=new_year, language="zh-hans")
    make_release("d", topics=[law])
    index = search.bitmap_index(editions.current())

    def found(**filters):
        return search.find(search.parse("salt"), index, Filters(**filters))

    assert found().total == 3
    assert found().topics == {land.pk: 2, law.pk: 2}
    assert found().years == {2020: 2, 2019: 1}
    assert found().languages == {"en": 2, "zh-hans": 1}
    both = found(topics=(land.pk, law.pk))
    assert (both.total, both.years, both.languages) == (1, {2019: 1}, {"en": 1})
    of_2019 = found(year=2019)
    assert (of_2019.total, of_2019.years) == (1, {2020: 2, 2019: 1})
    assert found(year=1999).total == found(language="xx").total == found(topics=(0,)).total == 0


def test_what_is_not_visible_is_found_and_counted_by_nobody(make_draft, make_release, make_topic, editor):
    secret = make_topic("Secret")
    due = timezone.now() + timedelta(hours=1)
    make_draft("xylophone draft")
    make_release("xylophone embargoed", publish_at=due, topics=[secret])
    withdrawn = make_release("xylophone withdrawn")
    workflow.withdraw(withdrawn, by=editor, notice="Gone.")
    changed = make_release("Plain")
    workflow.save_draft(changed, Words(title="xylophone", body=text("xylophone")), by=editor)

    def found(at):
        return search.find(search.parse("xylophone"), search.bitmap_index(editions.current(at), at=at))

    nothing = found(timezone.now())
    assert (nothing.total, nothing.releases, nothing.topics, nothing.years) == (0, [], {}, {})
    later = found(due)
    assert (later.total, later.topics) == (1, {secret.pk: 1})


def test_the_index_follows_every_verb(make_draft, titles, editor):
    release = make_draft("First zither", body=text("strings"))
    kinds = SearchEntry.objects.values_list("kind", flat=True).order_by("kind")
    assert list(kinds.all()) == ["working"]
    release = workflow.publish(release, by=editor)
    assert list(kinds.all()) == ["live"]
    assert titles("zither strings") == ["First zither"]
    release = workflow.save_draft(release, Words(title="Second", body=text("drums")), by=editor)
    assert list(kinds.all()) == ["live", "working"]
    assert titles("drums") == []
    release = workflow.publish(release, by=editor)
    assert titles("drums") == ["Second"]
    assert titles("zither") == []
    release = workflow.save_draft(release, Words(title="Third", body=text("flutes")), by=editor)
    release = workflow.discard_draft(release, by=editor)
    assert list(kinds.all()) == ["live"]
    release = workflow.save_draft(release, Words(title="Fourth", body=text("oboes")), by=editor)
    workflow.correct(release, by=editor, note="Other instruments.")
    assert titles("oboe") == ["Fourth"]


def test_a_release_off_the_schedule_leaves_the_index(make_release, titles, editor):
    due = timezone.now() + timedelta(hours=1)
    release = make_release("zither", publish_at=due)
    assert titles("zither", at=due) == ["zither"]
    workflow.unschedule(release, by=editor)
    editions.forget_all()  # the first question came before the hour; no process holds what is to come
    assert titles("zither", at=due) == []


def test_a_failed_publication_leaves_the_index_as_it_was(make_release, titles, editor):
    release = make_release("zither")
    workflow.save_draft(release, Words(title="oboe", body=text("oboe")), by=editor)
    with transaction.atomic():
        workflow.publish(release, by=editor)
        transaction.set_rollback(True)
    assert titles("zither") == ["zither"]
    assert titles("oboe") == []


def test_rebuilding_changes_nothing_and_mends_what_is_missing(make_release, titles):
    make_release("zither")
    make_release("oboe")
    before = list(SearchEntry.objects.order_by("pk").values())
    calls = []
    assert search.rebuild_index(progress=lambda done, total: calls.append((done, total))) == 2
    assert list(SearchEntry.objects.order_by("pk").values()) == before
    assert calls == [(2, 2)]
    SearchEntry.objects.filter(release__slug="oboe").delete()
    assert titles("oboe") == []
    search.rebuild_index()
    assert titles("oboe") == ["oboe"]


def test_pages_of_results_hold_every_hit_once(make_release):
    for number in range(7):
        make_release(f"{'salt' if number % 3 else 'pepper'} {number}", body=text("salt"))
    index = search.bitmap_index(editions.current())
    found = [
        pk
        for start in range(0, 8, 2)
        for pk in search.find(search.parse("salt"), index, start=start, stop=start + 2).releases
    ]
    assert len(found) == len(set(found)) == 7
