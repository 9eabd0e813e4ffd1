"""Where somebody is signed in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OpenSession(models.Model):
    """One browser in which somebody has signed in. Django's session holds its primary key; when this row ends, so does that."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="open_sessions",
        verbose_name=_("person"),
    )
    began_at = models.DateTimeField(_("signed in"))
    last_at = models.DateTimeField(_("last used"), help_text=_("To the minute."))
    confirmed_at = models.DateTimeField(help_text=_("When the person last proved who they are."))
    ended_at = models.DateTimeField(_("ended"), null=True)
    address = models.CharField(_("address"), max_length=45, blank=True)
    device = models.CharField(_("device"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-last_at", "-pk")
        indexes = (models.Index(fields=("person", "-last_at", "-id"), name="accounts_session_of_person"),)

    def __str__(self) -> str:
        return f"{self.person} {self.began_at:%Y-%m-%d %H:%M:%S}"
