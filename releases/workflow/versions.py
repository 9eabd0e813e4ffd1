"""What a draft said before it was written over: when that is kept, in which form, and what is thinned out again.

The words that a revision says stand in the revision; a frozen revision is of record. So nothing is kept twice: a version is
made at the moment at which words that are not frozen are about to be replaced in their place.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases import clock
from releases.models import Before, Release, Revision, Version
from releases.text.compare import count_lost, differing_part, is_large, words_in, words_of_plain
from releases.text.render import word_count
from releases.workflow.filing import topics_shown
from releases.workflow.states import Refused, demand, locked
from releases.workflow.words import NAMES, Words

# Of steady writing so often at least.
EVERY = timedelta(minutes=3)
# Whoever holds the key down takes a text away in many small steps: they are seen as one when they fall into this time.
TOGETHER = 2 * EVERY
# What was kept by itself: all of the last day, then one an hour, after a month one a day.
ALL = timedelta(days=1)
HOURLY = timedelta(days=30)


def keep_version(revision: Revision, stored: Words, words: Words, *, before: str, at: datetime) -> None:
    """`revision`, which says `stored`, is about to say `words` instead: keep what it said where somebody may want it back.

    That is: what was saved by hand; what is replaced for a reason (`before`) or loses many words, at once or bit by bit;
    every few minutes what has been written since, and what was left standing for as long.
    """
    newest = revision.versions.in_history().newest().first()
    was, now = _content(stored), _content(words)
    lost = _lost(was, now)
    going_on = lost and newest and newest.before and at - newest.at < TOGETHER
    if newest and going_on and not _lost(was, _unpacked(newest)):
        lost = 0  # the newest version has all that is still there
    if not before and lost and is_large(lost, _words_in(was)):
        before = Before.DELETION
    since = newest.at if newest else revision.created_at
    due = at - revision.edited_at >= EVERY or revision.edited_at - since >= EVERY
    worth_keeping = bool(revision.saved_by_hand or before or due)
    if lost:
        _watch_deletion(revision, None if worth_keeping else stored, now, newest, at=at)
    if worth_keeping:
        _store(revision, stored, newest, before=before, at=at)


def set_aside(release: Release, words: Words, *, by: User, at: datetime | None = None) -> Version:
    """Keep `words`, typed over a text that a colleague has saved meanwhile, beside it: theirs stays the draft."""
    at = at or timezone.now()
    with transaction.atomic():
        release = locked(release)
        demand("save draft", release, by=by, at=at)
        current = release.current
        assert current is not None  # a release is never without words
        version = _packed(current, words, at=at, by=by, before=Before.TAKEN)
        version.save()
        return version


def forget_held(release: Release) -> None:
    """Writing goes on in a new revision: what was held of an older one, in case more is taken out of it, goes."""
    Version.objects.filter(revision__release=release, held=True).delete()


def words_of_version(version: Version) -> Words:
    """The words of a version, under the topics that they have now. Of a picture that was deleted nothing is left."""
    content = _unpacked(version)
    topics = topics_shown(version.revision.release_id, content.pop("topics"))
    date = content.pop("publish_at")
    at = datetime.fromisoformat(date) if date else None
    return Words(**content, topics=topics, publish_at=at, picture=version.picture)


def reword(version: Version, change: Callable[[str, str], str]) -> None:
    """Let `change`, which is given the name and the text of each field, write a version anew; saved where it says something else."""
    content = _unpacked(version)
    new = {
        name: change(name, value) if isinstance(value, str) and name != "publish_at" else value
        for name, value in content.items()
    }
    title = change("title", version.title)
    if (new, title) == (content, version.title):
        return
    packed = json.dumps(new, ensure_ascii=False, separators=(",", ":")).encode()
    picture = version.picture.digest if version.picture else ""
    version.title, version.words = title, zlib.compress(packed)
    version.digest = hashlib.sha256(packed + picture.encode()).hexdigest()
    version.word_count = word_count(new["body"], with_notes=False)
    version.note_count = new["body"].count('<li id="fn-')
    version.save(update_fields=["title", "words", "digest", "word_count", "note_count"])


def version_of(release: Release, pk: int) -> Version:
    """One of `release` by its primary key. Raises `Refused`."""
    found = Version.objects.in_history().filter(pk=pk, revision__release=release)
    version = found.select_related("revision", "by", "picture").first()
    if version is None:
        raise Refused([_("This version is not there any more: old ones are thinned out.")])
    return version


def last_before(release: Release, at: datetime | None = None) -> Version | None:
    """The newest version of the last day that the draft of `release` lost words after, without those."""
    working = release.working
    if working is None or working.frozen_at:
        return None
    since = (at or timezone.now()) - ALL
    return working.versions.in_history().exclude(before="").filter(at__gt=since).newest().first()


# ------------------------------------------------------------------ when


def _store(revision: Revision, stored: Words, newest: Version | None, *, before: str, at: datetime) -> None:
    version = _packed(revision, stored, at=revision.edited_at, by=revision.edited_by, before=before)
    version.by_hand = revision.saved_by_hand
    if (
        newest and newest.digest == version.digest
    ):  # the same words are one version, which may come to mean more
        more = {"by_hand": newest.by_hand or version.by_hand, "before": newest.before or before}
        if more != {"by_hand": newest.by_hand, "before": newest.before}:
            revision.versions.filter(pk=newest.pk).update(**more)
        return
    version.save()
    _thin(revision.release_id, at=at)


def _watch_deletion(
    revision: Revision, stored: Words | None, now: dict[str, Any], newest: Version | None, *, at: datetime
) -> None:
    """Words have gone, though not many at once. Hold what stood here at first, and tell it when they have become many."""
    held = revision.versions.filter(held=True).first()
    if held and at - held.at < TOGETHER:
        was = _unpacked(held)
        if is_large(_lost(was, now), _words_in(was)):
            if newest and newest.digest == held.digest:
                held.delete()
            else:
                revision.versions.filter(pk=held.pk).update(held=False, before=Before.DELETION)
    elif stored is not None and not (newest and newest.digest == _digest(stored)):
        if held:
            held.delete()
        version = _packed(revision, stored, at=revision.edited_at, by=revision.edited_by, before="")
        version.held = True
        version.save()


def _thin(release: int, *, at: datetime) -> None:
    """Of what was kept by itself leave one an hour, or one a day, where it is older: what something became of before the
    others, and then the last. Two statements, the second only where there is something to do."""
    old = Version.objects.in_history().filter(revision__release=release, by_hand=False, at__lt=at - ALL)
    hours: set[tuple[bool, datetime]] = set()
    spare = []
    for pk, moment, _before in sorted(
        old.values_list("pk", "at", "before"), key=lambda one: (not one[2], -one[1].timestamp(), -one[0])
    ):
        daily = moment < at - HOURLY
        local = clock.local(moment).replace(minute=0, second=0, microsecond=0)
        hour = (daily, local.replace(hour=0) if daily else local)
        if hour in hours:
            spare.append(pk)
        hours.add(hour)
    if spare:
        Version.objects.filter(pk__in=spare).delete()


# ------------------------------------------------------------------ in which form


def _packed(revision: Revision, words: Words, *, at: datetime, by: User | None, before: str) -> Version:
    return Version(
        revision=revision, at=at, by=by, before=before, title=words.title, picture=words.picture,
        word_count=word_count(words.body, with_notes=False), note_count=words.body.count('<li id="fn-'),
        words=zlib.compress(_bytes(words)), digest=_digest(words),
    )  # fmt: skip


def _content(words: Words) -> dict[str, Any]:
    """Every field, but for the picture, which has a column of its own."""
    content = {name: getattr(words, name) for name in NAMES if name != "picture"}
    content["topics"] = sorted(topic.pk for topic in words.topics)
    content["publish_at"] = words.publish_at.astimezone(UTC).isoformat() if words.publish_at else ""
    return content


def _bytes(words: Words) -> bytes:
    """The same words give the same."""
    return json.dumps(_content(words), ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(version: Version) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(version.words))
    return content


def _digest(words: Words) -> str:
    picture = words.picture.digest if words.picture else ""
    return hashlib.sha256(_bytes(words) + picture.encode()).hexdigest()


def _lost(was: dict[str, Any], now: dict[str, Any]) -> int:
    """How many words of `was` are nowhere in `now`."""
    old, new = differing_part(was["body"], now["body"])
    return count_lost(_words_in({**was, "body": old}), _words_in({**now, "body": new}))


def _words_in(content: dict[str, Any]) -> Iterator[str]:
    """A topic that is taken out is gone like a word."""
    yield from words_in(content["body"])
    for name, value in content.items():
        if isinstance(value, str) and name not in {"body", "publish_at"}:
            yield from words_of_plain(value)
    yield from (f"#{pk}" for pk in content["topics"])
