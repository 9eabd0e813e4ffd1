"""The form of a body that feeds carry, and the outbox of WebSub.

The form is empty for what is stored already: `manage.py migrate` makes it when all migrations are done.
"""

import django.db.models.deletion
from django.db import migrations, models

from releases.migrations import _guards as guards


def lift_guards(apps, editor):
    guards.remove(editor)


def set_guards(apps, editor):
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [("releases", "0005_vocabulary")]

    operations = [
        # SQLite makes the table anew for a column, while the triggers look at it.
        migrations.RunPython(lift_guards, set_guards),
        migrations.AddField(
            model_name="revision",
            name="body_feed",
            field=models.TextField(blank=True, editable=False, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(set_guards, lift_guards),
        migrations.CreateModel(
            name="Ping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=600, verbose_name="feed")),
                ("due_at", models.DateTimeField(verbose_name="not before")),
                ("taken_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="what the hub said")),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pings",
                        to="releases.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "ping",
                "verbose_name_plural": "pings",
                "ordering": ("due_at", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None)),
                        fields=["due_at", "id"],
                        name="releases_ping_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("path", ""), _negated=True), name="releases_ping_names_a_feed"
                    )
                ],
            },
        ),
    ]
