"""What happened to a release: the record of who did what, which a trigger keeps from changing, and the corrections that readers
are told of."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# What somebody did, by the verb of the event: alone, and with what they did it to.
VERB_PHRASES = {
    "create": (_("started"), _("started %(what)s")),
    "save draft": (_("started a new draft"), _("started a new draft of %(what)s")),
    "submit": (_("submitted"), _("submitted %(what)s")),
    "return": (_("returned"), _("returned %(what)s")),
    "approve": (_("approved"), _("approved %(what)s")),
    "publish": (_("published"), _("published %(what)s")),
    "schedule": (_("scheduled"), _("scheduled %(what)s")),
    "unschedule": (_("unscheduled"), _("unscheduled %(what)s")),
    "correct": (_("corrected"), _("corrected %(what)s")),
    "withdraw": (_("withdrew"), _("withdrew %(what)s")),
    "discard draft": (_("discarded the draft"), _("discarded the draft of %(what)s")),
    "restore": (_("restored an earlier version"), _("restored an earlier version of %(what)s")),
    "hand over": (_("handed over"), _("handed over %(what)s")),
    "change address": (_("changed the address"), _("changed the address of %(what)s")),
    "set translations": (_("linked the translations"), _("linked the translations of %(what)s")),
    "tie": (_("linked as a translation"), _("linked as a translation %(what)s")),
    "untie": (_("unlinked from its translations"), _("unlinked from its translations %(what)s")),
    "share preview": (_("created a preview link"), _("created a preview link to %(what)s")),
    "revoke preview": (_("closed a preview link"), _("closed a preview link to %(what)s")),
    "archive source": (
        _("added an archived copy of a source"),
        _("added an archived copy of a source %(what)s"),
    ),
    "add picture": (_("added the picture"), _("added the picture %(what)s")),
    "delete picture": (_("deleted the picture"), _("deleted the picture %(what)s")),
    "clean picture": (
        _("removed camera data from the picture"),
        _("removed camera data from the picture %(what)s"),
    ),
    "remove words": (_("removed words from everything"), _("removed words from %(what)s")),
    "remove release": (_("removed a whole release"), _("removed the whole release %(what)s")),
    "remove picture": (_("removed a picture from everything"), _("removed a picture from %(what)s")),
    "add topic": (_("added the topic"), _("added the topic %(what)s")),
    "rename topic": (_("changed the topic"), _("changed the topic %(what)s")),
    "merge topics": (_("merged the topic"), _("merged the topic %(what)s")),
    "split topic": (_("split the topic"), _("split the topic %(what)s")),
    "retire topic": (_("retired the topic"), _("retired the topic %(what)s")),
    "undo": (_("undid a change to the topics"), _("undid a change to the topics %(what)s")),
}


def verb_phrase(verb: str) -> str:
    """“discarded the draft” for “discard draft”; a verb that is not known here stays as it is."""
    return str(VERB_PHRASES[verb][0]) if verb in VERB_PHRASES else verb


def verb_phrase_with_object(verb: str) -> str:
    """“discarded the draft of %(what)s”."""
    return str(VERB_PHRASES[verb][1]) if verb in VERB_PHRASES else f"{verb.replace('%', '%%')} %(what)s"


class Event(models.Model):
    """One verb, done once. `detail` holds what the verb has to say for itself (a comment, the old slug, …)."""

    release = models.ForeignKey(
        "releases.Release",
        on_delete=models.PROTECT,
        null=True,
        related_name="events",
        verbose_name=_("release"),
    )
    revision = models.ForeignKey(
        "releases.Revision",
        on_delete=models.PROTECT,
        null=True,
        related_name="events",
        verbose_name=_("revision"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("verb"), max_length=40)
    at = models.DateTimeField(_("when"))
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("release", "-at", "-id"), name="releases_event_of_release"),
            models.Index(fields=("-at", "-id"), name="releases_event_latest"),
            models.Index(fields=("verb", "-at", "-id"), name="releases_event_of_verb"),
            models.Index(fields=("user", "-at", "-id"), name="releases_event_of_user"),
        )
        constraints = (models.CheckConstraint(condition=~models.Q(verb=""), name="releases_event_has_verb"),)

    def __str__(self) -> str:
        return f"{verb_phrase(self.verb)} {self.at:%Y-%m-%d %H:%M:%S}"


def back_since(steps: Iterable[tuple[str, datetime]]) -> datetime | None:
    """When a release came back from its last withdrawal, by the verbs and moments of its events in their order."""
    gone, back = False, None
    for verb, at in steps:
        if verb == "withdraw":
            gone, back = True, None
        elif verb == "publish" and gone:
            gone, back = False, at
    return back


class Correction(models.Model):
    """A public, dated note; `revision` is the one that it brought in."""

    release = models.ForeignKey("releases.Release", on_delete=models.PROTECT, related_name="corrections")
    revision = models.ForeignKey("releases.Revision", on_delete=models.PROTECT, related_name="corrections")
    at = models.DateTimeField(_("when"))
    note = models.TextField(_("what changed"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~models.Q(note=""), name="releases_correction_says_what"),
        )

    def __str__(self) -> str:
        return self.note
