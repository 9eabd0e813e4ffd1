"""The sources that releases cite, where they stand, and what is remembered of their hosts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0008_guards_that_hold"),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceHost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(max_length=260, unique=True)),
                ("robots", models.JSONField(default=dict)),
                ("robots_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("not_before", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("host",),
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                ("url", models.TextField(verbose_name="address")),
                ("host", models.CharField(db_index=True, max_length=260, verbose_name="host")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("alive", "Alive"),
                            ("moved", "Moved"),
                            ("gone", "Gone"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="answer")),
                ("moved_to", models.TextField(blank=True, verbose_name="moved to")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="last check")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="failures")),
                ("next_check_at", models.DateTimeField(db_index=True, null=True, verbose_name="next check")),
                ("archived_url", models.CharField(blank=True, max_length=2000, verbose_name="archived copy")),
                ("archived_on", models.DateField(blank=True, null=True, verbose_name="copied on")),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ("host", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["alive", "moved", "gone", "unknown"])),
                        name="releases_source_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("url", ""), _negated=True), models.Q(("host", ""), _negated=True)
                        ),
                        name="releases_source_addressed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "moved"), models.Q(("moved_to", ""), _negated=True)),
                            models.Q(models.Q(("state", "moved"), _negated=True), ("moved_to", "")),
                            _connector="OR",
                        ),
                        name="releases_source_moved_says_where",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "unknown"), ("checked_at__isnull", False), _connector="OR"
                        ),
                        name="releases_source_known_was_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("archived_on", None), ("archived_url", "")),
                            models.Q(
                                models.Q(("archived_url", ""), _negated=True), ("archived_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="releases_source_copy_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceCitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=16)),
                ("number", models.PositiveIntegerField(default=0)),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_citations",
                        to="releases.release",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to="releases.source",
                    ),
                ),
            ],
            options={
                "ordering": ("release", "number", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("release", "source", "note"), name="releases_sourcecitation_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("note", ""), ("number", 0)),
                            models.Q(models.Q(("note", ""), _negated=True), ("number__gt", 0)),
                            _connector="OR",
                        ),
                        name="releases_sourcecitation_note_has_number",
                    ),
                ],
            },
        ),
    ]
