"""The rows of the domain and the constraints that hold them together."""

from releases.models.address import Address, FormerPath, MirrorList, RemovedAddress
from releases.models.drafting import Before, Intent, Presence, PreviewLink, Receipt, Version
from releases.models.edition import Edition, EditionPart, Ping, Purge, ScrubDoor, SharedTally, Tally
from releases.models.event import Correction, Event
from releases.models.picture import Picture
from releases.models.release import Release, ReleaseTopic, SearchEntry, TranslationGroup
from releases.models.revision import Revision, RevisionTopic
from releases.models.source import Source, SourceCitation, SourceHost
from releases.models.topic import FormerSlug, Refiling, Topic, TopicWord

__all__ = [
    "Address",
    "Before",
    "Correction",
    "Edition",
    "EditionPart",
    "Event",
    "FormerPath",
    "FormerSlug",
    "Intent",
    "MirrorList",
    "Picture",
    "Ping",
    "Presence",
    "PreviewLink",
    "Purge",
    "Receipt",
    "Refiling",
    "Release",
    "ReleaseTopic",
    "RemovedAddress",
    "Revision",
    "RevisionTopic",
    "ScrubDoor",
    "SearchEntry",
    "SharedTally",
    "Source",
    "SourceCitation",
    "SourceHost",
    "Tally",
    "Topic",
    "TopicWord",
    "TranslationGroup",
    "Version",
]
