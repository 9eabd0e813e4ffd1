"""A link with which a person chooses their password: the first one, or another for one that was forgotten."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Links by what may still be done with them."""

    def unused(self) -> "InvitationQuerySet":
        """Neither used nor withdrawn; they may have expired."""
        return self.filter(used_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """One link, good once and for `INVITATION_HOURS`. The row knows a digest of it: who reads the database signs in as nobody."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("person"),
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    expiry_recorded = models.BooleanField(default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="accounts_invitation_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="accounts_invitation_lasts_a_while"
            ),
            models.UniqueConstraint(
                "person",
                condition=Q(used_at=None, withdrawn_at=None),
                name="accounts_invitation_one_of_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.made_at:%Y-%m-%d %H:%M:%S}"
