"""A ping may come of a change of the vocabulary, which belongs to no release."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("releases", "0010_pictures")]

    operations = [
        migrations.AlterField(
            "ping",
            "release",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pings",
                to="releases.release",
            ),
        )
    ]
