"""What happened to a release: the record of who did what, which a trigger keeps from changing, and the corrections that readers
are told of."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
        )
        constraints = (models.CheckConstraint(condition=~models.Q(verb=""), name="releases_event_has_verb"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M:%S}"


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
