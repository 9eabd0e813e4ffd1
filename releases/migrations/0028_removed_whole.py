"""A release can be removed whole, and a picture from frozen revisions: the door for it, its guards, and where 410 is answered."""

from django.db import migrations, models

from releases.migrations import _guards as guards


def renew_guards(apps, editor):
    guards.remove(editor)
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [("releases", "0027_scrub_door")]

    operations = [
        migrations.CreateModel(
            name="RemovedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.AddField("scrubdoor", "whole", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("scrubdoor", "picture", models.PositiveBigIntegerField(null=True)),
        migrations.RunPython(renew_guards, migrations.RunPython.noop),
    ]
