"""A page that the parts of the site call still right is, to the byte, the page that would be made now; and most pages are."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse

from releases import editions, workflow
from releases.feeds import formats, items
from releases.models import Edition, EditionPart, Release
from releases.parts import EVERYTHING, release_part
from releases.reading.public import public
from releases.workflow import Words
from releases.workflow.public_change import MOST_CHANGES, public_change
from tests.delivery.newsroom import LANGUAGES, MIDDLEWARE, Chance, Clock, ask, every_path
from tests.depth import DEEP, times

pytestmark = pytest.mark.django_db
# So short that a few releases fill several.
PAGE, FEED = 4, 5


@pytest.fixture
def clock(monkeypatch, settings):
    settings.MIDDLEWARE = MIDDLEWARE
    settings.LANGUAGES = [one for one in settings.LANGUAGES if one[0] in LANGUAGES]
    settings.CHECK_SOURCES = False
    for where in ("releases.reading.lists.PER_PAGE", "releases.reading.search.PER_PAGE"):
        monkeypatch.setattr(where, PAGE)
    monkeypatch.setattr("releases.feeds.document.FEED_LENGTH", FEED)
    now = Clock()
    monkeypatch.setattr("django.utils.timezone.now", now)
    return now


class Kept:
    """Pages as a cache keeps them, each with the edition under which it was made."""

    def __init__(self, chance):
        self.chance, self.pages, self.right, self.asked = chance, {}, 0, 0

    def faults(self):
        """The pages that count as right and are not. Those that do not are made anew, some later than others."""
        paths = every_path()
        held = {path: ask(path) for path in self.chance.sample(paths, min(len(paths), 40))}
        editions.forget_all()
        items._items.clear()
        formats._elements.clear()
        now, wrong = editions.current(), []
        # What a process holds of editions before, lists, the index and items, gives what is read anew.
        wrong += [(path, "held", "") for path, page in held.items() if page != ask(path)]
        for path in dict.fromkeys([*self.pages, *every_path()]):
            made, (answer, parts) = self.pages.get(path, (now, (None, frozenset())))
            if answer is None or not editions.still_right(parts, made, now):
                self.pages.pop(path, None)
                if self.chance.random() < 0.7 and (page := ask(path)):
                    self.pages[path] = now, page
                continue
            fresh = ask(path)
            self.right += 1
            if fresh is None or fresh[0] != answer:
                wrong.append((path, sorted(parts), sorted(editions.changed_between(made, now))))
            elif self.chance.random() < 0.5:
                self.pages[path] = now, fresh
        return wrong


@pytest.mark.parametrize("seed", range(times("WALKS", 1, 60)))
def test_what_counts_as_right_is_right_whatever_happens(seed, clock, make_user, make_topic, make_picture):
    chance = random.Random(seed)
    chief = make_user("chief", "chief")
    for name in ("Land", "Sea", "Sky"):
        make_topic(name)
    newsroom = Chance(chance, clock, chief, make_picture())
    for _ in range(12 if DEEP else 8):
        newsroom.begin()
    kept, happened = Kept(chance), []
    for _ in range(20 if DEEP else 8):
        assert kept.faults() == [], happened
        happened.append(newsroom.step())
    assert kept.faults() == [], happened
    assert kept.right > 100


# ------------------------------------------------------------------ what stays


def release_pages():
    """The pages of all visible releases in English, with their parts."""
    pages = {one.pk: ask(one.get_absolute_url()) for one in Release.objects.visible().filter(language="en")}
    return {pk: parts for pk, (_answer, parts) in pages.items()}


def share_still_right(pages, then):
    now = editions.current()
    return sum(editions.still_right(parts, then, now) for parts in pages.values()) / len(pages)


@pytest.fixture
def sixteen(clock, make_release, make_topic):
    land, sea = make_topic("Land"), make_topic("Sea")
    for day in range(16):
        published = clock.at - timedelta(days=day + 1)
        make_release(f"Day {day}", topics=[land] if day % 2 else [sea], publish_at=published)
    return land


def test_after_a_publication_most_pages_of_releases_are_still_right(sixteen, clock, make_release):
    pages, then = release_pages(), editions.current()
    make_release("New", topics=[sixteen], publish_at=clock.at)
    # The page of the latest one leads to it.
    assert share_still_right(pages, then) == 15 / 16


def test_at_the_end_of_an_embargo_most_pages_of_releases_are_still_right(sixteen, clock, make_release):
    make_release("Soon", topics=[sixteen], publish_at=clock.at + timedelta(hours=1))
    pages, then = release_pages(), editions.current()
    clock.forward(minutes=59, seconds=59)
    assert share_still_right(pages, then) == 1
    clock.forward(seconds=1)
    assert share_still_right(pages, then) == 15 / 16


def test_a_correction_leaves_the_archive_of_other_months_and_the_index_of_topics(sixteen, clock, editor):
    paths = ("/releases/2026/03/", "/topics/", "/topics/land/", "/topics/sea/", "/")
    pages, then = {path: ask(path)[1] for path in paths}, editions.current()
    wrong = Release.objects.get(live__title="Day 1")
    workflow.save_draft(wrong, Words("Day 1, corrected", topics=[sixteen]), by=editor)
    workflow.correct(wrong, by=editor, note="The title.")
    now = editions.current()
    right = {path for path, parts in pages.items() if editions.still_right(parts, then, now)}
    assert right == {"/topics/", "/topics/sea/"}


def test_a_correction_leaves_the_pages_of_lists_that_do_not_show_the_release(sixteen, clock, editor):
    lists = (
        "/",
        "/releases/",
        "/releases/2026/",
        "/topics/land/",
        "/feeds/releases.rss",
        "/api/releases.json?language=en&limit=2",
    )
    first, second = "{}&page=1", "{}&page=2"
    paths = [form.format(one if "?" in one else f"{one}?") for one in lists for form in (first, second)]
    paths = [path for path in paths if ask(path)]
    pages, then = {path: ask(path) for path in paths}, editions.current()
    wrong = Release.objects.get(live__title="Day 1")
    workflow.save_draft(wrong, Words("Day 1, corrected", topics=[sixteen]), by=editor)
    workflow.correct(wrong, by=editor, note="The title.")
    now = editions.current()
    right = {path for path, (_, parts) in pages.items() if editions.still_right(parts, then, now)}
    assert right == {path for path in paths if ask(path)[0] == pages[path][0]}
    assert {"/?&page=2", "/releases/?&page=2", "/topics/land/?&page=2"} <= right


def test_a_withdrawal_changes_the_page_itself_and_those_that_lead_to_it(sixteen, editor):
    pages, then = release_pages(), editions.current()
    gone = Release.objects.get(live__title="Day 7")
    workflow.withdraw(gone, by=editor, notice="Withdrawn.")
    stale = {pk for pk, parts in pages.items() if not editions.still_right(parts, then, editions.current())}
    titles = set(Release.objects.filter(pk__in=stale).values_list("live__title", flat=True))
    assert titles == {"Day 6", "Day 7", "Day 8"}


# ------------------------------------------------------------------ when it is not known


def test_a_view_that_says_nothing_depends_on_everything(rf):
    answer = public()(lambda request: HttpResponse("said"))(rf.get("/"))
    assert answer.parts == {EVERYTHING}


def test_many_changes_at_once_are_one_change_of_everything(makers, clock, editor):
    drafts = [makers.draft(f"Draft {number}") for number in range(MOST_CHANGES + 1)]
    with transaction.atomic(), public_change(*drafts, at=clock.at):
        for one in drafts:
            one.live, one.working, one.publish_at = one.working, None, clock.at
            one.save()
    assert list(EditionPart.objects.values_list("name", flat=True)) == [EVERYTHING]


def test_more_parts_than_a_change_may_name_are_everything(clock):
    editions.raise_edition(clock.at, {"one"})
    editions.raise_edition(clock.at, {release_part(pk) for pk in range(editions.MOST_PARTS + 1)})
    assert list(EditionPart.objects.values_list("name", flat=True)) == [EVERYTHING]


def test_what_an_older_version_of_the_site_changed_is_everything(clock):
    editions.raise_edition(clock.at, {EVERYTHING})
    then = editions.current()
    Edition.objects.update(number=F("number") + 1)  # as it was raised before parts were written
    assert editions.changed_between(then, editions.current()) == {EVERYTHING}
    editions.raise_edition(clock.at, {"one"})
    assert EVERYTHING in editions.changed_between(then, editions.current())


def test_of_a_database_brought_back_from_a_copy_nothing_is_known(clock):
    editions.raise_edition(clock.at, {"one"})
    before = editions.current()
    editions.raise_edition(clock.at, {"two"})
    assert editions.changed_between(before, editions.current()) == {"two"}
    assert editions.changed_between(editions.current(), before) == {EVERYTHING}


def test_a_raise_that_is_taken_back_takes_its_parts_with_it(clock):
    editions.raise_edition(clock.at, {"one"})
    with transaction.atomic():
        editions.raise_edition(clock.at, {"two"})
        transaction.set_rollback(True)
    assert not EditionPart.objects.filter(name="two").exists()


def test_a_neighbour_whose_embargo_ends_while_a_change_is_committed_is_told(clock, make_release, editor):
    """The page of what came due meanwhile was made before it could lead to the new one."""
    make_release("Due soon", slug="due-soon", publish_at=clock.at + timedelta(minutes=10))
    held_since = clock.at + timedelta(minutes=9)
    clock.forward(minutes=11)
    answer, parts = ask("/releases/due-soon/")
    then = editions.current()
    draft = workflow.save_draft(None, Words("Just before", publish_at=held_since), by=editor, at=held_since)
    workflow.publish(draft, by=editor, at=held_since)
    assert answer[0] == 200
    assert not editions.still_right(parts, then, editions.current())
