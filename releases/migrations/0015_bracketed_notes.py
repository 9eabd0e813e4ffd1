"""Pages hold the numbers of notes in brackets, so that no copy of their text has a bare digit: all are rendered anew.

An empty form asks for that: `manage.py migrate` makes it when all migrations are done.
"""

from django.db import migrations


def ask_for_rendering(apps, editor):
    """Empty one form of every text."""
    apps.get_model("releases", "Revision").objects.exclude(body="").update(body_feed="")


class Migration(migrations.Migration):
    dependencies = [("releases", "0014_versions")]

    operations = [migrations.RunPython(ask_for_rendering, migrations.RunPython.noop, elidable=True)]
