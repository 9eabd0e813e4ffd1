"""The record of access, for chiefs: to read, to narrow and to take along. Nothing here can be changed."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from newsroom.accounts import record
from newsroom.accounts.models import KINDS, ROLES, AccessEntry, User
from newsroom.accounts.reauthentication import confirmed
from releases import clock
from releases.admin.base import View, WorkflowAdmin, csv_response
from releases.numbers import whole

PER_PAGE = 100
# What the details of an entry are called.
DETAILS = {
    "role": _("role"), "active": _("active"), "superuser": _("superuser"), "steps": _("by"), "step": _("by"),
    "factor": _("factor"), "release": _("release"), "revision": _("revision"), "link": _("link"), "what": _("what"),
    "which": _("which"), "why": _("why"), "until": _("until"), "key": _("key"), "entries": _("entries"),
    "releases": _("releases"), "username": _("sign-in name"), "first_name": _("first name"),
    "last_name": _("last name"), "email": _("e-mail"), "form": _("form"), "backup": _("backup"),
    "places": _("places"), "rows": _("rows"),
}  # fmt: skip
# And what their values are called.
VALUES: dict[Any, Any] = {
    "password": _("password"), "totp": _("app"), "webauthn": _("passkey"), "recovery_codes": _("recovery codes"),
    "all": _("all"), "others": _("all others"), "idle": _("not used for too long"), "activity log": _("activity log"),
    "csv": "CSV", "json": "JSON", "access record": _("access record"), True: _("yes"), False: _("no"), None: "–", **ROLES,
}  # fmt: skip


def page(
    request: HttpRequest, template: str, title: Any, context: dict[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page about people: the template under `admin/accounts/`, in the frame of the admin."""
    frame = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/accounts/{template}.html", frame, status=status)


class Narrowing(forms.Form):
    """By what the record can be narrowed."""

    person = forms.ModelChoiceField(
        User.objects.order_by("username", "pk"), label=_("Person"), required=False, empty_label=_("Everybody")
    )
    kind = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds = sorted(((kind, str(said)) for kind, said in KINDS.items()), key=lambda one: one[1])
        self.fields["kind"].choices = [("", _("Everything")), *kinds]  # type: ignore[attr-defined]  # a ChoiceField

    def narrowed(self, entries: QuerySet[AccessEntry]) -> QuerySet[AccessEntry]:
        """Those that were asked for; what cannot be read narrows nothing, and is said beside its field."""
        self.is_valid()
        found = self.cleaned_data
        if person := found.get("person"):
            entries = entries.filter(Q(person=person) | Q(by=person))
        if kind := found.get("kind"):
            entries = entries.filter(kind=kind)
        if since := found.get("since"):
            entries = entries.filter(at__gte=clock.start_of_day(since))
        if (until := found.get("until")) and until.year < 9999:
            entries = entries.filter(at__lt=clock.start_of_day(until + timedelta(days=1)))
        return entries


@admin.register(AccessEntry)
class AccessAdmin(WorkflowAdmin[AccessEntry]):
    """Who came in, and what they did. Pages follow one another by the entry at which the last one ended."""

    verbs = {"view": "view access record"}

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """The two exports."""
        return [("export/<slug:form>/", confirmed(self.export), "export")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The latest entries, or those that came before one (`?before=`)."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        narrowing = Narrowing(request.GET)
        entries = _before(narrowing.narrowed(_entries()), request.GET.get("before", ""))
        rows = list(entries[: PER_PAGE + 1])
        shown = rows[:PER_PAGE]
        query = request.GET.copy()
        query.pop("before", None)
        older = ""
        if len(rows) > PER_PAGE:
            query["before"] = _place(shown[-1])
            older = query.urlencode()
            del query["before"]
        context = {
            "opts": self.opts, "narrowing": narrowing, "rows": [(row, details_of(row)) for row in shown],
            "older": older, "query": query.urlencode(), "begun": "before" in request.GET,
            "days": settings.ACCESS_RECORD_DAYS,
        }  # fmt: skip
        return page(request, "access", _("Access record"), context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """An entry has no page of its own: the list says all of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:accounts_accessentry_changelist")

    def export(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """What the list shows, whole, as CSV or as JSON."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if form not in {"csv", "json"}:
            raise Http404("no such form")
        return _export(request, form)


@require_safe
def _export(request: HttpRequest, form: str) -> HttpResponseBase:
    entries = Narrowing(request.GET).narrowed(_entries())
    last = record.note("export", request=request, what="access record", form=form)
    rows = entries.filter(pk__lte=last.pk)
    if form == "json":
        response = StreamingHttpResponse(_json(rows), content_type="application/json; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="access.json"'
        return response
    return csv_response(_cells(rows), name="access.csv")


def _entries() -> QuerySet[AccessEntry]:
    return AccessEntry.objects.select_related("person", "by").order_by("-at", "-pk")


def _place(entry: AccessEntry) -> str:
    """Where a page ends: moment and number."""
    return f"{int(entry.at.timestamp() * 1_000_000)}-{entry.pk}"


def _before(entries: QuerySet[AccessEntry], place: str) -> QuerySet[AccessEntry]:
    """The entries after that place, towards the older ones; all of them where it is none."""
    moment, number = (whole(part) for part in (*place.partition("-")[::2],))
    if moment is None or number is None or moment > 253_000_000_000_000_000:
        return entries
    at = datetime.fromtimestamp(moment // 1_000_000, tz=timezone.get_current_timezone())
    at += timedelta(microseconds=moment % 1_000_000)
    return entries.filter(at__lte=at).filter(Q(at__lt=at) | Q(at=at, pk__lt=number))


def details_of(entry: AccessEntry) -> list[tuple[str, str]]:
    """The details in words: (name, value); what was changed as “before → after”."""
    return [
        (str(DETAILS.get(name, name)), _moment(value) if name == "until" else _said(value))
        for name, value in entry.detail.items()
    ]


def _moment(value: str) -> str:
    return date_format(clock.local(datetime.fromisoformat(value)), gettext("j M Y, H:i"))


def _said(value: Any) -> str:
    if isinstance(value, list):
        two = len(value) == 2 and not {"password", "totp", "webauthn", "recovery_codes"} & {*map(str, value)}
        return (" → " if two else " + ").join(_said(one) for one in value) or "–"
    return str(VALUES.get(value, value)) if isinstance(value, str | bool | None) else str(value)


def _facts(entry: AccessEntry) -> dict[str, Any]:
    return {
        "when": entry.at.isoformat(),
        "kind": entry.kind,
        "person": entry.person.username if entry.person else "",
        "by": entry.by.username if entry.by else "",
        "name": entry.name,
        "address": entry.address,
        "device": entry.device,
        "times": entry.count,
        "detail": entry.detail,
    }


def _cells(entries: QuerySet[AccessEntry]) -> Iterator[list[str]]:
    yield ["when", "kind", "person", "by", "name", "address", "device", "times", "detail"]
    for entry in entries.iterator(chunk_size=500):
        facts = _facts(entry)
        yield [*map(str, [*facts.values()][:-1]), json.dumps(entry.detail, ensure_ascii=False)]


def _json(entries: QuerySet[AccessEntry]) -> Iterator[str]:
    """A list, an entry a line."""
    yield "["
    for number, entry in enumerate(entries.iterator(chunk_size=500)):
        yield (",\n" if number else "\n") + json.dumps(_facts(entry), ensure_ascii=False)
    yield "\n]\n"
