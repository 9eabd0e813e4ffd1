"""How staff pages say what somebody did: the record's verbs as words of a sentence."""

from django import template
from django.utils.translation import gettext_lazy as _

register = template.Library()
SAID = {
    "create": _("began"),
    "save draft": _("began a new draft of"),
    "submit": _("submitted"),
    "return": _("returned"),
    "approve": _("approved"),
    "publish": _("published"),
    "schedule": _("scheduled"),
    "unschedule": _("took off the schedule"),
    "correct": _("corrected"),
    "withdraw": _("withdrew"),
    "discard draft": _("discarded the draft of"),
    "restore": _("restored a former text of"),
    "hand over": _("handed over"),
    "change address": _("changed the address of"),
    "set translations": _("tied the translations of"),
    "share preview": _("made a link for outsiders to"),
    "revoke preview": _("closed a link for outsiders to"),
    "archive source": _("kept a copy of a source"),
    "add topic": _("added the topic"),
    "rename topic": _("changed the topic"),
    "merge topics": _("merged the topic"),
    "split topic": _("split the topic"),
    "retire topic": _("retired the topic"),
    "undo": _("undid"),
}


@register.filter
def did(verb: str) -> str:
    """“published” for “publish”; a verb that is not known here stays as it is."""
    return str(SAID.get(verb, verb))
