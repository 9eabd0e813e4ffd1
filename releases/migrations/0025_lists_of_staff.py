"""Indexes by which the lists of staff find their rows, however many there are."""

from django.db import migrations, models
from django.db.models import F, Q

from releases.migrations._indexes import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("releases", "0024_tallies")]

    operations = [
        AddIndexConcurrently(
            "event", models.Index(fields=["verb", "-at", "-id"], name="releases_event_of_verb")
        ),
        AddIndexConcurrently(
            "event", models.Index(fields=["user", "-at", "-id"], name="releases_event_of_user")
        ),
        AddIndexConcurrently(
            "release",
            models.Index(
                models.ExpressionWrapper(
                    Q(publish_at__isnull=True), output_field=models.BooleanField()
                ).desc(),
                F("publish_at").desc(),
                F("id").desc(),
                name="releases_release_of_staff",
            ),
        ),
        AddIndexConcurrently(
            "release",
            models.Index(fields=["working"], condition=Q(live=None), name="releases_release_not_live"),
        ),
        AddIndexConcurrently(
            "release",
            models.Index(
                fields=["-withdrawn_at"],
                condition=Q(withdrawn_at__isnull=False),
                name="releases_release_gone",
            ),
        ),
    ]
