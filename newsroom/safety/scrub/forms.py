"""The form in which a chief says which words are to go."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.safety.scrub.command import lines
from releases.text.removal import Removal

MOST_SPELLINGS: Final = 100


def _typed(rows: int, **more: Any) -> forms.Textarea:
    """A field that browsers neither remember, nor correct, nor send to a spelling service."""
    quiet = {"autocomplete": "off", "autocapitalize": "off", "autocorrect": "off", "spellcheck": "false"}
    return forms.Textarea(attrs={"rows": rows, "cols": 60, "dir": "auto", **quiet, **more})


class WordsForm(forms.Form):
    """What is to go, and what takes its place."""

    words = forms.CharField(
        label=gettext_lazy("The name or passage"), widget=_typed(2), max_length=20_000,
        help_text=gettext_lazy("As it stands on the site. A further spelling is a further line."),
    )  # fmt: skip
    others = forms.CharField(
        label=gettext_lazy("Other spellings and scripts, one a line"), widget=_typed(4), max_length=20_000, required=False,
        help_text=gettext_lazy(
            "Chinese, Tibetan, Uyghur in Arabic or Latin letters, Cyrillic, pinyin, nicknames. Nothing translates a name for you. Capitals, "
            "accents, hyphens, and Simplified or Traditional characters make no difference."
        ),
    )  # fmt: skip
    by = forms.CharField(
        label=gettext_lazy("What takes its place"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "size": 40}),
        help_text=gettext_lazy("Leave it empty to put nothing there."),
    )  # fmt: skip
    parts = forms.BooleanField(
        label=gettext_lazy("Also where it is a part of other words (“Ali” in “alibi”)"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """Each line is tried by itself, so that the one that cannot be searched for is named."""
        data = super().clean() or self.cleaned_data
        every = list(dict.fromkeys(lines(data.get("words", "")) + lines(data.get("others", ""))))
        if len(every) > MOST_SPELLINGS:
            self.add_error("others", _("At most %d spellings at once.") % MOST_SPELLINGS)
            return data
        good = []
        for line in every:
            try:
                Removal([line], "")
                good.append(line)
            except ValueError:
                words = _("“%(line)s” cannot be searched for: a spelling has from 2 to 1000 letters.")
                self.add_error(
                    "words" if line in lines(data.get("words", "")) else "others",
                    words % {"line": line[:40]},
                )
        if good and Removal(good, "").stands_in(data.get("by", "")):
            self.add_error("by", _("What takes the place of the words holds them itself."))
        data["spellings"] = good
        return data

    def removal(self) -> Removal:
        """Of all its spellings. The form is valid."""
        data = self.cleaned_data
        return Removal(data["spellings"], data["by"], whole_words=not data["parts"])
