"""What readers are told about a change of substance after publication."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
