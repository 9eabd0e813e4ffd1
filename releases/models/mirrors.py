"""Where else the site can be found, as it was signed; rows are only added, and the newest counts."""

from django.db import models


class MirrorList(models.Model):
    """`text` is what was signed (`releases.mirrors` writes it), `signature` in Base64, `key` the public key as PEM."""

    text = models.TextField()
    signature = models.CharField(max_length=100)
    key = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        get_latest_by = "pk"

    def __str__(self) -> str:
        return self.text
