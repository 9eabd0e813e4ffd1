"""Pages hold the numbers of notes in brackets, so that no copy of their text has a bare digit: all are rendered anew."""

from django.db import migrations
from django.db.models import F
from django.utils import timezone

from releases.languages import note_words
from releases.text.render import forms_of

PORTION = 250


def render(apps, editor):
    revisions = apps.get_model("releases", "Revision").objects.select_related("release")
    rendered = 0
    for revision in revisions.order_by("pk").iterator(PORTION):
        # As `Release.note_prefix` has it; a migration does not see the model's own methods.
        prefix = f"r{revision.release.uuid.hex[:8]}-"
        forms = forms_of(revision.body, prefix=prefix, words=note_words(revision.release.language))
        revisions.model.objects.filter(pk=revision.pk).update(**forms)
        rendered += 1
    if rendered:
        edition = apps.get_model("releases", "Edition").objects
        edition.filter(pk=1).update(number=F("number") + 1, raised_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("releases", "0014_versions")]

    operations = [migrations.RunPython(render, migrations.RunPython.noop, elidable=True)]
