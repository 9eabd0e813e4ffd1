"""The forms of the vocabulary's pages: what a topic is called, into what it is merged, among what it is split."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases.models import FormerSlug, Topic
from releases.models.topic import key_of
from releases.text.slugs import LENGTH, slug_of
from releases.widgets import TopicField
from releases.workflow.naming import Naming

SYNONYM_LENGTH = 100
RIGHT_TO_LEFT = {"ar", "fa", "he", "ug", "ur"}


def other_languages() -> list[tuple[str, str]]:
    """The languages besides the site's own."""
    return [(code, label) for code, label in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class TopicForm(forms.ModelForm):
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
        # What the workflow refused when the same request was tried before.
        self.refusals: list[str] = getattr(self, "refusals", [])
        self.initial.setdefault("slug", self.instance.slug)
        self.initial["synonyms"] = "\n".join(self.instance.synonyms)
        for code, label in other_languages():
            words = {"lang": code, "dir": "rtl" if code.split("-")[0] in RIGHT_TO_LEFT else "ltr"}
            self.fields[f"name_{code}"] = forms.CharField(
                label=label,
                max_length=100,
                required=False,
                initial=self.instance.names.get(code, ""),
                widget=forms.TextInput(attrs={"class": "vTextField", **words}),
            )

    def clean_slug(self) -> str:
        """An address in any script; empty for one made from the name. Nobody else's, now or formerly."""
        typed = self.cleaned_data["slug"].strip()
        if not typed or typed == self.instance.slug:
            return self.instance.slug
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
        """One a line; the same word twice, in whatever capitals, is one."""
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
        """What the workflow refused is an error of the form; the field keeps what was typed."""
        data = super().clean() or self.cleaned_data
        name = key_of(data.get("name") or "")
        data["synonyms"] = [word for word in data.get("synonyms", []) if key_of(word) != name]
        for reason in self.refusals:
            self.add_error(None, reason)
        return data

    def naming(self) -> Naming:
        """What was typed, as the workflow takes it. Names in languages that the site has no longer are kept."""
        data = self.cleaned_data
        asked = [code for code, _label in other_languages()]
        names = {code: name for code, name in self.instance.names.items() if code not in asked}
        typed = {code: " ".join(data[f"name_{code}"].split()) for code in asked}
        return Naming(
            name=data["name"],
            names={**names, **{code: name for code, name in typed.items() if name}},
            description=data["description"].replace("\r\n", "\n"),
            slug=data["slug"],
            synonyms=data["synonyms"],
        )


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
