"""The record of access: who came in, what they were given, what they took out. Triggers keep it from being changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# What may stand in the record: kind -> how it is said.
KINDS = {
    "sign in": _("signed in"),
    "failure": _("wrong password"),
    "second step": _("second step passed"),
    "second step failed": _("second step failed"),
    "recovery code": _("recovery code used"),
    "new device": _("signed in from a new device"),
    "repeated failures": _("five wrong passwords or codes within an hour"),
    "limit reached": _("limit of attempts reached"),
    "confirmed": _("confirmed who they are"),
    "confirmation failed": _("failed to confirm who they are"),
    "sign out": _("signed out"),
    "session ended": _("session ended"),
    "person added": _("person added"),
    "rights changed": _("rights changed"),
    "person changed": _("name or address changed"),
    "password set": _("password set"),
    "password changed": _("password changed"),
    "password ended": _("password made invalid"),
    "invitation made": _("sign-in link made"),
    "invitation used": _("sign-in link used"),
    "invitation withdrawn": _("sign-in link withdrawn"),
    "invitation expired": _("sign-in link expired"),
    "first factor": _("second factor set up"),
    "factor added": _("another second factor added"),
    "factor removed": _("second factor removed"),
    "codes made": _("recovery codes made"),
    "codes renewed": _("recovery codes made anew"),
    "preview opened": _("preview opened"),
    "export": _("export made"),
    "backup": _("backup made"),
    "restored": _("restored from a backup"),
    "key made": _("key made"),
    "words removed": _("words removed from everything"),
    "release removed": _("whole release removed"),
    "picture removed": _("picture removed from everything"),
    "record expired": _("old entries of this record deleted"),
}


class AccessEntry(models.Model):
    """One thing that happened, or several of the same kind within a minute (`count`)."""

    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("whose account"),
        help_text=_("Empty: a stranger, or the whole site."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by whom"),
        help_text=_("Empty: nobody who was signed in."),
    )
    name = models.CharField(
        _("name"),
        max_length=150,
        blank=True,
        help_text=_(
            "Of no account: a digest of the name that was tried, or the machine's account of a command."
        ),
    )
    address = models.CharField(_("address"), max_length=45, blank=True)
    device = models.CharField(_("device"), max_length=100, blank=True)
    count = models.PositiveIntegerField(_("times"), default=1)
    detail = models.JSONField(_("detail"), default=dict)
    tally = models.CharField(max_length=64, null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("entry of the access record")
        verbose_name_plural = _("access record")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("-at", "-id"), name="accounts_access_latest"),
            models.Index(fields=("person", "-at", "-id"), name="accounts_access_of_person"),
            models.Index(fields=("by", "-at", "-id"), name="accounts_access_by_person"),
            models.Index(fields=("kind", "-at", "-id"), name="accounts_access_of_kind"),
        )
        constraints = (
            models.CheckConstraint(condition=~models.Q(kind=""), name="accounts_access_has_kind"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="accounts_access_counts"),
        )

    def __str__(self) -> str:
        return f"{self.phrase} {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def phrase(self) -> str:
        """What happened, in words; a kind that is not known here stays as it is."""
        return str(KINDS.get(self.kind, self.kind))

    @property
    def is_of_command(self) -> bool:
        """Whether a management command did it; then `name` is the machine's account."""
        return self.device.startswith("manage.py ")


class AccessExpiry(models.Model):
    """The door through which old entries go: there is a row inside the transaction that deletes them, and never outside."""

    before = models.DateTimeField()

    class Meta:
        verbose_name = _("expiry of the access record")
        verbose_name_plural = _("expiries of the access record")

    def __str__(self) -> str:
        return f"{self.before:%Y-%m-%d %H:%M:%S}"
