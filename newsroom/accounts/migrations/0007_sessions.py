"""Where people are signed in, and what they were told of their account."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="notices_seen",
            field=models.PositiveBigIntegerField(
                default=0,
                db_default=0,
                editable=False,
                help_text="The last entry of the access record that the person has dismissed.",
            ),
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField(verbose_name="signed in")),
                ("last_at", models.DateTimeField(help_text="To the minute.", verbose_name="last used")),
                ("confirmed_at", models.DateTimeField(help_text="When the person last proved who they are.")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("device", models.CharField(blank=True, max_length=100, verbose_name="device")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ("-last_at", "-pk"),
                "indexes": [
                    models.Index(fields=["person", "-last_at", "-id"], name="accounts_session_of_person")
                ],
            },
        ),
    ]
