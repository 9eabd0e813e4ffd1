"""Who wrote the words of a revision, since those that had been approved or gone live before them."""

from django.db import migrations, models

from releases.migrations import _guards as guards

PORTION = 500


def lift_guards(apps, editor):
    guards.remove(editor)


def set_guards(apps, editor):
    guards.install(editor)


def name_authors(apps, editor):
    """Whoever made or edited any revision since the last approved one, by its number."""
    revisions = apps.get_model("releases", "Revision").objects
    columns = ("pk", "release_id", "created_by_id", "edited_by_id", "approved_at")
    rows = revisions.order_by("release_id", "number").values_list(*columns)
    release, authors, portion = None, set(), []
    model = revisions.model
    for pk, of, created, edited, approved in rows.iterator(chunk_size=PORTION):
        if of != release:
            release, authors = of, set()
        authors |= {created, edited} - {None}
        portion.append(model(pk=pk, authors=sorted(authors)))
        if approved:
            authors = set()
        if len(portion) == PORTION:
            revisions.bulk_update(portion, ["authors"])
            portion = []
    revisions.bulk_update(portion, ["authors"])


class Migration(migrations.Migration):
    dependencies = [("releases", "0012_words")]

    operations = [
        # SQLite makes the table anew for a column, while the triggers look at it.
        migrations.RunPython(lift_guards, set_guards),
        migrations.AddField(
            model_name="revision",
            name="authors",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.RunPython(name_authors, migrations.RunPython.noop),
        migrations.RunPython(set_guards, lift_guards),
    ]
