"""The rows of the domain and the constraints that hold them together."""

from releases.models.correction import Correction
from releases.models.edition import Edition
from releases.models.event import Event
from releases.models.former import FormerPath
from releases.models.intent import Intent
from releases.models.picture import Picture
from releases.models.ping import Ping
from releases.models.presence import Presence
from releases.models.preview import PreviewLink
from releases.models.receipt import Receipt
from releases.models.release import Address, Release, ReleaseTopic, TranslationGroup
from releases.models.revision import Revision, RevisionTopic
from releases.models.search import SearchEntry
from releases.models.source import Source, SourceCitation, SourceHost
from releases.models.topic import FormerSlug, Refiling, Topic, TopicWord
from releases.models.version import Before, Version

__all__ = [
    "Address",
    "Before",
    "Correction",
    "Edition",
    "Event",
    "FormerPath",
    "FormerSlug",
    "Intent",
    "Picture",
    "Ping",
    "Presence",
    "PreviewLink",
    "Receipt",
    "Refiling",
    "Release",
    "ReleaseTopic",
    "Revision",
    "RevisionTopic",
    "SearchEntry",
    "Source",
    "SourceCitation",
    "SourceHost",
    "Topic",
    "TopicWord",
    "TranslationGroup",
    "Version",
]
