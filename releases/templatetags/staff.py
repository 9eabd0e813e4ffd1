"""Template tags of staff pages: what somebody did as a sentence, and the outlook of a release."""

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from releases.models import Event, Release
from releases.models import event as events
from releases.workflow.outlook import outlook as outlook_of

register = template.Library()
register.filter("verb_phrase", events.verb_phrase)


@register.simple_tag
def event_phrase(event: Event) -> SafeString:
    """“discarded the draft of Reeds”, where the title leads to the form."""
    what = _what(event)
    if not what:  # done to everything
        return conditional_escape(events.verb_phrase(event.verb))
    sentence = conditional_escape(events.verb_phrase_with_object(event.verb))
    return mark_safe(sentence % {"what": what})


def _what(event: Event) -> str:
    if not event.release_id:
        return conditional_escape(event.detail.get("name") or event.detail.get("topic") or "")
    form = reverse("admin:releases_release_change", args=[event.release_id])
    title = (event.revision and event.revision.title) or event.release
    return format_html('<a href="{}">{}</a>', form, title)


@register.filter
def outlook(release: Release) -> str:
    """What readers see of it, what goes out next, and what becomes of its draft."""
    return outlook_of(release, at=timezone.now())
