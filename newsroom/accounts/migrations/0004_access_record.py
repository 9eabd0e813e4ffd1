"""The record of access, with the triggers that keep it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from newsroom.accounts.migrations import _guards as guards


def install(apps, editor):
    guards.install(editor)


def remove(apps, editor):
    guards.remove(editor)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessExpiry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.DateTimeField()),
            ],
            options={
                "verbose_name": "expiry of the access record",
                "verbose_name_plural": "expiries of the access record",
            },
        ),
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("kind", models.CharField(max_length=40, verbose_name="what")),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Of no account: a digest of the name that was tried, or the machine's account of a command.",
                        max_length=150,
                        verbose_name="name",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("device", models.CharField(blank=True, max_length=100, verbose_name="device")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="times")),
                ("detail", models.JSONField(default=dict, verbose_name="detail")),
                ("tally", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Empty: nobody who was signed in.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by whom",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Empty: a stranger, or the whole site.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="whose account",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the access record",
                "verbose_name_plural": "access record",
                "ordering": ("-at", "-pk"),
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="accounts_access_latest"),
                    models.Index(fields=["person", "-at", "-id"], name="accounts_access_of_person"),
                    models.Index(fields=["by", "-at", "-id"], name="accounts_access_by_person"),
                    models.Index(fields=["kind", "-at", "-id"], name="accounts_access_of_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind", ""), _negated=True), name="accounts_access_has_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__gte", 1)), name="accounts_access_counts"
                    ),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
