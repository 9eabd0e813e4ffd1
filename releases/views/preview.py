"""A draft for people outside of the newsroom, behind a link that somebody on the staff gave them."""

from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from newsroom.http import NEVER_STORED, Request
from releases.models import PreviewLink
from releases.reading.pictures import picture_response
from releases.reading.release import render_preview
from releases.workflow.previews import note_opening, opens


@require_safe
def shared(request: Request, token: str) -> HttpResponse:
    """One draft, while its link is open; 404 for everything else."""
    link = _open_link(token)
    if request.method == "GET" and not request.user.is_authenticated:
        note_opening(link)
    banner = {"until": link.expires_at}
    return render_preview(request, link.revision, banner=banner, path_of=partial(_picture_path, token))


@require_safe
def shared_picture(request: Request, token: str, name: str) -> HttpResponse:
    """A file of the picture of that draft."""
    picture = _open_link(token).revision.picture
    if picture is None:
        raise Http404("no such picture")
    response = picture_response(request, picture, name)
    response.headers["Cache-Control"] = NEVER_STORED
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _picture_path(token: str, name: str) -> str:
    return reverse("preview_picture", args=[token, name])


def _open_link(token: str) -> PreviewLink:
    link = PreviewLink.of(token)
    if link is None or not opens(link):
        raise Http404("no such preview")
    return link
