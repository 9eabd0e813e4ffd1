"""A release as it would be, drawn by the public page's own template from a revision that is not public."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from releases.languages import frame_language
from releases.models import PreviewLink, Revision
from releases.reading.index import topic_index
from releases.reading.lead import lead_of
from releases.reading.lists import around
from releases.reading.public import page
from releases.sources import copies_in, shown_with
from releases.views.pictures import file_of
from releases.workflow.previews import note_opening, opens


def draw(
    request: HttpRequest,
    revision: Revision,
    *,
    banner: dict[str, Any] | None = None,
    at: datetime | None = None,
    place: Callable[[str], str] | None = None,
) -> HttpResponse:
    """The page of `revision` at the date that it plans; kept by nobody, indexed by nobody. `place` gives the path of
    a file of its picture, which is not public either."""
    at = at or timezone.now()
    release = copy.copy(revision.release)
    if not release.is_visible(at):
        release.publish_at = revision.publish_at or at
    topics = {topic.pk for topic in revision.topics.all()}
    request.language = release.language
    with translation.override(frame_language(release.language)):
        index = [replace(one, of_release=one.topic.pk in topics) for one in topic_index(release.language)]
        words = {
            "release": release, "words": revision, "lead": lead_of(revision, place),
            "body": shown_with(revision.body_page, copies_in(revision.body), release.language), "around": around(release, at=at), "preview": banner or {}, "about": None, "corrections": release.public_corrections(),
            "corrections_at": settings.CORRECTIONS_AT,
            "topics": [one for one in index if one.of_release],
            "canonical": release.get_absolute_url(),
        }  # fmt: skip
        response = page(request, "releases/preview.html", words, index=index)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Language"] = frame_language(release.language)
    return response


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What a link for outsiders opens: one draft, while the link is open; 404 for whatever else."""
    link = _open(token)
    if request.method == "GET" and not request.user.is_authenticated:
        note_opening(link)

    def place(name: str) -> str:
        return reverse("preview_picture", args=[token, name])

    return draw(request, link.revision, banner={"until": link.expires_at}, place=place)


@require_safe
def shared_picture(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A file of the picture of the draft that a link for outsiders opens."""
    found = _open(token).revision.picture
    if found is None:
        raise Http404("no such picture")
    response = file_of(request, found, name)
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _open(token: str) -> PreviewLink:
    link = PreviewLink.of(token)
    if link is None or not opens(link):
        raise Http404("no such preview")
    return link
