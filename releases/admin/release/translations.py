"""The page on which a release is tied to what says the same in other languages, and on which a translation is begun."""

from urllib.parse import unquote

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.http import Request
from releases import workflow
from releases.admin.base import refusal_as_message, release_or_404, staff_page
from releases.admin.release.changelist import matching
from releases.models import Release
from releases.numbers import whole
from releases.permissions import all_as_seen, as_seen, may, viewable
from releases.workflow import Refused, reasons_against
from releases.workflow.translations import tied_to

# As many as one looks through; more words find fewer.
MAX_CANDIDATES = 20


def translations(request: Request, pk: int) -> HttpResponse:
    """GET: what is tied, the languages that are free, and `?q=` what could be tied (`&part=found`: that alone, for the
    script). POST: `translate` a language, `tie` or `untie` a release."""
    release = release_or_404(request, pk, "view")
    if not may(request.user, "create"):
        raise Http404("no such release")
    if request.method == "POST":
        return _do_verb(request, release)
    as_seen(request.user, release)
    tied = tied_to(release)
    words = request.GET.get("q", "").strip()
    context = {
        "release": release,
        "q": words,
        "found": candidates(request.user, release, tied, words) if words else [],
        "shown": MAX_CANDIDATES,
    }
    if request.GET.get("part") == "found":
        return TemplateResponse(request, "admin/releases/release/parts/translations.html", context)
    taken = {one.language for one in (release, *tied)}
    context |= {
        "tied": all_as_seen(request.user, tied),
        "hidden": [one.language for one in tied if not may(request.user, "view", one)],
        "free": [(code, name) for code, name in settings.LANGUAGES if code not in taken],
        "may_untie": not reasons_against("untie", release, by=request.user),
    }
    return staff_page(request, "release/translations", _("Translations"), context)


def candidates(user: User, release: Release, tied: list[Release], words: str) -> list[Release]:
    """What `user` may see of the releases in other languages that `words` find: words of the text, or an address."""
    address = unquote(words.rstrip("/").rpartition("/")[2]) if "/" in words else ""
    others = viewable(user, Release.objects.exclude(language__in=[one.language for one in (release, *tied)]))
    found = others.filter(slug=address) if address else matching(user, others, words)
    return all_as_seen(user, found.select_related("live", "working").in_order()[:MAX_CANDIDATES])


def _do_verb(request: Request, release: Release) -> HttpResponse:
    """Do the verb that was chosen, or say why not. A translation that was begun is opened."""
    with refusal_as_message(request):
        if "translate" in request.POST:
            made = workflow.translate(release, request.POST["translate"], by=request.user)
            name = dict(settings.LANGUAGES)[made.language]
            messages.success(
                request,
                _("The translation into %s begins with this text: write over it. Readers do not see it.")
                % name,
            )
            return redirect("admin:releases_release_change", made.pk)
        if "untie" in request.POST:
            workflow.untie(_chosen(request, "untie"), by=request.user)
            messages.success(request, _("It is no longer linked as a translation."))
        else:
            workflow.tie(release, _chosen(request, "tie"), by=request.user)
            messages.success(request, _("These are linked as translations of each other now."))
    return redirect("admin:releases_release_translations", release.pk)


def _chosen(request: Request, field: str) -> Release:
    """The release that was chosen, if this person may see it."""
    chosen = whole(request.POST.get(field))
    if chosen is None:
        raise Refused([_("Choose a release first.")])
    found = viewable(request.user, Release.objects.filter(pk=chosen)).first()
    if found is None:
        raise Refused([_("There is no such release.")])
    return found
