"""Caches in front of the site, and up to which edition each has been told of changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0025_lists_of_staff"),
    ]

    operations = [
        migrations.CreateModel(
            name="Purge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.CharField(max_length=500, unique=True)),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=300)),
            ],
        ),
    ]
