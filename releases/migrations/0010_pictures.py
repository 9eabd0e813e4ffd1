"""The library of pictures, and the one that stands at the head of a revision."""

import uuid

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
        ("releases", "0009_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("width", models.PositiveIntegerField(editable=False, verbose_name="width")),
                ("height", models.PositiveIntegerField(editable=False, verbose_name="height")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ("-added_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("height__gt", 0), ("width__gt", 0)),
                        name="releases_picture_measured",
                    )
                ],
            },
        ),
        # SQLite makes the table anew for a column, while the triggers look at it.
        migrations.RunPython(lift_guards, set_guards),
        migrations.AddField(
            model_name="revision",
            name="picture",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="releases.picture",
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="picture_alt",
            field=models.CharField(blank=True, default="", max_length=500, verbose_name="what it shows"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="revision",
            name="picture_caption",
            field=models.CharField(blank=True, default="", max_length=600, verbose_name="caption"),
            preserve_default=False,
        ),
        migrations.RunPython(set_guards, lift_guards),
    ]
