"""The form in which staff write a release, the messages that say what to correct, and the form by which a page saves meanwhile."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import ROLES, User
from releases.forms import WorkflowForm, one_line, set_choices
from releases.forms.moment import MomentField, require_near, zone
from releases.models import Picture, Release
from releases.models.revision import ALT_LENGTH, CAPTION_LENGTH, SLUG_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from releases.permissions import pictures
from releases.text.clean import Problem, clean
from releases.text.slugs import slug_of
from releases.widgets import BodyEditor, PictureField, TopicField
from releases.workflow import Words, words_of
from releases.workflow.moments import due, place
from releases.workflow.words import NAMES

# What a search result and a feed reader show of a summary; longer ones are cut there.
SUMMARY_SHOWN = 200
# The words that somebody writes here; the address is planned by the field of the present one.
WRITTEN = tuple(name for name in NAMES if name != "planned_slug")


class HiddenInFieldset(forms.HiddenInput):
    """A hidden field of a fieldset. Django's page shows a label for it, which points to no input."""

    def id_for_label(self, id_: str) -> str:
        """None."""
        return ""


class ReleaseForm(WorkflowForm):
    """Words, date, topics and address of a release. What has to be corrected is an error of its field."""

    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LENGTH, widget=forms.Textarea(attrs={"rows": 2, "data-count": 110})
    )
    dateline = forms.CharField(
        label=_("Place"),
        max_length=100,
        required=False,
        help_text=_("The dateline, such as “Geneva”."),
    )
    publish_at = MomentField(
        label=_("Date and time"),
        required=False,
        help_text=format_lazy(
            _(
                "{zone} time, such as “28 Nov 2026” and “9 am”. Leave empty to use the moment of publication. A time in the "
                "future is an embargo."
            ),
            zone=place(zone()),
        ),
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=SUMMARY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": SUMMARY_SHOWN}),
        help_text=_("One or two sentences for lists, search results and feeds."),
    )
    body = forms.CharField(label=_("Body"), required=False, strip=False, widget=BodyEditor)
    picture = PictureField(
        label=_("Picture"),
        help_text=_(
            "Shown above the text, and wherever the release is shared. JPEG, PNG, WebP, AVIF or GIF."
        ),
    )
    picture_alt = forms.CharField(
        label=_("Picture description (alt text)"),
        required=False,
        max_length=ALT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text=_("For readers who cannot see it: describe the picture in a sentence."),
    )
    picture_caption = forms.CharField(
        label=_("Caption"),
        required=False,
        max_length=CAPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
        help_text=_("Shown below the picture: who, where, when, and the credit."),
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=SLUG_LENGTH,
        required=False,
        help_text=_("Leave empty to make it from the title. Old addresses always lead to the new one."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    notice = forms.CharField(
        label=_("Withdrawal notice"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see this in place of the text. Required to withdraw."),
    )
    hide_title = forms.BooleanField(
        label=_("Hide the title, too"),
        required=False,
        help_text=_("Otherwise the notice says which release it was. The address stays as it is."),
    )
    correction_note = forms.CharField(
        label=_("What was corrected"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Readers see this, with its date. Required for “Publish as a correction”; a minor edit needs none."
        ),
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For colleagues; kept in the history. Required to return a text to its author."),
    )
    hand_over_to = forms.ModelChoiceField(
        label=_("New author"), queryset=get_user_model().objects.none(), required=False
    )
    seen = forms.IntegerField(required=False, widget=HiddenInFieldset)
    slug_was = forms.CharField(required=False, widget=forms.HiddenInput)
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Release
        fields = ("slug", "language")

    instance: Release
    picture_error: str = ""
    """What is wrong with a picture that came with the form."""

    def __init__(self, *args: Any, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by or self.by
        release = self.instance
        current = release.current if release.pk else None
        filed = words_of(current).topics if current else ()
        self.fields["topics"] = TopicField(
            label=_("Topics"), language=settings.LANGUAGE_CODE, filed=filed, required=False
        )
        if self.by:
            offered = pictures(self.by, Picture.objects.all()).values("pk")
            present = Q(pk=current.picture_id) if current and current.picture_id else Q(pk__in=[])
            set_choices(self, "picture", Picture.objects.filter(Q(pk__in=offered) | present))
        people = get_user_model().objects.filter(is_active=True, groups__name__in=ROLES)
        set_choices(self, "hand_over_to", people.distinct().order_by("username"))
        if release.working and release.working.planned_slug:
            self.initial["slug"] = release.working.planned_slug
        self.initial["slug_was"] = self.initial.get("slug") or release.slug
        # The same form sent twice begins one release.
        self.initial["uuid"] = release.uuid
        if current is not None:
            for name in set(WRITTEN) - {"topics", "picture"}:
                self.initial.setdefault(name, getattr(current, name))
            self.initial.update(
                title=current.title,
                picture=current.picture and current.picture.uuid,
                publish_at=release.publish_at
                if release.live_id and not release.working
                else current.publish_at,
                topics=[topic.pk for topic in filed],
                seen=current.save_number,
            )
        if release.is_visible() or release.withdrawn_at:
            # Readers know its date, and it keeps it when it is published again. Only what was never public can get another.
            self.fields["publish_at"].disabled = True
            self.initial["publish_at"] = release.publish_at
            self.fields["publish_at"].help_text = (
                _("Withdrawn: published again it keeps its date.")
                if release.withdrawn_at
                else _("Published: its date can no longer be changed.")
            )
        if release.live_id:
            self.fields["language"].disabled = True
            self.fields["slug"].help_text = format_lazy(
                _(
                    "It stands at “{slug}”. Another address is a part of the draft: saving changes nothing that is "
                    "public. An editor publishes it with the words; the old address then leads to the new one."
                ),
                slug=release.slug,
            )

    def clean_title(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["title"])

    def clean_summary(self) -> str:
        """Browsers send the line ends of another system."""
        return str(self.cleaned_data["summary"]).replace("\r\n", "\n").strip()

    def clean_picture_alt(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["picture_alt"])

    def clean_picture_caption(self) -> str:
        """One line."""
        return one_line(self.cleaned_data["picture_caption"])

    def clean_body(self) -> str:
        """The body as the schema allows it, with its notes in order, or an error that says what to correct and where."""
        cleaned = clean(self.cleaned_data["body"])
        if errors := [
            message_of(problem) for problem in cleaned.problems if problem.fatal or problem.code in _BLOCKING
        ]:
            raise ValidationError(errors)
        return cleaned.html

    def clean_slug(self) -> str:
        """The slug of what was typed. An address without any letter or digit is refused rather than replaced."""
        typed: str = self.cleaned_data["slug"].strip()
        if not typed:
            return self.instance.slug
        if typed == self.data.get(self.add_prefix("slug_was")):
            return typed
        slug = slug_of(typed, fallback="-")
        if slug == "-":
            raise ValidationError(_("An address needs letters or digits."))
        return slug

    def clean_language(self) -> str:
        """The site's own language where none was sent."""
        return self.cleaned_data["language"] or self.instance.language or settings.LANGUAGE_CODE

    def clean_publish_at(self) -> Any:
        """A date that somebody can mean. The date of what is public is not looked at."""
        date = self.cleaned_data["publish_at"]
        if date and not self.fields["publish_at"].disabled:
            require_near(date, now := timezone.now())
            if "publish_at" in self.changed_data:
                return due(date, now)
        return date

    def clean(self) -> dict[str, Any]:
        """Add what is wrong with a picture that came along."""
        data = super().clean()
        if self.picture_error:
            self.add_error("picture", self.picture_error)
        return data

    def _post_clean(self) -> None:
        """Nothing: the workflow writes the row, and the fields here must not change it."""

    def words(self) -> Words:
        """What was written, for `workflow.save_draft`."""
        written = {name: self.cleaned_data[name] for name in WRITTEN}
        return Words(**{**written, "publish_at": self.date(), "planned_slug": self.planned_slug()})

    def date(self) -> Any:
        """The planned date. What is public has its own date, which is not the draft's."""
        current = self.instance.current if self.instance.pk else None
        if self.fields["publish_at"].disabled and current is not None:
            return current.publish_at
        return self.cleaned_data["publish_at"]

    def planned_slug(self) -> str:
        """The address that the draft plans, for a release that has been live. An address that nobody touched stays."""
        release = self.instance
        current = release.current if release.pk else None
        typed: str = self.cleaned_data["slug"]
        if current and typed == self._slug_was():
            return current.planned_slug
        return typed if release.live_id and typed != release.slug else ""

    def address_changed(self) -> bool:
        """Is the address or the language to change at once? A release that was live changes its address with the draft."""
        data = self.cleaned_data
        if self.instance.live_id:
            return False
        return bool(data["slug"] != self._slug_was() or data["language"] != self.instance.language)

    def _slug_was(self) -> str:
        return str(self.cleaned_data["slug_was"]) or self.instance.slug


_BLOCKING = {"uncited-note", "dangling-citation"}


def message_of(problem: Problem) -> str:
    """What to do about a problem of a body, and where."""
    messages = {
        "uncited-note": gettext(
            "Note %(note)s is not cited in the text: cite it, or delete it. It says: “%(excerpt)s”"
        ),
        "dangling-citation": gettext(
            "The citation in “%(excerpt)s” leads to no note: write the note, or delete it."
        ),
        "too-long": gettext("This text is too long to keep: at most 2 million characters. Split it."),
        "too-deep": gettext("This text has boxes within boxes too deep to keep. Paste it as plain text."),
        "too-complex": gettext("This text has too many elements to keep. Paste it as plain text."),
        "link-refused": gettext(
            "The link to “%(excerpt)s” was left out: only web and mail addresses can be linked."
        ),
        "control-characters": gettext("Characters that cannot be seen or kept were left out."),
    }
    return messages[problem.code] % {"note": problem.note, "excerpt": problem.excerpt}


class AutosaveForm(ReleaseForm):
    """The form by which a page saves while somebody is typing: the same fields, and everything is accepted that can be saved.
    A field that cannot be saved yet stays as it was stored, and the page says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False

    def clean_body(self) -> str:
        """Notes that nothing cites are saved. Only what would be lost is an error."""
        cleaned = clean(self.cleaned_data["body"])
        if cleaned.refused:
            raise ValidationError(gettext("The text is too long or too deep to keep."))
        return cleaned.html

    def words(self) -> Words:
        """What can be saved of what was typed."""
        current = self.instance.current if self.instance.pk else None
        stored = words_of(current) if current else Words(title=gettext("Untitled"))
        written = {name: self.cleaned_data[name] for name in WRITTEN if name in self.cleaned_data}
        written["title"] = written.get("title") or stored.title
        if self.fields["publish_at"].disabled:
            written["publish_at"] = stored.publish_at
        return replace(stored, **written)

    def unsaved(self) -> list[str]:
        """The fields that could not be saved yet, each with the reason."""
        labels = {name: str(field.label) for name, field in self.fields.items()}
        return [
            f"{labels[name]}: {' '.join(str(error) for error in errors)}"
            for name, errors in self.errors.items()
            if name in WRITTEN
        ]
