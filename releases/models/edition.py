"""What a public change leaves behind: the number of its edition, which parts of the site it changed, and the feeds of which
the hub is still to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """One row. Whatever changes something public raises `number` in the same transaction (`releases.editions`)."""

    number = models.PositiveBigIntegerField(default=1)
    raised_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="releases_edition_single"),)

    def __str__(self) -> str:
        return str(self.number)


class EditionPart(models.Model):
    """The latest edition that changed a part of the public site (`releases.parts` names them), written in the transaction
    that raised it. A part that no row names has not changed since the last change of everything."""

    name = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveBigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.name


class Ping(models.Model):
    """One feed that `release` changed, or the vocabulary where there is none, written in the transaction that changed it.
    Nothing is sent before `due_at`, which is an embargo's end where there is one; `taken_at` is set while somebody is
    sending."""

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, null=True, related_name="pings")
    path = models.CharField(_("feed"), max_length=600)
    due_at = models.DateTimeField(_("not before"))
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what the hub said"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ping")
        verbose_name_plural = _("pings")
        ordering = ("due_at", "pk")
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=models.Q(sent_at=None), name="releases_ping_waiting"
            ),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(path=""), name="releases_ping_names_a_feed"),
        )

    def __str__(self) -> str:
        return self.path
