"""What the open form asks by itself: to save what is being typed, who else is here, what a date means."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from newsroom.accounts.models import User
from newsroom.http import Request
from releases import clock, workflow
from releases.admin.base import revision_of
from releases.admin.release.submission import reason_against_author, submission_of
from releases.forms.moment import interpretation
from releases.forms.release import AutosaveForm
from releases.models import Before, Presence, Release, Revision
from releases.numbers import whole
from releases.permissions import may
from releases.workflow import Conflict, Refused
from releases.workflow.receipts import acknowledge, base_save_number, cleaned_at, is_outdated


@require_POST
def autosave(request: Request, pk: int | None = None) -> JsonResponse:
    """Save what was typed as the working revision. It never publishes, and begins a release once.

    200 {saved, seen, pk, address, slug, kept, unkept, whole, turn}, 409 {conflict: {who, when, removed}} or {another}, 403 and
    422 {reasons}.
    """
    if another := reason_against_author(request):
        return JsonResponse({"another": another}, status=409)
    release = Release.objects.select_related("live", "working").filter(pk=pk).first() if pk else None
    if pk and release is None:
        return _refused([_("This release no longer exists.")], status=404)
    if not may(request.user, "save draft" if release else "create", release):
        return _refused([_("Your role does not allow you to change this release.")], status=403)
    form = AutosaveForm(request.POST, instance=release or Release(), by=request.user)
    form.is_valid()
    data = form.cleaned_data
    seen, submitted = data.get("seen"), submission_of(request)
    if release is not None and seen is None:
        return _refused([_("This page is out of date: reload it.")], status=422)
    if release is not None:
        seen = base_save_number(release, submitted, seen, by=request.user)
    try:
        if release is None or not is_outdated(submitted, by=request.user):
            with transaction.atomic():
                release = workflow.save_draft(
                    release, form.words(), by=request.user, auto=True, seen=seen, uuid=data.get("uuid"),
                    language=data.get("language") or settings.LANGUAGE_CODE,
                    slug="" if release else data.get("slug", ""), before=cause_of(request.POST),
                )  # fmt: skip
                acknowledge(release, submitted, by=request.user, whole=not form.unsaved())
    except Refused as refusal:
        return _refused(refusal.reasons, status=422)
    except Conflict as conflict:
        stored = conflict.revision
        removed = cleaned_at(stored.release_id) > (seen or 0)
        return JsonResponse({"conflict": {**_who_saved(stored), "removed": removed}}, status=409)
    current = revision_of(release)
    return JsonResponse(
        {
            **_who_saved(current),
            "saved": _clock(current.edited_at),
            "seen": current.save_number,
            "pk": release.pk,
            "slug": current.planned_slug or release.slug,
            "address": reverse("admin:releases_release_change", args=[release.pk]),
            "unkept": form.unsaved(),
            "kept": recent_version(release),
            "whole": not form.unsaved(),
            "turn": submitted.turn if submitted else None,
        }
    )


def cause_of(data: Mapping[str, str]) -> str:
    """Why the words of the form replace the stored ones, as far as the page knew: one of `Before`, or nothing."""
    known = {Before.PASTE, Before.IMPORT, Before.COPY, Before.CONFLICT}
    cause = data.get("reason", "")
    return cause if cause in known else ""


def recent_version(release: Release) -> dict[str, str] | None:
    """Where the version stands that was stored before the draft lost many words, for as long as that is of use."""
    version = workflow.last_before(release)
    if version is None:
        return None
    message = _("The text %(before)s at %(when)s is kept.")
    return {
        "said": message % {"before": version.get_before_display(), "when": _clock(version.at)},
        "address": f"{reverse('admin:releases_release_compare', args=[release.pk])}?old=v{version.pk}",
    }


@require_POST
def presence(request: Request, pk: int) -> JsonResponse:
    """Note that this person has the release open, or leaves it. The answer says who else has, and the newest save.

    Whoever may only read the published release gets neither: both would say that somebody writes a draft.
    """
    release = Release.objects.select_related("live", "working").filter(pk=pk).first()
    if release is None or not may(request.user, "view", release):
        return _refused([_("This release no longer exists.")], status=404)
    if "leave" in request.POST:
        Presence.objects.filter(release=release, user=request.user).delete()
        return JsonResponse({})
    others = note_presence(release, request.user)
    if not may(request.user, "save draft", release):
        return JsonResponse({"others": others})
    current = revision_of(release)
    return JsonResponse(
        {
            "others": others,
            "seen": current.save_number,
            "cleaned": cleaned_at(release.pk),
            **_who_saved(current),
        }
    )


@require_GET
def moment(request: Request) -> JsonResponse:
    """What a date and time mean, as they are typed: `releases.forms.moment.interpretation`."""
    if not may(request.user, "create"):
        raise PermissionDenied
    typed = (request.GET.get(name, "") for name in ("date", "time", "which"))
    return JsonResponse(interpretation(*typed))


def note_presence(release: Release, user: User, at: datetime | None = None) -> list[dict[str, str]]:
    """Note that `user` has `release` open now. Who else has, and since when; nobody for whom its draft is not to be read."""
    at = at or timezone.now()
    with suppress(OperationalError), _short_lock_timeout():  # opening a form waits for no writer
        _store_presence(release, user, at)
    if not may(user, "save draft", release):
        return []
    return [
        {"name": str(one.user), "since": _clock(one.since)}
        for one in Presence.objects.filter(release=release).now(at).exclude(user=user)
    ]


def _store_presence(release: Release, user: User, at: datetime) -> None:
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
def _short_lock_timeout() -> Iterator[None]:
    """Wait a tenth of a second at most for SQLite's one lock for writers.

    The result of each statement is fetched: one that is half read would keep the lock.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    usual = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    driver.execute("PRAGMA busy_timeout = 100").fetchall()
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {usual}").fetchall()


def _clock(at: datetime) -> str:
    return f"{clock.local(at):%H:%M:%S}"


def _who_saved(revision: Revision) -> dict[str, str]:
    return {"who": str(revision.edited_by or "–"), "when": _clock(revision.edited_at)}


def _refused(reasons: Sequence[str], *, status: int) -> JsonResponse:
    return JsonResponse({"reasons": reasons}, status=status)


def keep_stored_text(request: Request, release: Release) -> HttpResponse:
    """Of two texts the stored one was chosen. What was typed here goes into the history, however unfinished; not if it was written upon
    a text from which words were removed since, for it may have them."""
    form = AutosaveForm(request.POST, instance=release, by=request.user)
    form.is_valid()
    upon = whole(request.POST.get("upon"))
    may_have_removed = upon is not None and upon < cleaned_at(release.pk)
    with transaction.atomic():
        if not may_have_removed:
            workflow.set_aside(release, form.words(), by=request.user)
        # Received, but as no save of the draft: the draft is still the stored one.
        acknowledge(release, submission_of(request), by=request.user, whole=not form.unsaved(), save_number=0)
    if may_have_removed:
        messages.success(
            request, _("The stored text stays. Yours is kept nowhere, for it may have what was removed.")
        )
    else:
        messages.success(request, _("The stored text stays. Yours is kept in the history."))
    return HttpResponseRedirect(reverse("admin:releases_release_change", args=[release.pk]))
