"""The door through which words are removed from what is frozen, and guards that know it."""

import django.db.models.deletion
from django.db import migrations, models

from releases.migrations import _guards as guards


def renew_guards(apps, editor):
    guards.remove(editor)
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [("releases", "0026_purges")]

    operations = [
        migrations.CreateModel(
            name="ScrubDoor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="releases.edition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("edition", 0)), name="releases_scrubdoor_never_stays"
                    )
                ],
            },
        ),
        migrations.RunPython(renew_guards, migrations.RunPython.noop),
    ]
