"""The form of a body that feeds carry, made for what is stored already, and the outbox of WebSub."""

import django.db.models.deletion
from django.db import migrations, models

from releases.languages import note_words
from releases.migrations import _guards as guards
from releases.text.render import feed_form

PORTION = 250


def lift_guards(apps, editor):
    guards.remove(editor)


def set_guards(apps, editor):
    guards.install(editor)


def derive(apps, editor):
    revisions = (
        apps.get_model("releases", "Revision")
        .objects.select_related("release")
        .only("body", "body_feed", "release__uuid", "release__language")
    )
    portion = []
    for revision in revisions.order_by("pk").iterator(PORTION):
        release = revision.release
        # As `Release.note_prefix` has it; a migration does not see the model's own methods.
        prefix = f"r{release.uuid.hex[:8]}-"
        revision.body_feed = feed_form(revision.body, prefix=prefix, words=note_words(release.language))
        portion.append(revision)
        if len(portion) == PORTION:
            revisions.model.objects.bulk_update(portion, ["body_feed"])
            portion = []
    revisions.model.objects.bulk_update(portion, ["body_feed"])


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
        migrations.RunPython(derive, migrations.RunPython.noop, elidable=True),
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
