"""Template tags of staff pages: the verbs of events as words of a sentence, and the outlook of a release."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from releases.models import Release
from releases.workflow.outlook import outlook as outlook_of

register = template.Library()
VERB_PHRASES = {
    "create": _("started"),
    "save draft": _("started a new draft of"),
    "submit": _("submitted"),
    "return": _("returned"),
    "approve": _("approved"),
    "publish": _("published"),
    "schedule": _("scheduled"),
    "unschedule": _("unscheduled"),
    "correct": _("corrected"),
    "withdraw": _("withdrew"),
    "discard draft": _("discarded the draft of"),
    "restore": _("restored an earlier version of"),
    "hand over": _("handed over"),
    "change address": _("changed the address of"),
    "set translations": _("linked the translations of"),
    "tie": _("linked as a translation"),
    "untie": _("unlinked from its translations"),
    "share preview": _("created a preview link to"),
    "revoke preview": _("closed a preview link to"),
    "archive source": _("added an archived copy of a source"),
    "add topic": _("added the topic"),
    "rename topic": _("changed the topic"),
    "merge topics": _("merged the topic"),
    "split topic": _("split the topic"),
    "retire topic": _("retired the topic"),
    "undo": _("undid a change to the topics"),
}


@register.filter
def verb_phrase(verb: str) -> str:
    """“published” for “publish”; an unknown verb is shown as it is."""
    return str(VERB_PHRASES.get(verb, verb))


@register.filter
def outlook(release: Release) -> str:
    """What readers see of it, what goes out next, and what becomes of its draft."""
    return outlook_of(release, at=timezone.now())


@register.filter
def verb_phrase_alone(verb: str) -> str:
    """“discarded the draft” for “discard draft”, where the release is not named behind it."""
    return verb_phrase(verb).removesuffix(" of").removesuffix(" to")
