"""The vocabulary in the admin: the list, and the form of one topic; adding and renaming go through the workflow."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.http import Request, user_of
from releases.admin.base import View
from releases.admin.topic.curation import CurationViews, for_chiefs
from releases.admin.topic.effects import differing, filed_under, redirects_of
from releases.forms import WorkflowForm
from releases.languages import direction
from releases.models import FormerSlug, Release, ReleaseTopic, Topic
from releases.models.topic import key_of
from releases.permissions import hidden, may
from releases.text.slugs import LENGTH, slug_of
from releases.workflow import topics as vocabulary
from releases.workflow.topics import Naming, before_and_after, reasons_against_naming

SYNONYM_LENGTH = 100


def other_languages() -> list[tuple[str, str]]:
    """The languages besides the site's own."""
    return [(code, label) for code, label in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class TopicForm(WorkflowForm):
    """A topic's name in every language, its description, its address and the other words by which it is found."""

    slug = forms.CharField(
        label=_("Address"),
        max_length=LENGTH,
        required=False,
        help_text=_(
            "The last part of its address. Empty: made from the name when the topic is added, and kept after that. "
            "A former address leads on to the new one."
        ),
    )
    synonyms = forms.CharField(
        label=_("Synonyms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("Other words by which it is found, one on each line. A comma is a part of the word."),
    )

    class Meta:
        model = Topic
        fields = ("name", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("slug", self.instance.slug)
        self.initial["synonyms"] = "\n".join(self.instance.synonyms)
        for code, label in other_languages():
            attributes = {"lang": code, "dir": direction(code), "class": "vTextField"}
            self.fields[f"name_{code}"] = forms.CharField(
                label=label,
                max_length=100,
                required=False,
                initial=self.instance.names.get(code, ""),
                widget=forms.TextInput(attrs=attributes),
            )

    def clean_slug(self) -> str:
        """A slug in any script; empty for one made from the name. No other topic has it now, or had it before."""
        typed: str = self.cleaned_data["slug"].strip()
        if not typed or typed == self.instance.slug:
            return str(self.instance.slug)
        slug = slug_of(typed, fallback="-")
        if slug == "-":
            raise ValidationError(_("An address needs letters or digits."))
        if there := Topic.objects.filter(slug=slug).exclude(pk=self.instance.pk).first():
            raise ValidationError(gettext("The topic “%s” has this address.") % there.name)
        if former := FormerSlug.objects.filter(slug=slug).exclude(topic=self.instance.pk).first():
            raise ValidationError(
                gettext("The topic “%s” had this address, which leads to it.") % former.topic.name
            )
        return slug

    def clean_synonyms(self) -> list[str]:
        """One on each line. The same word in other capitals is the same word."""
        words: dict[str, str] = {}
        for line in self.cleaned_data["synonyms"].splitlines():
            word = " ".join(line.split())
            if len(word) > SYNONYM_LENGTH:
                raise ValidationError(
                    gettext(
                        "“%(begins)s…” is longer than %(most)d characters. One synonym on each line, please."
                    )
                    % {"begins": word[:40], "most": SYNONYM_LENGTH}
                )
            if word and not any(character.isalnum() for character in word):
                raise ValidationError(gettext("“%s” has no letter or digit.") % word)
            if word:
                words.setdefault(key_of(word), word)
        return list(words.values())

    def clean(self) -> dict[str, Any]:
        """A synonym that is the name itself is dropped."""
        data = super().clean()
        name = key_of(data.get("name") or "")
        data["synonyms"] = [word for word in data.get("synonyms", []) if key_of(word) != name]
        return data

    def naming(self) -> Naming:
        """What was typed, for the workflow. Names in languages that the site no longer has stay as they are."""
        data = self.cleaned_data
        offered = [code for code, _label in other_languages()]
        names = {code: name for code, name in self.instance.names.items() if code not in offered}
        typed = {code: " ".join(data[f"name_{code}"].split()) for code in offered}
        return Naming(
            name=data["name"],
            names={**names, **{code: name for code, name in typed.items() if name}},
            description=data["description"].replace("\r\n", "\n"),
            slug=data["slug"],
            synonyms=data["synonyms"],
        )


class StatusFilter(admin.SimpleListFilter):
    """Whether a topic is in the vocabulary. Without a choice the list shows the vocabulary."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What there is besides the vocabulary."""
        return [("retired", _("Retired")), ("merged", _("Merged into another")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        """The first choice is no "All" here."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("In the vocabulary")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Topic]) -> QuerySet[Topic]:
        """The vocabulary, what left it, or both."""
        if self.value() == "retired":
            return queryset.filter(merged_into=None, retired_at__isnull=False)
        if self.value() == "merged":
            return queryset.filter(merged_into__isnull=False)
        return queryset if self.value() == "all" else queryset.filter(merged_into=None, retired_at=None)


@admin.register(Topic)
class TopicAdmin(CurationViews):
    """The vocabulary: everybody on the staff looks it up, chiefs curate it.

    No topic is deleted. It is retired or merged, so that its address leads on and the change can be undone.
    """

    verbs = {"view": "create", "add": "change topics", "change": "change topics"}

    form = TopicForm
    change_form_template = "admin/releases/topic/change_form.html"
    change_list_template = "admin/releases/topic/change_list.html"
    list_display = ("name", "slug", "used", "status")
    list_filter = (StatusFilter,)
    list_select_related = ("merged_into",)
    search_fields = ("name",)
    ordering = ("sort_key", "pk")
    list_per_page = 200

    class Media:
        css = {"all": ["css/topic-desk.css"]}

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """What the form would change, and the pages of the other verbs."""
        return [("<number:pk>/rename/", self.rename_view, "rename"), *super().own_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        """With the number of releases that have the topic, public or not, as far as this person may see them. What they may not see is
        little: to leave it out costs less than to look up all that they may."""
        unseen = hidden(request.user, Release.objects.all())
        filed = ReleaseTopic.objects.filter(tag=OuterRef("pk")).exclude(content_object__in=unseen).order_by()
        number = filed.values("tag").annotate(number=Count("*")).values("number")
        return Topic.objects.annotate(used_by=Coalesce(Subquery(number), 0))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Topic], search_term: str
    ) -> tuple[QuerySet[Topic], bool]:
        """By any part of any word that a topic goes by, as it is written; databases fold letters differently."""
        wanted = key_of(search_term).split()
        if not wanted:
            return queryset, False
        words = Topic.objects.other_words()
        found = [
            topic.pk
            for topic in Topic.objects.only("name")
            if all(word in key_of(" ".join([topic.name, *words[topic.pk]])) for word in wanted)
        ]
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("releases"), ordering="used_by")
    def used(self, topic: Any) -> int:
        """How many releases have it."""
        return int(topic.used_by)

    @admin.display(description=_("standing"))
    def status(self, topic: Topic) -> str:
        """Whether it is still in the vocabulary."""
        if topic.merged_into:
            return gettext("Merged into “%s”") % str(topic.merged_into.name)
        return gettext("Retired") if topic.retired_at else "–"

    def get_fieldsets(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        """The names in other languages stand together."""
        names = [f"name_{code}" for code, _label in other_languages()]
        main = (None, {"fields": ["name", "description", "synonyms", "slug"]})
        return (main, (_("Names in other languages"), {"fields": names})) if names else (main,)

    def get_form(
        self, request: HttpRequest, obj: Topic | None = None, change: bool = False, **kwargs: Any
    ) -> type[TopicForm]:
        """Most fields are the form's alone, so the factory must not look for them on the model."""
        kwargs["fields"] = ("name", "description")
        return cast(type[TopicForm], super().get_form(request, obj, change=change, **kwargs))

    @for_chiefs
    def rename_view(self, request: Request, pk: int) -> HttpResponse:
        """See what the form of a topic would change. The button of the page sends the same fields to the form."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        topic = get_object_or_404(Topic, pk=pk)
        form_class = self.get_form(request, topic, change=True)
        form = form_class(request.POST, instance=get_object_or_404(Topic, pk=pk))
        request.refusals = []
        if form.is_valid():
            request.refusals = reasons_against_naming(topic, form.naming())
        if not form.is_valid() or request.refusals:
            return self.changeform_view(request, str(pk))
        before, after = before_and_after(topic, form.naming())
        leads_on = after["slug"] != before["slug"]
        context = {
            "form": form,
            "differences": differing(before, after),
            "addresses": redirects_of(topic, Topic(slug=after["slug"])) if leads_on else [],
            "filed": filed_under(topic),
        }
        return self._page(request, topic, "rename", gettext("What changes of “%s”") % topic.name, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Topic | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Add the stored topic and what this person may do with it."""
        # `obj` carries what was typed where the form has errors; the heading names the stored topic.
        stored = Topic.objects.select_related("merged_into").get(pk=obj.pk) if obj else None
        context.update(stored=stored, curates=may(request.user, "change topics"), show_delete=False)
        if stored:
            context["subtitle"] = stored.name
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Topic, form: TopicForm, change: bool) -> None:
        """Through the workflow, which writes an event and raises the edition."""
        naming, user = form.naming(), user_of(request)
        saved = vocabulary.rename(obj, naming, by=user) if change else vocabulary.add_topic(naming, by=user)
        obj.pk, obj.slug, obj.name = saved.pk, saved.slug, saved.name

    def response_add(
        self, request: HttpRequest, obj: Topic, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Back to the list, or on to the next one."""
        return self._after(request, obj, gettext("The topic “%s” has been added."))

    def response_change(self, request: HttpRequest, obj: Topic) -> HttpResponse:
        """Back to the list, or on to the next one."""
        return self._after(request, obj, gettext("The topic “%s” has been saved."))

    def _after(self, request: HttpRequest, obj: Topic, message: str) -> HttpResponse:
        edit = self.change_url(obj.pk)
        name = format_html('<a href="{}">{}</a>', edit, obj.name)
        messages.success(request, format_html(message.replace("%s", "{}"), name))
        if "_continue" in request.POST:
            return redirect(edit)
        return redirect(f"admin:releases_topic_{'add' if '_addanother' in request.POST else 'changelist'}")
