"""What is kept of codes at the second step: how many were wrong, and which were used."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WrongCodes(models.Model):
    """How many wrong codes came to an account from one place (`newsroom.accounts.limits`)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("wrong codes")
        verbose_name_plural = _("wrong codes")
        constraints = (models.UniqueConstraint("person", "place", name="accounts_wrong_codes_of_place"),)

    def __str__(self) -> str:
        return f"{self.place}: {self.number}"


class UsedCode(models.Model):
    """A code of an app that has opened the door, for as long as it could be valid; kept as a keyed digest."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("used code")
        verbose_name_plural = _("used codes")
        constraints = (models.UniqueConstraint("person", "digest", name="accounts_code_used_once"),)

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M:%S}"
