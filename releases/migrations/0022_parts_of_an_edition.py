"""Which parts of the public site the latest editions changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0021_twins_of_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionPart",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(db_index=True)),
            ],
        ),
    ]
