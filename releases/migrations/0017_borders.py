"""A withdrawal as a border: since when a release is public again, and whether its notice says its title."""

from django.db import migrations, models


def back_since(steps):
    """When a release came back from its last withdrawal, by the verbs and moments of its events in their order."""
    gone, back = False, None
    for verb, at in steps:
        if verb == "withdraw":
            gone, back = True, None
        elif verb == "publish" and gone:
            gone, back = False, at
    return back


def draw(apps, editor):
    """What is withdrawn now showed no title, and goes on showing none. What came back did so by its events."""
    releases = apps.get_model("releases", "Release").objects
    releases.filter(withdrawn_at__isnull=False).update(withdrawal_hides_title=True)
    events = apps.get_model("releases", "Event").objects
    gone = events.filter(verb="withdraw", release__withdrawn_at=None).values_list("release", flat=True)
    for pk in set(gone):
        steps = events.filter(release=pk, verb__in=("withdraw", "publish")).order_by("at", "pk")
        releases.filter(pk=pk, live__isnull=False).update(
            back_since=back_since(steps.values_list("verb", "at"))
        )


class Migration(migrations.Migration):
    dependencies = [("releases", "0016_planned_address")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="back_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="public again since"),
        ),
        migrations.AddField(
            model_name="release",
            name="withdrawal_hides_title",
            field=models.BooleanField(default=False, verbose_name="title hidden, too"),
        ),
        migrations.RunPython(draw, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(withdrawal_hides_title=False) | models.Q(withdrawn_at__isnull=False),
                name="releases_release_hides_title_when_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=models.Q(back_since=None) | models.Q(live__isnull=False),
                name="releases_release_back_was_live",
            ),
        ),
    ]
