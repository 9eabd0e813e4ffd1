"""A release as it would be, drawn by the public page's own template from a revision that is not public."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from newsroom.http import NEVER_STORED
from releases.models import PreviewLink
from releases.reading.pictures import file_of
from releases.reading.release import draw
from releases.workflow.previews import note_opening, opens


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
    response.headers["Cache-Control"] = NEVER_STORED
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _open(token: str) -> PreviewLink:
    link = PreviewLink.of(token)
    if link is None or not opens(link):
        raise Http404("no such preview")
    return link
