"""The report of an import: what was kept, changed and left out, counted while a text is read and written in sentences."""

from collections.abc import Callable

from django.utils.translation import gettext, ngettext

MAX_DETAILS = 8


class Report:
    """Counts of what was kept, changed and left out, with the first few names or places of each."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.details: dict[str, list[str]] = {}
        # Every word that was dropped, by reason: the text that is kept plus these is the text of the source.
        self.dropped: dict[str, list[str]] = {}

    def add(self, code: str, detail: str = "", count: int = 1) -> None:
        """One more of `code`, a key of `_SENTENCES`; `detail` names it, or its place."""
        if code not in _SENTENCES:
            raise KeyError(code)
        self.counts[code] = self.counts.get(code, 0) + count
        known = self.details.setdefault(code, [])
        detail = " ".join(detail.split())[:120]
        if detail and detail not in known and len(known) < MAX_DETAILS:
            known.append(detail)

    def drop(self, code: str, words: str) -> None:
        """Record words that the text does not keep. `code` is as for `add`, or "label" (of a note), or "code" (of a program)."""
        if words:
            self.dropped.setdefault(code, []).append(words)

    def sentences(self) -> list[str]:
        """One sentence for each kind of thing, in the order of the table: taken over, changed, left out."""
        found = []
        for code, sentence in _SENTENCES.items():
            if count := self.counts.get(code):
                text = sentence(count) % {"n": count}
                if names := self.details.get(code):
                    more = " …" if count > len(names) and len(names) == MAX_DETAILS else ""
                    text = f"{text} ({'; '.join(names)}{more})"
                found.append(text)
        return found

    def as_json(self) -> dict[str, dict[str, object]]:
        """The counts and details, for JSON."""
        return {code: {"count": n, "details": self.details[code]} for code, n in sorted(self.counts.items())}


_SENTENCES: dict[str, Callable[[int], str]] = {
    # taken over
    "title": lambda n: gettext("The title was found."),
    "date": lambda n: gettext("The date was found."),
    "place": lambda n: gettext("The place was found."),
    "notes": lambda n: ngettext("%(n)d note came along.", "%(n)d notes came along.", n),
    "cited-again": lambda n: ngettext(
        "%(n)d cross-reference to a note became a further citation of it.",
        "%(n)d cross-references to notes became further citations of them.",
        n,
    ),
    "inserted": lambda n: ngettext(
        "%(n)d tracked insertion was taken in.", "%(n)d tracked insertions were taken in.", n
    ),
    "text-box": lambda n: ngettext(
        "The text of %(n)d text box stands after the paragraph that it was beside.",
        "The texts of %(n)d text boxes stand after the paragraphs that they were beside.",
        n,
    ),
    "picture": lambda n: ngettext(
        "%(n)d picture is in the library now: choose it under “Picture”, and say what it shows.",
        "%(n)d pictures are in the library now: choose one under “Picture”, and say what it shows.",
        n,
    ),
    "topics": lambda n: ngettext("%(n)d topic was recognised.", "%(n)d topics were recognised.", n),
    # changed
    "title-note": lambda n: gettext(
        "A title can cite no notes: the citations stand at the end of the first paragraph."
    ),
    "title-cut": lambda n: gettext("The title was too long and was cut; all of it begins the text."),
    "lettered": lambda n: ngettext(
        "%(n)d list was lettered or in roman numerals and is numbered now.",
        "%(n)d lists were lettered or in roman numerals and are numbered now.",
        n,
    ),
    "multilevel": lambda n: ngettext(
        "%(n)d list was numbered over several levels (1.1) and counts each level by itself now.",
        "%(n)d lists were numbered over several levels (1.1) and count each level by itself now.",
        n,
    ),
    "hand-heading": lambda n: ngettext(
        "%(n)d short line set apart from the text became a heading: look whether it is one.",
        "%(n)d short lines set apart from the text became headings: look whether they are.",
        n,
    ),
    "untracked": lambda n: ngettext(
        "%(n)d link lost what tracks readers.", "%(n)d links lost what tracks readers.", n
    ),
    "struck": lambda n: ngettext(
        "%(n)d passage was struck through and is plain now: look whether it should stay.",
        "%(n)d passages were struck through and are plain now: look whether they should stay.",
        n,
    ),
    "small-capitals": lambda n: ngettext(
        "%(n)d passage was set in small capitals and is plain now.",
        "%(n)d passages were set in small capitals and are plain now.",
        n,
    ),
    "equation": lambda n: ngettext(
        "%(n)d equation became a line of text.", "%(n)d equations became lines of text.", n
    ),
    "check-box": lambda n: ngettext(
        "%(n)d check box is a mark in the text now.", "%(n)d check boxes are marks in the text now.", n
    ),
    "inner-link": lambda n: ngettext(
        "%(n)d link to a place of the page itself is plain words now.",
        "%(n)d links to places of the page itself are plain words now.",
        n,
    ),
    "empty-note": lambda n: ngettext(
        "%(n)d note came without its words.", "%(n)d notes came without their words.", n
    ),
    "unsure-mark": lambda n: ngettext(
        "%(n)d raised figure could be a note's mark or not, and was left as it is.",
        "%(n)d raised figures could be notes' marks or not, and were left as they are.",
        n,
    ),
    # left out
    "no-title": lambda n: gettext("No title was found."),
    "no-date": lambda n: gettext("No date was found."),
    "image": lambda n: ngettext(
        "%(n)d picture was left out.", "%(n)d pictures were left out; add them by hand.", n
    ),
    "media": lambda n: ngettext(
        "%(n)d film, sound or embedded page was left out.",
        "%(n)d films, sounds or embedded pages were left out.",
        n,
    ),
    "control": lambda n: ngettext(
        "%(n)d button or form field was left out.", "%(n)d buttons or form fields were left out.", n
    ),
    "navigation": lambda n: ngettext(
        "%(n)d navigation menu was left out.", "%(n)d navigation menus were left out.", n
    ),
    "way-up": lambda n: ngettext(
        "%(n)d link back to the top was left out of a heading.",
        "%(n)d links back to the top were left out of headings.",
        n,
    ),
    "removed": lambda n: ngettext(
        "%(n)d part that the mapping removes was left out.",
        "%(n)d parts that the mapping removes were left out.",
        n,
    ),
    "object": lambda n: ngettext(
        "%(n)d chart, drawing or embedded object was left out.",
        "%(n)d charts, drawings or embedded objects were left out.",
        n,
    ),
    "deleted": lambda n: ngettext(
        "%(n)d tracked deletion was left out.", "%(n)d tracked deletions were left out.", n
    ),
    "struck-out": lambda n: ngettext(
        "%(n)d passage that was struck through was left out.",
        "%(n)d passages that were struck through were left out.",
        n,
    ),
    "comment": lambda n: ngettext("%(n)d comment was left out.", "%(n)d comments were left out.", n),
    "hidden": lambda n: ngettext(
        "%(n)d hidden passage was left out.", "%(n)d hidden passages were left out.", n
    ),
    "placeholder": lambda n: ngettext(
        "%(n)d form field that nobody filled in was left out.",
        "%(n)d form fields that nobody filled in were left out.",
        n,
    ),
    "contents": lambda n: gettext("The table of contents was left out."),
    "header": lambda n: gettext("What stands in the page's head and foot was left out."),
    "ruby": lambda n: ngettext(
        "%(n)d reading above its characters was left out.",
        "%(n)d readings above their characters were left out.",
        n,
    ),
    "symbol": lambda n: ngettext(
        "%(n)d character of a symbol font could not be read.",
        "%(n)d characters of symbol fonts could not be read.",
        n,
    ),
    "embedded": lambda n: ngettext(
        "%(n)d document embedded in this one was left out.",
        "%(n)d documents embedded in this one were left out.",
        n,
    ),
    "link-refused": lambda n: ngettext(
        "%(n)d link was left out, its words kept: only web and mail addresses can be linked.",
        "%(n)d links were left out, their words kept: only web and mail addresses can be linked.",
        n,
    ),
    "dangling-citation": lambda n: ngettext(
        "%(n)d citation led to no note and was left out.",
        "%(n)d citations led to no notes and were left out.",
        n,
    ),
    "uncited-note": lambda n: ngettext(
        "%(n)d note is cited nowhere and stands last in the list.",
        "%(n)d notes are cited nowhere and stand last in the list.",
        n,
    ),
    "control-characters": lambda n: gettext("Characters that cannot be seen or kept were left out."),
    "topic-unknown": lambda n: ngettext(
        "%(n)d topic is not in the vocabulary and was left out.",
        "%(n)d topics are not in the vocabulary and were left out.",
        n,
    ),
}
