"""The pages on which a chief merges, splits, retires and undoes: first what would change, then the button."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases.admin.topic.effects import (
    SHOWN,
    Group,
    addresses_of,
    already_under,
    changes,
    differing,
    standing,
)
from releases.models import Event, Release, Topic
from releases.numbers import whole
from releases.permissions import may
from releases.widgets import TopicField
from releases.workflow import Refused
from releases.workflow import topics as vocabulary
from releases.workflow.naming import before_and_after, reasons_against_naming


class MergeForm(forms.Form):
    """Into which topic."""

    into = forms.ModelChoiceField(label=_("Merge into"), queryset=Topic.objects.none())

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Topic.objects.current().exclude(pk=topic.pk).in_order()


class SplitForm(forms.Form):
    """Among which topics, and which of the releases are looked for."""

    into = TopicField(label=_("Move releases to"), language=settings.LANGUAGE_CODE)
    q = forms.CharField(
        label=_("Only releases with these words in the title"), required=False, max_length=100
    )

    def __init__(self, topic: Topic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = Topic.objects.current().exclude(pk=topic.pk).in_order()


# A form sends at most 1000 fields (Django's DATA_UPLOAD_MAX_NUMBER_FIELDS): one for each release and topic, and some.
BOXES = 900
CHANGES_PER_PAGE = 50
View = Callable[..., HttpResponse]


def curating(view: View) -> View:
    """For chiefs alone, by address too."""

    @wraps(view)
    def guarded(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "change topics"):
            raise PermissionDenied
        return view(self, request, *args, **kwargs)

    return guarded


class Acts:
    """What `TopicAdmin` does besides adding and renaming."""

    admin_site: admin.AdminSite
    get_form: Callable[..., Any]
    changeform_view: Callable[..., HttpResponse]

    @curating
    def rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """See what the form of a topic would change; its button sends the same again, to the form."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        topic = get_object_or_404(Topic, pk=pk)
        form = self.get_form(request, topic, change=True)(
            request.POST, instance=get_object_or_404(Topic, pk=pk)
        )
        if form.is_valid():
            request.refusals = reasons_against_naming(topic, form.naming())
        if not form.is_valid() or request.refusals:
            return self.changeform_view(request, str(pk))
        before, after = before_and_after(topic, form.naming())
        leads_on = after["slug"] != before["slug"]
        words = {
            "form": form,
            "differences": differing(before, after),
            "addresses": addresses_of(topic, Topic(slug=after["slug"])) if leads_on else [],
            "standing": standing(topic),
        }
        return self._page(request, topic, "rename", gettext("What changes of “%s”") % topic.name, words)

    @curating
    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the other topic, see what would move, confirm."""
        topic = get_object_or_404(Topic, pk=pk)
        form = MergeForm(topic, request.POST or (request.GET if "into" in request.GET else None))
        into = form.cleaned_data["into"] if form.is_bound and form.is_valid() else None
        if request.method == "POST" and into is not None:
            return self._do(
                request, topic,
                lambda: vocabulary.merge(topic, into, by=request.user),
                gettext("“%(topic)s” has been merged into “%(into)s”.") % {"topic": topic.name, "into": into.name},
            )  # fmt: skip
        words: dict[str, Any] = {"form": form, "into": into}
        if into is not None:
            found, already = standing(topic), already_under(into)
            words |= {
                "standing": found,
                "addresses": addresses_of(topic, into),
                "both": sum(release.pk in already for group in found.groups for release in group.releases),
                "words": [topic.name, *Topic.objects.other_words()[topic.pk]],
            }
        return self._page(
            request, topic, "merge", gettext("Merge “%s” into another topic") % topic.name, words
        )

    @curating
    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the topics, then the releases for each, see what would move, confirm."""
        topic = get_object_or_404(Topic, pk=pk)
        sent = request.POST if request.method == "POST" else request.GET
        form = SplitForm(topic, sent if "into" in sent else None)
        words: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            parts = form.cleaned_data["into"]
            chosen = _chosen(request, parts)
            if "_confirm" in request.POST:
                return self._do(
                    request, topic,
                    lambda: vocabulary.split(topic, chosen, by=request.user),
                    gettext("“%s” has been split.") % topic.name,
                )  # fmt: skip
            found = standing(topic)
            moving = {release.pk for releases in chosen.values() for release in releases}
            if "_preview" in request.POST and moving:
                words |= {
                    "chosen": list(chosen.items()),
                    "moving": len(moving),
                    "staying": found.count - len(moving),
                }
            else:
                if "_preview" in request.POST:
                    messages.error(request, gettext("Choose at least one release."))
                words |= _rows(found.groups[:3], parts, form.cleaned_data["q"], chosen)
                words |= {"drafts": found.drafts, "drafts_alone": [found.drafts]}
        return self._page(request, topic, "split", gettext("Split “%s”") % topic.name, words)

    @curating
    def retire_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """See what stays, confirm."""
        topic = get_object_or_404(Topic, pk=pk)
        if request.method == "POST":
            return self._do(
                request, topic,
                lambda: vocabulary.retire(topic, by=request.user),
                gettext("“%s” has been retired.") % topic.name,
            )  # fmt: skip
        words = {"standing": standing(topic)}
        return self._page(request, topic, "retire", gettext("Retire “%s”") % topic.name, words)

    @curating
    def changes_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What was done to a topic, or to all, each with its undo or the reason against it."""
        topic = get_object_or_404(Topic, pk=pk) if pk else None
        page = Paginator(changes(topic), CHANGES_PER_PAGE).get_page(whole(request.GET.get("page")))
        reasons = vocabulary.reasons_against_undo([change.event for change in page])
        rows = [(change, reasons[change.event.pk]) for change in page]
        title = gettext("Changes to “%s”") % topic.name if topic else gettext("Changes to the vocabulary")
        return self._page(request, topic, "changes", title, {"page": page, "rows": rows})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The stock history has nothing to say: `Event` is the record."""
        pk = whole(object_id)
        if pk is None:
            raise Http404("no such topic")
        return self.changes_view(request, pk)

    @curating
    def undo_view(self, request: HttpRequest, event: int) -> HttpResponse:
        """Put back what was."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = get_object_or_404(Event, pk=event, verb__in=SHOWN)
        topic = get_object_or_404(Topic, pk=found.detail["topics"][0])
        said = gettext("Undone: everything is as it was before.")
        return self._do(request, topic, lambda: vocabulary.undo(found, by=request.user), said)

    def _do(self, request: HttpRequest, topic: Topic, verb: Callable[[], object], said: str) -> HttpResponse:
        """Do it and show what was done, or say why not; either way the topic's changes come next."""
        try:
            verb()
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
        else:
            messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:releases_topic_changes_of", args=[topic.pk]))

    def _page(
        self, request: HttpRequest, topic: Topic | None, name: str, title: str, words: dict[str, Any]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": Topic._meta, "title": title, "topic": topic, **words,
        }  # fmt: skip
        return TemplateResponse(request, f"admin/releases/topic/{name}.html", context)


def _chosen(request: HttpRequest, parts: list[Topic]) -> dict[Topic, list[Release]]:
    """For each topic the releases ticked for it; junk is nothing."""
    asked = {
        part: {pk for typed in request.POST.getlist(f"to-{part.pk}") if (pk := whole(typed)) is not None}
        for part in parts
    }
    wanted = {pk for pks in asked.values() for pk in pks}
    found = Release.objects.filter(pk__in=wanted).in_order().select_related("live", "working")
    releases = list(found)
    return {part: [release for release in releases if release.pk in pks] for part, pks in asked.items()}


def _rows(
    groups: list[Group], parts: list[Topic], words: str, chosen: dict[Topic, list[Release]]
) -> dict[str, Any]:
    """The table of releases against topics: what has these words in its title, as many as a form can send."""
    wanted = words.casefold().split()
    found = [
        (group.label, release)
        for group in groups
        for release in group.releases
        if all(word in str(release).casefold() for word in wanted)
    ]
    ticked = {(part.pk, release.pk) for part, releases in chosen.items() for release in releases}
    most = BOXES // len(parts)
    return {
        "parts": parts,
        "found": len(found),
        "most": most,
        "table": [
            (release, label, [(part, (part.pk, release.pk) in ticked) for part in parts])
            for label, release in found[:most]
        ],
    }
