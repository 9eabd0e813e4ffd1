"""What all staff pages share: who may do what, how refusals are shown, what a list can be narrowed by, and their own addresses."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views import main
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from newsroom.http import Request, ours, user_of
from releases.admin.lists import PER_PAGE, BoundedPaginator, ChangeList
from releases.forms import WorkflowForm
from releases.models import Release, Revision
from releases.numbers import whole
from releases.permissions import may
from releases.workflow import Conflict, Refused

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=View)
M = TypeVar("M", bound=Model)

if TYPE_CHECKING:
    GenericModelAdmin = admin.ModelAdmin
else:

    class GenericModelAdmin(admin.ModelAdmin):
        """Django's class, which takes no type argument at run time."""

        def __class_getitem__(cls, _model: type[Model]) -> type:
            return cls


# ---------------------------------------------------------------------- model pages


class StaffAdmin(GenericModelAdmin[M]):
    """The pages of any model: permissions come from the table of `releases.permissions`, and the list is `ChangeList`."""

    verbs: ClassVar[Mapping[str, str]] = {}
    """For each of "view", "add", "change" and "delete" the verb of the table. Nobody may do what is not named here."""

    def _allows(self, request: HttpRequest, action: str, obj: Model | None = None) -> bool:
        """Does the table let the person who asks do this to `obj`, or to any row?"""
        verb = self.verbs.get(action)
        release = obj if isinstance(obj, Release) else None
        return verb is not None and may(request.user, verb, release)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may look at the model finds it on the desk."""
        return self._allows(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """By `verbs`."""
        return self._allows(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By `verbs`."""
        return self._allows(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """By `verbs`."""
        return self._allows(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """By `verbs`."""
        return self._allows(request, "delete", obj)

    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[main.ChangeList]:
        """The class of the list."""
        return ChangeList

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], per_page: int, *args: Any, **kwargs: Any
    ) -> Paginator[Any]:
        """One that does not count to the end of a long list."""
        asked = whole(request.GET.get(main.PAGE_VAR), most=999_999) or 1
        return BoundedPaginator(queryset, per_page, *args, asked=asked, **kwargs)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """A ticked value that is no primary key is ignored."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        known = [one for one in ticked if whole(one) is not None]
        if known != ticked:
            with_post(request, {ACTION_CHECKBOX_NAME: known})
        return super().response_action(request, queryset, *args, **kwargs)


_FIELD_LOOKUPS = ("", "__exact", "__id__exact", "__isnull")
_DATE_LOOKUPS = ("__year", "__month", "__day", "__gte", "__lt")


class WorkflowAdmin(StaffAdmin[M]):
    """The pages of a model whose rows only the workflow writes.

    `Event` is the event log, so Django's own log stays empty. What the workflow refuses becomes an error of the form.
    """

    actions = None
    list_per_page = PER_PAGE
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """(route, view, name) of each page besides Django's. The name is completed to `releases_<model>_<name>`."""
        return ()

    def get_urls(self) -> list[URLPattern]:
        """The model's own pages stand before Django's, which accept any path as a primary key."""
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(route, self.admin_site.admin_view(view), name=f"{model}_{name}")
            for route, view, name in self.own_urls()
        ]
        return [*own, *super().get_urls()]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the filters offer.

        Django lets an address ask about any column. “Has it a draft?” and “is it in that revision?” would be questions about
        what is not everybody's.
        """
        offered = {f"{self.date_hierarchy}{end}" for end in _DATE_LOOKUPS if self.date_hierarchy}
        for one in self.get_list_filter(request):
            field: Any = one[0] if isinstance(one, tuple) else one
            if isinstance(field, str):
                offered |= {f"{field}{end}" for end in _FIELD_LOOKUPS}
            else:
                offered.add(field.parameter_name)
        # Django's list says so of what is no column at all.
        columns = {getattr(one, kind, "") for one in self.opts.get_fields() for kind in ("name", "attname")}
        return lookup in offered or lookup.partition("__")[0] not in columns

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[M]]:
        """The form's class, which Django makes for each request, with who asks and what the workflow refused."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if issubclass(form, WorkflowForm):
            form.by = user_of(request)
            form.refusals = getattr(request, "refusals", ())
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What the workflow refuses is shown as an error of the form, and every character stays."""
        try:
            answer = (
                self.answer_without_saving(ours(request), object_id) if request.method == "POST" else None
            )
            return answer or super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            ours(request).refusals = refusal.reasons
        except Conflict as conflict:
            self.show_conflict(ours(request), conflict)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def answer_without_saving(self, request: Request, object_id: str | None) -> HttpResponse | None:
        """What is done with a form that is not to be saved; None where it is. May raise as a verb does."""
        return None

    def show_conflict(self, request: Request, conflict: Conflict) -> None:
        """Prepare the form to be shown again. Where nobody can be overtaken there is nothing to show."""
        raise conflict

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's history would be empty: the page itself says what was done."""
        return HttpResponseRedirect(self.change_url(object_id))

    def change_url(self, pk: object) -> str:
        """The address of a row's page."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])

    def log_addition(self, *args: Any) -> None:  # type: ignore[override]  # Django does not look at the answer
        """Nothing."""

    def log_change(self, *args: Any) -> None:  # type: ignore[override]  # Django does not look at the answer
        """Nothing."""

    def log_deletions(self, *args: Any) -> None:  # type: ignore[override]  # Django does not look at the answer
        """Nothing."""


# ---------------------------------------------------------------------- pages of one's own


def staff_page(
    request: Request, template: str, title: str, context: Mapping[str, Any], *, status: int = 200
) -> TemplateResponse:
    """A page that is not one of Django's: the template under `admin/releases/`, in the frame of the admin."""
    frame = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/releases/{template}.html", frame, status=status)


def release_or_404(request: Request, pk: int, verb: str) -> Release:
    """The release with its texts and its author. For whoever may not do `verb` to it there is none."""
    release = get_object_or_404(Release.objects.select_related("live", "working", "created_by"), pk=pk)
    if not may(request.user, verb, release):
        raise Http404("no such release")
    return release


def revision_of(release: Release) -> Revision:
    """The revision that staff see: the draft, or else the live one. A release is never without words."""
    assert release.current is not None  # noqa: S101  see the first line
    return release.current


def live_of(release: Release) -> Revision:
    """The revision that readers see. For a release that a query has found visible, so that there is one."""
    assert release.live is not None  # noqa: S101  see the first line
    return release.live


def page_of(
    request: HttpRequest, rows: Sequence[Any] | QuerySet[Any], *, per_page: int = PER_PAGE
) -> Page[Any]:
    """The page of `rows` that the address asks for by `?page=`; the first one where it asks for none that there is."""
    return Paginator(rows, per_page).get_page(whole(request.GET.get("page")))


def show_reasons(request: HttpRequest, reasons: Iterable[str]) -> None:
    """Each reason as a message on the next page."""
    for reason in reasons:
        messages.error(request, reason)


@contextmanager
def refusal_as_message(request: HttpRequest) -> Iterator[None]:
    """What the workflow refuses inside is shown on the next page. Statements after the refused one are skipped."""
    try:
        yield
    except Refused as refusal:
        show_reasons(request, refusal.reasons)


def with_post(request: HttpRequest, values: Mapping[str, Any], *, without: Iterable[str] = ()) -> None:
    """Change what was posted: set `values` (a list, or one text), drop the fields `without`."""
    data = request.POST.copy()
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    for name in without:
        data.pop(name, None)
    ours(request).POST = data  # type: ignore[assignment]  # Django's middleware assigns a copy in the same way


class _Echo:
    """A file for `csv` that returns each line at once, so that a long table is never in memory whole."""

    def write(self, line: str) -> str:
        return line


def csv_response(rows: Iterable[Sequence[str]], *, name: str) -> StreamingHttpResponse:
    """The rows as a file to keep, line by line."""
    lines = csv.writer(_Echo())
    response = StreamingHttpResponse(
        (lines.writerow([_not_a_formula(cell) for cell in row]) for row in rows),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _not_a_formula(cell: str) -> str:
    """Quoted where a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def may_frame_own_pages(view: V) -> V:
    """Let the page show other pages of this site in frames, as the form does with its preview."""
    return cast(V, csp_replace({"frame-src": [SELF]})(cast(Any, view)))


def may_be_framed(view: V) -> V:
    """Let other pages of this site show the page in a frame."""
    return cast(V, csp_replace({"frame-ancestors": [SELF]})(cast(Any, view)))
