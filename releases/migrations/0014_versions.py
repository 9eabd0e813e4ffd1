"""Versions: what a draft said before it was written over."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from releases.migrations import _guards as guards


def lift_guards(apps, editor):
    guards.remove(editor)


def set_guards(apps, editor):
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0013_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # SQLite makes the table anew for a column, while the triggers look at it.
        migrations.RunPython(lift_guards, set_guards),
        migrations.AddField(
            model_name="revision",
            name="saved_by_hand",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by_hand", models.BooleanField(default=False, verbose_name="saved by hand")),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deletion", "before a large deletion"),
                            ("paste", "before a paste over it"),
                            ("import", "before an import"),
                            ("copy", "before the words kept by a browser were restored"),
                            ("conflict", "before a choice between two texts"),
                            ("taken", "set aside for a colleague's text"),
                        ],
                        max_length=10,
                        verbose_name="why",
                    ),
                ),
                ("held", models.BooleanField(default=False)),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("word_count", models.PositiveIntegerField(default=0, verbose_name="words")),
                ("note_count", models.PositiveIntegerField(default=0, verbose_name="notes")),
                ("words", models.BinaryField()),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="releases.picture",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="releases.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ("-at", "-pk"),
                "indexes": [
                    models.Index(fields=["revision", "-at", "-id"], name="releases_version_of_revision")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("held", True)),
                        fields=("revision",),
                        name="releases_version_one_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by_hand", True), ("held", True), _negated=True),
                        name="releases_version_by_hand_not_held",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("before__in", ["", "deletion", "paste", "import", "copy", "conflict", "taken"])
                        ),
                        name="releases_version_reason_known",
                    ),
                ],
            },
        ),
        migrations.RunPython(set_guards, lift_guards),
    ]
