"""What the open page asks by itself: to keep what is being typed, who else is here, what a date means."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from releases import clock, workflow
from releases.admin.release.submission import by_another, sending_of
from releases.forms import AutosaveForm
from releases.forms.moment import explained
from releases.models import Before, Presence, Release, Revision
from releases.permissions import may
from releases.workflow import Conflict, Refused
from releases.workflow.receipts import acknowledge, overtaken, written_upon


@require_POST
def autosave(request: HttpRequest, pk: int | None = None) -> JsonResponse:
    """Keep what was typed as the working revision; never publishes, and begins a release once.

    200 {saved, seen, pk, address, slug, kept, unkept, whole, turn}, 409 {conflict: {who, when}} or {another}, 403 and
    422 {reasons}.
    """
    if another := by_another(request):
        return JsonResponse({"another": another}, status=409)
    release = Release.objects.select_related("live", "working").filter(pk=pk).first() if pk else None
    if pk and release is None:
        return _refused([_("This release no longer exists.")], status=404)
    if not may(request.user, "save draft" if release else "create", release):
        return _refused([_("Your role does not allow you to change this release.")], status=403)
    form = AutosaveForm(request.POST, instance=release or Release(), by=request.user)
    form.is_valid()
    data = form.cleaned_data
    seen, sending = data.get("seen"), sending_of(request)
    if release is not None and seen is None:
        return _refused([_("This page is out of date: reload it.")], status=422)
    if release is not None:
        seen = written_upon(release, sending, seen, by=request.user)
    try:
        if release is None or not overtaken(sending, by=request.user):
            with transaction.atomic():
                release = workflow.save_draft(
                    release, form.words(), by=request.user, auto=True, seen=seen, uuid=data.get("uuid"),
                    language=data.get("language") or settings.LANGUAGE_CODE,
                    slug="" if release else data.get("slug", ""), before=reason(request.POST),
                )  # fmt: skip
                acknowledge(release, sending, by=request.user, whole=not form.unkept())
    except Refused as refusal:
        return _refused(refusal.reasons, status=422)
    except Conflict as conflict:
        return JsonResponse({"conflict": _who_saved(conflict.revision)}, status=409)
    current = release.current
    return JsonResponse(
        {
            **_who_saved(current),
            "saved": _clock(current.edited_at),
            "seen": current.save_number,
            "pk": release.pk,
            "slug": current.planned_slug or release.slug,
            "address": reverse("admin:releases_release_change", args=[release.pk]),
            "unkept": form.unkept(),
            "kept": lately_kept(release),
            "whole": not form.unkept(),
            "turn": sending.turn if sending else None,
        }
    )


def reason(data: Mapping[str, str]) -> str:
    """Why the words of the form replace what is stored, as far as the page knew: one of `Before`, or nothing."""
    known = {Before.PASTE, Before.IMPORT, Before.COPY, Before.CONFLICT}
    said = data.get("reason", "")
    return said if said in known else ""


def lately_kept(release: Release) -> dict[str, str] | None:
    """The way back to what the draft said before it lost many words, for as long as that is of use."""
    version = workflow.last_before(release)
    if version is None:
        return None
    words = _("The text %(before)s at %(when)s is kept.")
    return {
        "said": words % {"before": version.get_before_display(), "when": _clock(version.at)},
        "address": f"{reverse('admin:releases_release_compare', args=[release.pk])}?old=v{version.pk}",
    }


@require_POST
def presence(request: HttpRequest, pk: int) -> JsonResponse:
    """Note that this person is in the release, or leaves it; answer who else is, and the newest save. Who only reads a
    published release is told neither: both say that a draft is being written."""
    release = Release.objects.select_related("live", "working").filter(pk=pk).first()
    if release is None or not may(request.user, "view", release):
        return _refused([_("This release no longer exists.")], status=404)
    if "leave" in request.POST:
        Presence.objects.filter(release=release, user=request.user).delete()
        return JsonResponse({})
    others = enter(release, request.user)
    if not may(request.user, "save draft", release):
        return JsonResponse({"others": others})
    current = release.current
    return JsonResponse({"others": others, "seen": current.save_number, **_who_saved(current)})


@require_GET
def moment(request: HttpRequest) -> JsonResponse:
    """What a date and time mean, as they are typed: `releases.forms.moment.explained`."""
    if not may(request.user, "create"):
        raise PermissionDenied
    said = (request.GET.get(name, "") for name in ("date", "time", "which"))
    return JsonResponse(explained(*said))


def enter(release: Release, user: Any, at: datetime | None = None) -> list[dict[str, str]]:
    """`user` is in `release` now; who else is there, with the time since when, for whoever may read its draft."""
    at = at or timezone.now()
    with suppress(OperationalError), _without_waiting():  # opening a form waits for nobody who writes
        _enter(release, user, at)
    if not may(user, "save draft", release):
        return []
    return [
        {"name": str(one.user), "since": _clock(one.since)}
        for one in Presence.objects.filter(release=release).now(at).exclude(user=user)
    ]


def _enter(release: Release, user: Any, at: datetime) -> None:
    known = Presence.objects.filter(release=release, user=user)
    row = known.first()
    if row is None:
        try:
            with transaction.atomic():
                Presence.objects.create(release=release, user=user, since=at, at=at)
        except IntegrityError:  # the same person's other tab was quicker
            known.update(at=at)
    else:
        since = row.since if Presence.objects.now(at).filter(pk=row.pk).exists() else at
        with transaction.atomic():
            known.update(at=at, since=since)


@contextmanager
def _without_waiting() -> Iterator[None]:
    """SQLite has one lock for all who write. Each answer is fetched: a statement that is half read would keep the lock."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    ours = connection.connection
    usual = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    ours.execute("PRAGMA busy_timeout = 100").fetchall()
    try:
        yield
    finally:
        ours.execute(f"PRAGMA busy_timeout = {usual}").fetchall()


def _clock(at: datetime) -> str:
    return f"{clock.local(at):%H:%M:%S}"


def _who_saved(revision: Revision) -> dict[str, str]:
    return {"who": str(revision.edited_by or "–"), "when": _clock(revision.edited_at)}


def _refused(reasons: list[str], *, status: int) -> HttpResponse:
    return JsonResponse({"reasons": reasons}, status=status)


def take_theirs(request: HttpRequest, release: Release) -> HttpResponse:
    """Of two texts a colleague's was chosen: what was typed here goes into the history, whatever is still loose in it."""
    form = AutosaveForm(request.POST, instance=release, by=request.user)
    form.is_valid()
    with transaction.atomic():
        workflow.set_aside(release, form.words(), by=request.user)
        # Kept, but as no save of the draft: what stands there is still the colleague's.
        acknowledge(release, sending_of(request), by=request.user, whole=not form.unkept(), save_number=0)
    messages.success(request, _("The stored text stays. Yours is kept in the history."))
    return HttpResponseRedirect(reverse("admin:releases_release_change", args=[release.pk]))
