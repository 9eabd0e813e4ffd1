"""The words of a release at one moment, and the forms derived from them when they are saved."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from releases.models.topic import ItemBase, Topic

SLUG_LENGTH = 150
TITLE_LENGTH = 300
SUMMARY_LENGTH = 600
ALT_LENGTH = 500
CAPTION_LENGTH = 600


class Revision(models.Model):
    """Words: being edited while `frozen_at` is empty, of record ever after (a trigger refuses the change)."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    dateline = models.CharField(_("dateline place"), max_length=100, blank=True)
    summary = models.TextField(_("summary"), max_length=SUMMARY_LENGTH, blank=True)
    body = models.TextField(_("body"), blank=True)
    publish_at = models.DateTimeField(_("date and time"), null=True, blank=True)
    picture = models.ForeignKey(
        "releases.Picture", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions",
        verbose_name=_("picture"),
    )  # fmt: skip
    # What the picture shows, for whoever does not see it.
    picture_alt = models.CharField(_("what it shows"), max_length=ALT_LENGTH, blank=True)
    picture_caption = models.CharField(_("caption"), max_length=CAPTION_LENGTH, blank=True)

    # Where the release shall stand once these words are live; "" for where it stands. Going live carries it out.
    planned_slug = models.CharField(_("planned address"), max_length=SLUG_LENGTH, blank=True)

    body_page = models.TextField(editable=False, blank=True)
    body_text = models.TextField(editable=False, blank=True)
    # As feeds carry it, without its addresses (`releases.text.render`).
    body_feed = models.TextField(editable=False, blank=True)
    notes = models.JSONField(editable=False, default=list)
    note_count = models.PositiveIntegerField(_("notes"), editable=False, default=0)
    word_count = models.PositiveIntegerField(_("words"), editable=False, default=0)

    comment = models.CharField(_("comment"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    edited_at = models.DateTimeField(_("last edited"))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Primary keys of all who wrote these words, since those that had been approved or gone live before them.
    authors = models.JSONField(editable=False, default=list)
    # Raised by every save of the words: a form that was opened at an older one is told so.
    save_number = models.PositiveIntegerField(default=1, editable=False)
    # Somebody pressed “Save draft” over these very words; a save that nobody pressed a button for does not.
    saved_by_hand = models.BooleanField(default=False, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)

    topics = TaggableManager(
        through="releases.RevisionTopic", blank=True, verbose_name=_("topics"), related_name="revisions"
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("release", "number"), name="releases_revision_number_unique"),
            models.CheckConstraint(condition=~models.Q(title=""), name="releases_revision_titled"),
            models.CheckConstraint(
                condition=models.Q(submitted_at=None) | models.Q(frozen_at__isnull=False),
                name="releases_revision_submitted_is_frozen",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at=None) | models.Q(submitted_at__isnull=False),
                name="releases_revision_approved_was_submitted",
            ),
        )

    def __str__(self) -> str:
        return self.title


class RevisionTopic(ItemBase):
    """A revision filed under a topic."""

    tag = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="revision_items")
    content_object = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="topic_items")

    objects: ClassVar[models.Manager["RevisionTopic"]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("content_object", "tag"), name="releases_revisiontopic_once"),
        )
