"""The number that names the state of everything public."""

from django.db import models


class Edition(models.Model):
    """One row. Whatever changes something public raises `number` in the same transaction (`releases.editions`)."""

    number = models.PositiveBigIntegerField(default=1)
    raised_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="releases_edition_single"),)

    def __str__(self) -> str:
        return str(self.number)
