"""Every row of the domain, and a text of the sample by its key; what the tests of the sample look at."""

from datetime import UTC, datetime

from releases.models import Address, Edition, Event, Release, ReleaseTopic, Revision, RevisionTopic, Topic
from releases.sample.load import uuid_of
from releases.sample.reader import texts

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TABLES = (Release, Revision, ReleaseTopic, RevisionTopic, Address, Event, Topic, Edition)


def everything():
    """Every row of the domain."""
    return {model: list(model.objects.order_by("pk").values()) for model in TABLES}


def sample(key):
    return Release.objects.get(uuid=next(uuid_of(text) for text in texts() if text.key == key))
