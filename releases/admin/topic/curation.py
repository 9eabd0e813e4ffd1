"""The pages on which a chief merges, splits, retires and undoes. Each shows first what would change, then the button."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.http import Request, ours
from releases.admin.base import V, View, WorkflowAdmin, page_of, refusal_as_message, staff_page
from releases.admin.topic.effects import (
    LISTED_VERBS,
    Group,
    changes,
    filed_under,
    live_releases_of,
    redirects_of,
)
from releases.forms import set_choices
from releases.models import Event, Release, Topic
from releases.numbers import whole
from releases.permissions import may
from releases.widgets import TopicField
from releases.workflow import topics as vocabulary


class MergeForm(forms.Form):
    """Into which topic."""

    into = forms.ModelChoiceField(label=_("Merge into"), queryset=Topic.objects.none())

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "into", Topic.objects.current().exclude(pk=topic.pk).in_order())


class SplitForm(forms.Form):
    """Among which topics, and which of the releases are looked for."""

    into = TopicField(label=_("Move releases to"), language=settings.LANGUAGE_CODE)
    q = forms.CharField(
        label=_("Only releases with these words in the title"), required=False, max_length=100
    )

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "into", Topic.objects.current().exclude(pk=topic.pk).in_order())


# A form sends at most 1000 fields (Django's DATA_UPLOAD_MAX_NUMBER_FIELDS): one for each release and topic, and a few more.
MAX_CHECKBOXES = 900


def for_chiefs(view: V) -> V:
    """The view, for whoever may change topics. Everybody else gets 403, whatever led them to the address."""

    @wraps(view)
    def guarded(self: CurationViews, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may(request.user, "change topics"):
            raise PermissionDenied
        return view(self, request, *args, **kwargs)

    return cast(V, guarded)


class CurationViews(WorkflowAdmin[Topic]):
    """What chiefs do with a topic besides adding and renaming it."""

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """A page for each verb, and the changes that were made."""
        return [
            ("<number:pk>/merge/", self.merge_view, "merge"),
            ("<number:pk>/split/", self.split_view, "split"),
            ("<number:pk>/retire/", self.retire_view, "retire"),
            ("<number:pk>/history/", self.changes_view, "changes_of"),
            ("changes/", self.changes_view, "changes"),
            ("changes/<number:event>/undo/", self.undo_view, "undo"),
        ]

    @for_chiefs
    def merge_view(self, request: Request, pk: int) -> HttpResponse:
        """Choose the other topic, see what would move, confirm."""
        topic = get_object_or_404(Topic, pk=pk)
        form = MergeForm(topic, request.POST or (request.GET if "into" in request.GET else None))
        into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
        if request.method == "POST" and into is not None:
            return self._do_verb(
                request, topic,
                lambda: vocabulary.merge(topic, into, by=request.user),
                gettext("“%(topic)s” has been merged into “%(into)s”.") % {"topic": topic.name, "into": into.name},
            )  # fmt: skip
        context: dict[str, Any] = {"form": form, "into": into}
        if into is not None:
            filed, already = filed_under(topic), live_releases_of(into)
            context |= {
                "filed": filed,
                "addresses": redirects_of(topic, into),
                "both": sum(release.pk in already for group in filed.groups for release in group.releases),
                "words": [topic.name, *Topic.objects.other_words()[topic.pk]],
            }
        return self._page(
            request, topic, "merge", gettext("Merge “%s” into another topic") % topic.name, context
        )

    @for_chiefs
    def split_view(self, request: Request, pk: int) -> HttpResponse:
        """Choose the topics, then the releases for each, see what would move, confirm."""
        topic = get_object_or_404(Topic, pk=pk)
        sent = request.POST if request.method == "POST" else request.GET
        form = SplitForm(topic, sent if "into" in sent else None)
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            parts = form.cleaned_data["into"]
            chosen = _chosen(request, parts)
            if "_confirm" in request.POST:
                return self._do_verb(
                    request, topic,
                    lambda: vocabulary.split(topic, chosen, by=request.user),
                    gettext("“%s” has been split.") % topic.name,
                )  # fmt: skip
            filed = filed_under(topic)
            moving = {release.pk for releases in chosen.values() for release in releases}
            if "_preview" in request.POST and moving:
                context |= {
                    "chosen": list(chosen.items()),
                    "moving": len(moving),
                    "staying": filed.count - len(moving),
                }
            else:
                if "_preview" in request.POST:
                    messages.error(request, gettext("Choose at least one release."))
                context |= _table(filed.groups[:3], parts, form.cleaned_data["q"], chosen)
                context |= {"drafts": filed.drafts, "drafts_alone": [filed.drafts]}
        return self._page(request, topic, "split", gettext("Split “%s”") % topic.name, context)

    @for_chiefs
    def retire_view(self, request: Request, pk: int) -> HttpResponse:
        """See what stays, confirm."""
        topic = get_object_or_404(Topic, pk=pk)
        if request.method == "POST":
            return self._do_verb(
                request, topic,
                lambda: vocabulary.retire(topic, by=request.user),
                gettext("“%s” has been retired.") % topic.name,
            )  # fmt: skip
        context = {"filed": filed_under(topic)}
        return self._page(request, topic, "retire", gettext("Retire “%s”") % topic.name, context)

    @for_chiefs
    def changes_view(self, request: Request, pk: int | None = None) -> HttpResponse:
        """What was done to a topic, or to all, each with its undo or the reason against it."""
        topic = get_object_or_404(Topic, pk=pk) if pk else None
        page = page_of(request, changes(topic))
        reasons = vocabulary.reasons_against_undo([change.event for change in page])
        rows = [(change, reasons[change.event.pk]) for change in page]
        title = gettext("Changes to “%s”") % topic.name if topic else gettext("Changes to the vocabulary")
        return self._page(request, topic, "changes", title, {"page": page, "rows": rows})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The changes to the topic."""
        pk = whole(object_id)
        if pk is None:
            raise Http404("no such topic")
        return self.changes_view(ours(request), pk)

    @for_chiefs
    def undo_view(self, request: Request, event: int) -> HttpResponse:
        """Put back what was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = get_object_or_404(Event, pk=event, verb__in=LISTED_VERBS)
        topic = get_object_or_404(Topic, pk=found.detail["topics"][0])
        message = gettext("Undone: everything is as it was before.")
        return self._do_verb(request, topic, lambda: vocabulary.undo(found, by=request.user), message)

    def _do_verb(
        self, request: Request, topic: Topic, verb: Callable[[], object], message: str
    ) -> HttpResponse:
        """Do it and say so, or say why not. Either way the changes to the topic are shown next."""
        with refusal_as_message(request):
            verb()
            messages.success(request, message)
        return redirect("admin:releases_topic_changes_of", topic.pk)

    def _page(
        self, request: Request, topic: Topic | None, name: str, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        return staff_page(request, f"topic/{name}", title, {"opts": Topic._meta, "topic": topic, **context})


def _chosen(request: Request, parts: list[Topic]) -> dict[Topic, list[Release]]:
    """For each topic the releases ticked for it. What is no primary key is ignored."""
    ticked = {
        part: {pk for typed in request.POST.getlist(f"to-{part.pk}") if (pk := whole(typed)) is not None}
        for part in parts
    }
    wanted = {pk for pks in ticked.values() for pk in pks}
    found = Release.objects.filter(pk__in=wanted).in_order().select_related("live", "working")
    releases = list(found)
    return {part: [release for release in releases if release.pk in pks] for part, pks in ticked.items()}


def _table(
    groups: list[Group], parts: list[Topic], words: str, chosen: dict[Topic, list[Release]]
) -> dict[str, Any]:
    """The table of releases and topics: the releases with these words in the title, as many as a form can send."""
    wanted = words.casefold().split()
    found = [
        (group.label, release)
        for group in groups
        for release in group.releases
        if all(word in str(release).casefold() for word in wanted)
    ]
    ticked = {(part.pk, release.pk) for part, releases in chosen.items() for release in releases}
    most = MAX_CHECKBOXES // len(parts)
    return {
        "parts": parts,
        "found": len(found),
        "most": most,
        "table": [
            (release, label, [(part, (part.pk, release.pk) in ticked) for part in parts])
            for label, release in found[:most]
        ],
    }
