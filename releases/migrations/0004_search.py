"""The rows of the search, and the index over them, which every database has its own way to make."""

import django.db.models.deletion
from django.db import migrations, models

from releases.migrations._search import lay, lift


def make(apps, editor):
    lay(editor)


def drop(apps, editor):
    lift(editor)


class Migration(migrations.Migration):
    dependencies = [("releases", "0003_presence_and_previews")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(choices=[("live", "live"), ("working", "working")], max_length=7)),
                ("save_number", models.PositiveIntegerField()),
                ("sequence", models.TextField()),
                ("terms", models.TextField()),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="releases.release",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="releases.revision"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "kind"), name="releases_searchentry_one_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("live", "working"))),
                        name="releases_searchentry_kind",
                    ),
                ]
            },
        ),
        migrations.RunPython(make, drop),
    ]
