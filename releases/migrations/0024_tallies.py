"""How many releases there are by month and topic, kept in rows; the next public change writes them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("releases", "0023_mirror_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="counted_in",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.AddField(
            model_name="edition",
            name="refiled",
            field=models.PositiveIntegerField(db_default=0),
        ),
        migrations.CreateModel(
            name="SharedTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("topic", models.PositiveBigIntegerField()),
                ("other", models.PositiveBigIntegerField()),
                ("number", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("language", "topic", "other"), name="releases_sharedtally_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("topic", models.PositiveBigIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("month", models.PositiveSmallIntegerField()),
                ("number", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("language", "topic", "year", "month"), name="releases_tally_once"
                    )
                ],
            },
        ),
    ]
