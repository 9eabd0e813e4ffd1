"""Where else the site can be found, as it was signed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0022_parts_of_an_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="MirrorList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("signature", models.CharField(max_length=100)),
                ("key", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-pk",),
                "get_latest_by": "pk",
            },
        ),
    ]
