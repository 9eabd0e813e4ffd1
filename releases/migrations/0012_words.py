"""Every word of the vocabulary with the one topic to which it leads."""

import unicodedata

import django.db.models.deletion
from django.db import migrations, models


def key_of(name):
    """What makes two names the same, as this migration found it."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def say(apps, editor):
    """Take in the words that topics have. Of a synonym that two of them have (an import could bring that about) the
    later one loses it; a doubled name in another language stays, since readers see it, and leads to the first."""
    vocabulary = apps.get_model("releases", "Topic").objects
    topics = list(vocabulary.order_by("pk"))
    merged = {topic.pk: topic.merged_into_id for topic in topics if topic.merged_into_id}
    leads: dict[str, int] = {}

    def claim(topic, word):
        end = topic.pk
        while end in merged:
            end = merged[end]
        return not key_of(word) or leads.setdefault(key_of(word), end) == end

    for topic in topics:
        claim(topic, topic.name)
    for topic in topics:
        for word in topic.names.values():
            claim(topic, word)
    for topic in topics:
        kept = [word for word in topic.synonyms if claim(topic, word)]
        if kept != topic.synonyms:
            vocabulary.filter(pk=topic.pk).update(synonyms=kept)
    word = apps.get_model("releases", "TopicWord")
    word.objects.bulk_create(
        [word(key=key, topic_id=pk) for key, pk in sorted(leads.items())], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("releases", "0011_pings_of_the_vocabulary")]

    operations = [
        migrations.CreateModel(
            name="TopicWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=400)),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="releases.topic",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key",), name="releases_topicword_leads_to_one_topic"),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="releases_topicword_said"
                    ),
                ],
            },
        ),
        migrations.RunPython(say, migrations.RunPython.noop),
    ]
