"""The triggers that keep the record, and the one row of the edition."""

from django.db import migrations
from django.utils import timezone

from releases.migrations import _guards as guards


def lay(apps, editor):
    guards.install(editor)
    apps.get_model("releases", "Edition").objects.get_or_create(pk=1, defaults={"raised_at": timezone.now()})


def lift(apps, editor):
    guards.remove(editor)


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]

    operations = [migrations.RunPython(lay, lift)]
