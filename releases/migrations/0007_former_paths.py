"""Paths of the site that was here before, and the releases that they lead to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0006_feeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerPath",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=500, unique=True, verbose_name="old path")),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_paths",
                        to="releases.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "old path",
                "verbose_name_plural": "old paths",
                "ordering": ("path",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("path__startswith", "/"), models.Q(("path", "/"), _negated=True)),
                        name="releases_formerpath_is_a_path",
                    )
                ],
            },
        ),
    ]
