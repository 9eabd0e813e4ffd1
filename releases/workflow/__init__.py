"""What happens to releases: each verb is one transaction and one event, and refuses with every reason at once."""

from releases.workflow.addressing import readdress
from releases.workflow.copies import archive_source, sign_mirrors
from releases.workflow.drafts import (
    discard_draft,
    hand_over,
    restore,
    save_draft,
)
from releases.workflow.pictures import add_picture, delete_picture
from releases.workflow.previews import revoke_preview, share_preview
from releases.workflow.publication import (
    approve,
    correct,
    due_of,
    publish,
    return_draft,
    schedule,
    submit,
    unschedule,
    withdraw,
)
from releases.workflow.removal import OtherRows, each_row, remove_picture, remove_release
from releases.workflow.states import TABLE, Conflict, Refused, reasons_against
from releases.workflow.translations import tie, translate, untie
from releases.workflow.versions import last_before, set_aside, version_of, words_of_version
from releases.workflow.words import Words, words_of

__all__ = [
    "TABLE",
    "Conflict",
    "OtherRows",
    "Refused",
    "Words",
    "add_picture",
    "approve",
    "archive_source",
    "correct",
    "delete_picture",
    "discard_draft",
    "due_of",
    "each_row",
    "hand_over",
    "last_before",
    "publish",
    "readdress",
    "reasons_against",
    "remove_picture",
    "remove_release",
    "restore",
    "return_draft",
    "revoke_preview",
    "save_draft",
    "schedule",
    "set_aside",
    "share_preview",
    "sign_mirrors",
    "submit",
    "tie",
    "translate",
    "unschedule",
    "untie",
    "version_of",
    "withdraw",
    "words_of",
    "words_of_version",
]
