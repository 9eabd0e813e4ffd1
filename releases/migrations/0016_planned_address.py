"""An address that a draft plans and that going live carries out."""

from django.db import migrations, models

from releases.migrations import _guards as guards


def lift_guards(apps, editor):
    guards.remove(editor)


def set_guards(apps, editor):
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [("releases", "0015_bracketed_notes")]

    operations = [
        # SQLite makes the table anew for a column, while the triggers look at it.
        migrations.RunPython(lift_guards, set_guards),
        migrations.AddField(
            model_name="revision",
            name="planned_slug",
            field=models.CharField(blank=True, default="", max_length=150, verbose_name="planned address"),
            preserve_default=False,
        ),
        migrations.RunPython(set_guards, lift_guards),
    ]
