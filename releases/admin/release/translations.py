"""The page on which a release is tied to what says the same in other languages, and on which a translation is begun."""

from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from releases import workflow
from releases.admin.release.changelist import matching
from releases.models import Release
from releases.numbers import whole
from releases.permissions import all_as_seen, as_seen, may, viewable
from releases.workflow import Refused, reasons_against
from releases.workflow.translations import tied_to

# As many as one looks through; more words find fewer.
SHOWN = 20


def translations(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what is tied, the languages that are free, and `?q=` what could be tied (`&part=found`: that alone, for the
    script). POST: `translate` a language, `tie` or `untie` a release."""
    release = get_object_or_404(Release.objects.select_related("live", "working"), pk=pk)
    if not (may(request.user, "view", release) and may(request.user, "create")):
        raise Http404("no such release")
    if request.method == "POST":
        return _do(request, release)
    as_seen(request.user, release)
    tied = tied_to(release)
    words = request.GET.get("q", "").strip()
    context = {
        "release": release,
        "q": words,
        "found": candidates(request.user, release, tied, words) if words else [],
        "shown": SHOWN,
    }
    if request.GET.get("part") == "found":
        return TemplateResponse(request, "admin/releases/release/parts/translations.html", context)
    taken = {one.language for one in (release, *tied)}
    context |= {
        **admin.site.each_context(request),
        "title": _("Translations"),
        "tied": all_as_seen(request.user, tied),
        "hidden": [one.language for one in tied if not may(request.user, "view", one)],
        "free": [(code, name) for code, name in settings.LANGUAGES if code not in taken],
        "may_untie": not reasons_against("untie", release, by=request.user),
    }
    return TemplateResponse(request, "admin/releases/release/translations.html", context)


def candidates(user: Any, release: Release, tied: list[Release], words: str) -> list[Release]:
    """What `user` may see of the releases in other languages that `words` find: words of the text, or an address."""
    address = unquote(words.rstrip("/").rpartition("/")[2]) if "/" in words else ""
    others = viewable(user, Release.objects.exclude(language__in=[one.language for one in (release, *tied)]))
    found = others.filter(slug=address) if address else matching(user, others, words)
    return all_as_seen(user, found.select_related("live", "working").in_order()[:SHOWN])


def _do(request: HttpRequest, release: Release) -> HttpResponse:
    """Do it, or say why not; what was begun is opened."""
    try:
        if "translate" in request.POST:
            made = workflow.translate(release, request.POST["translate"], by=request.user)
            name = dict(settings.LANGUAGES)[made.language]
            messages.success(
                request,
                _("The translation into %s begins with this text: write over it. Readers do not see it.")
                % name,
            )
            return HttpResponseRedirect(reverse("admin:releases_release_change", args=[made.pk]))
        if "untie" in request.POST:
            workflow.untie(_named(request, "untie"), by=request.user)
            messages.success(request, _("It is no longer linked as a translation."))
        else:
            workflow.tie(release, _named(request, "tie"), by=request.user)
            messages.success(request, _("These are linked as translations of each other now."))
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    return HttpResponseRedirect(reverse("admin:releases_release_translations", args=[release.pk]))


def _named(request: HttpRequest, field: str) -> Release:
    """The release that was chosen, if this person may see it."""
    chosen = whole(request.POST.get(field))
    if chosen is None:
        raise Refused([_("Choose a release first.")])
    found = viewable(request.user, Release.objects.filter(pk=chosen)).first()
    if found is None:
        raise Refused([_("There is no such release.")])
    return found
