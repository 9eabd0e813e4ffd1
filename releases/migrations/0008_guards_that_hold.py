"""Guards that hold against REPLACE (SQLite), TRUNCATE (PostgreSQL) and the refiling of a frozen revision too."""

from django.db import migrations

from releases.migrations import _guards as guards


def renew(apps, editor):
    guards.remove(editor)
    guards.install(editor)


class Migration(migrations.Migration):
    dependencies = [("releases", "0007_former_paths")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
