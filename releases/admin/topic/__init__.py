"""Topics in the admin: the vocabulary's list, form, and the pages on which chiefs merge, split, retire and undo."""

from releases.admin.topic.change_form import TopicAdmin

__all__ = ["TopicAdmin"]
