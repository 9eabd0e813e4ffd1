"""A release: an address, its dates and its state; it lasts for ever."""

import json
import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Case, ExpressionWrapper, F, JSONField, Q, QuerySet, Value, When
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from releases import addresses
from releases.models.event import Correction
from releases.models.revision import SLUG_LENGTH, Revision
from releases.models.topic import ItemBase, Topic

FEED_LENGTH = 20  # how many releases a feed's document holds


class State(models.TextChoices):
    """Where a release stands; it follows from dates and revisions and is stored nowhere."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Draft(models.TextChoices):
    """What has become of the words that are not live."""

    NONE = "none", _("no draft")
    WRITTEN = "written", _("being written")
    SUBMITTED = "submitted", _("waiting for approval")
    RETURNED = "returned", _("returned to its author")
    APPROVED = "approved", _("approved")


def in_state(state: State, at: datetime | None = None) -> Q:
    """What stands in `state` at `at`, as a condition on releases; each is in one. The twin in SQL of `Release.state`."""
    at = at or timezone.now()
    return {
        State.WITHDRAWN: Q(withdrawn_at__isnull=False),
        State.PUBLISHED: seen_by_readers(at),
        State.SCHEDULED: Q(live__isnull=False, withdrawn_at=None, publish_at__gt=at),
        State.APPROVED: Q(live=None, working__approved_at__isnull=False),
        State.SUBMITTED: Q(live=None, working__submitted_at__isnull=False, working__approved_at=None),
        State.DRAFT: Q(live=None, working__submitted_at=None),
    }[state]


def seen_by_readers(at: datetime | None = None) -> Q:
    """What a reader may see at `at`, as a condition on releases: live, due and not withdrawn."""
    return Q(live__isnull=False, withdrawn_at=None, publish_at__lte=at or timezone.now())


# What has no date comes first, then the newest; by an index (`releases_release_of_staff`).
STAFF_ORDER = (
    ExpressionWrapper(Q(publish_at__isnull=True), output_field=models.BooleanField()).desc(),
    F("publish_at").desc(),
    F("id").desc(),
)


class ReleaseQuerySet(QuerySet["Release"]):
    """Releases; `visible()` is the one gate between readers and everything else."""

    def visible(self, at: datetime | None = None) -> "ReleaseQuerySet":
        """What a reader may see at `at`: live, due and not withdrawn. `Release.is_visible` is its twin in Python."""
        return self.filter(seen_by_readers(at))

    def live(self) -> "ReleaseQuerySet":
        """What is live and not withdrawn, whatever its date: readers see it, or will at its moment."""
        return self.filter(live__isnull=False, withdrawn_at=None)

    def announced(self, at: datetime | None = None) -> "ReleaseQuerySet":
        """What readers may know of: what is visible, and what was withdrawn after they could see it. `Release.is_announced` is
        its twin."""
        return self.visible(at) | self.filter(live__isnull=False, withdrawn_at__gte=F("publish_at"))

    def in_feeds(self, at: datetime | None = None) -> "ReleaseQuerySet":
        """What feeds hold at `at`: what is visible; by a setting also, as notices, what was withdrawn."""
        return self.announced(at) if settings.WITHDRAWN_IN_FEEDS else self.visible(at)

    def in_order(self) -> "ReleaseQuerySet":
        """Newest first, and total."""
        return self.order_by("-publish_at", "-pk")

    def with_state(self, at: datetime | None = None) -> "ReleaseQuerySet":
        """Annotates `state_now`, by `in_state`."""
        return self.annotate(
            state_now=Case(
                *(When(in_state(state, at), then=Value(state)) for state in State),
                output_field=models.CharField(),
            )
        )


class TranslationGroup(models.Model):
    """Ties the releases that say the same in different languages."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    def __str__(self) -> str:
        return " · ".join(str(release) for release in self.releases.select_related("live", "working")) or str(
            self.uuid
        )


class Release(models.Model):
    """An address and what stands there: `live` is what readers see, `working` what staff are editing."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    slug = models.CharField(_("address"), max_length=SLUG_LENGTH)
    publish_at = models.DateTimeField(_("published"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_notice = models.TextField(_("notice"), blank=True)
    withdrawal_hides_title = models.BooleanField(_("title hidden, too"), default=False)
    # A withdrawal is a border: of what readers could see before it, they see nothing again.
    back_since = models.DateTimeField(_("public again since"), null=True, blank=True)
    live = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    working = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    translation_group = models.ForeignKey(
        TranslationGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="releases",
        verbose_name=_("says the same as"),
    )
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )

    topics = TaggableManager(
        through="releases.ReleaseTopic", blank=True, verbose_name=_("topics"), related_name="releases"
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-publish_at", "-pk")
        indexes = (
            models.Index(
                fields=("language", "-publish_at", "-id"),
                condition=Q(live__isnull=False, withdrawn_at=None),
                name="releases_release_visible",
            ),
            models.Index(fields=("-publish_at", "-id"), name="releases_release_in_order"),
            models.Index(*STAFF_ORDER, name="releases_release_of_staff"),
            # The few that readers do not see, for the desk and the list by state.
            models.Index(fields=("working",), condition=Q(live=None), name="releases_release_not_live"),
            models.Index(
                fields=("-withdrawn_at",),
                condition=Q(withdrawn_at__isnull=False),
                name="releases_release_gone",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("language", "slug"),
                name="releases_release_slug_unique",
                violation_error_message=_("Another release stands at this address."),
            ),
            models.UniqueConstraint(
                fields=("translation_group", "language"),
                name="releases_release_translation_unique",
                violation_error_message=_("The group has a release in this language already."),
            ),
            models.CheckConstraint(condition=~Q(slug=""), name="releases_release_addressed"),
            models.CheckConstraint(condition=~Q(language=""), name="releases_release_has_language"),
            models.CheckConstraint(
                condition=Q(live=None) | Q(publish_at__isnull=False), name="releases_release_live_has_date"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(live__isnull=False),
                name="releases_release_withdrawn_was_live",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_notice="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_notice="")),
                name="releases_release_withdrawn_says_so",
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_hides_title=False) | Q(withdrawn_at__isnull=False),
                name="releases_release_hides_title_when_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(back_since=None) | Q(live__isnull=False), name="releases_release_back_was_live"
            ),
            models.CheckConstraint(
                condition=Q(live=None) | Q(working=None) | ~Q(live=F("working")),
                name="releases_release_draft_is_not_live",
            ),
            models.CheckConstraint(
                condition=Q(updated_at=None) | Q(live__isnull=False), name="releases_release_updated_was_live"
            ),
        )

    def __str__(self) -> str:
        return self.current.title if self.current else self.slug

    @property
    def current(self) -> Revision | None:
        """The words that staff see: the draft where there is one, else what is live."""
        return self.working or self.live

    def is_visible(self, at: datetime | None = None) -> bool:
        """May a reader see it at `at`? Twin of `ReleaseQuerySet.visible`."""
        return bool(
            self.live_id
            and not self.withdrawn_at
            and self.publish_at
            and self.publish_at <= (at or timezone.now())
        )

    def is_announced(self, at: datetime | None = None) -> bool:
        """May a reader know at `at` that it is, or was? Twin of `ReleaseQuerySet.announced`."""
        if self.live_id and self.withdrawn_at and self.publish_at:
            return self.withdrawn_at >= self.publish_at
        return self.is_visible(at)

    def is_in_feeds(self, at: datetime | None = None) -> bool:
        """Do feeds hold it at `at`? Twin of `ReleaseQuerySet.in_feeds`."""
        return self.is_announced(at) if settings.WITHDRAWN_IN_FEEDS else self.is_visible(at)

    def state(self, at: datetime | None = None) -> State:
        """Where it stands at `at`. Twin of `in_state`."""
        if self.withdrawn_at:
            return State.WITHDRAWN
        if self.live_id:
            return State.PUBLISHED if self.is_visible(at) else State.SCHEDULED
        if self.working and self.working.approved_at:
            return State.APPROVED
        if self.working and self.working.submitted_at:
            return State.SUBMITTED
        return State.DRAFT

    def public_corrections(self) -> list[Correction]:
        """Those that readers are told of, newest first: none from before a withdrawal, whose words they may repeat. No
        query for the many releases that never needed one."""
        if not self.updated_at:
            return []
        return [one for one in self.corrections.all() if not self.back_since or one.at >= self.back_since]

    @property
    def draft(self) -> Draft:
        """What has become of the draft, over live words or alone."""
        if self.working is None:
            return Draft.NONE
        if self.working.approved_at:
            return Draft.APPROVED
        if self.working.submitted_at:
            return Draft.SUBMITTED
        # Words that are being written are not frozen; who gives them back leaves them as they were submitted.
        return Draft.RETURNED if self.working.frozen_at else Draft.WRITTEN

    @property
    def note_prefix(self) -> str:
        """What makes the ids of its notes unique on a page; it lasts through export, import and a new slug."""
        return f"r{self.uuid.hex[:8]}-"

    def get_absolute_url(self) -> str:
        """Its page, under its own language's prefix."""
        return addresses.address("release", self.slug, language=self.language)


class ReleaseTopic(ItemBase):
    """A release filed under a topic, as readers see it: copied from the live revision when it is published."""

    tag = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="release_items")
    content_object = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="topic_items")

    objects: ClassVar[models.Manager["ReleaseTopic"]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("content_object", "tag"), name="releases_releasetopic_once"),
        )
        indexes = (models.Index(fields=("tag", "content_object"), name="releases_releasetopic_of_tag"),)


class SearchEntry(models.Model):
    """What the search knows of a release: a row for its live words, and one for the draft over them. `releases.search` alone
    writes them. The index follows its row, whoever changes it: on SQLite through triggers (FTS5), on PostgreSQL as a generated
    column (tsvector); `releases/migrations/_search.py` makes both.

    Readers are shown live rows of visible releases; working rows are for staff.
    """

    LIVE, WORKING = "live", "working"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="search_entries")
    kind = models.CharField(max_length=7, choices=[(LIVE, LIVE), (WORKING, WORKING)])
    # Which words these are: a revision may be saved again until it is frozen.
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    save_number = models.PositiveIntegerField()
    sequence = models.TextField()
    terms = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("release", "kind"), name="releases_searchentry_one_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=("live", "working")), name="releases_searchentry_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.release_id}"


class JSONList(Aggregate):
    """The values of a group as one JSON list, for a subquery; `read_list` reads it."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """SQLite's own name for it."""
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra_context)


def read_list(found: Any) -> list[Any]:
    """The list of an annotation: SQLite hands it over as text, and where there is no row there is none."""
    return list(json.loads(found) if isinstance(found, str) else found or ())


def read_object(found: Any) -> dict[str, Any]:
    """A JSON column within such a list: SQLite writes it as text once more."""
    return dict(json.loads(found) if isinstance(found, str) else found)
