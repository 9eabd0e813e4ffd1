"""What is said when a page cannot be: 400, 403, 404 and 500, in the frame's language, with a way on."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation

from releases.languages import frame_language
from releases.models import FormerPath
from releases.views.index import topic_index
from releases.views.public import page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says the same whether the address never was, is a draft's, or is under embargo. An old site's path leads on."""
    if release := FormerPath.objects.release_at(request.get_full_path()):
        return redirect(release, permanent=True)
    request.language = _language(request)
    with translation.override(frame_language(request.language)):
        words = {"canonical": ""}
        return page(request, "404.html", words, index=topic_index(request.language), status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Staff meet it who lack a right; asks nothing of the database."""
    return _bare(request, "403.html", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request made no sense; asks nothing of the database."""
    return _bare(request, "400.html", 400)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke, perhaps the database or the frame itself: as little as possible is used to say so."""
    with translation.override(frame_language(_language(request))):
        return HttpResponse(render_to_string("500.html", {"newsroom": settings.NEWSROOM}), status=500)


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    request.language = _language(request)
    with translation.override(frame_language(request.language)):
        return render(request, template, status=status)


def _language(request: HttpRequest) -> str:
    """An error may come before the language is known."""
    return getattr(request, "language", settings.LANGUAGE_CODE)
