"""A field for a date and time by the newsroom's clock.

A time that summer time skips is refused. For a time that comes twice the field asks which one is meant."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminDateWidget, AdminTimeWidget
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases import clock
from releases.forms.typed_dates import month_first, read_clock, read_day, unambiguous
from releases.workflow.moments import due, meanings, offset, place, sentence, skipped

ONCE, FIRST, SECOND = "", "0", "1"
MAX_AHEAD = timedelta(days=366 * 10)


def zone() -> ZoneInfo:
    """The newsroom's."""
    return ZoneInfo(settings.TIME_ZONE)


class MomentWidget(forms.MultiWidget):
    """Date, time, and which of the two where the clocks show the time twice."""

    template_name = "admin/widgets/moment.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        which = forms.Select(
            choices=[(ONCE, _("–")), (FIRST, _("the first one")), (SECOND, _("the second one"))]
        )
        # Text inputs: the browser's own controls accept neither "28 Nov" nor "9am", and nothing can be pasted into them.
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            "0": AdminDateWidget({"size": "18"}),
            "1": AdminTimeWidget({"size": "10"}),
            "which": which,
        }
        super().__init__(parts, attrs)

    def decompress(self, value: datetime | None) -> list[Any]:
        """Date, time, and which of the two moments that the clock shows alike."""
        if value is None:
            return [None, None, ONCE]
        local = clock.local(value, zone())
        twice = meanings(local.replace(tzinfo=None), zone())
        which = str(twice.index(value)) if len(twice) == 2 and value in twice else ONCE
        return [local.date(), local.time(), which]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Show the choice only where there is one; offer both moments by their distance from UTC."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        day, clock, which = context["widget"]["subwidgets"]
        typed = _read_inputs(day["value"], clock["value"])
        twice = meanings(typed, zone()) if typed else []
        context["widget"]["twice"] = len(twice) == 2
        context["widget"]["zone"] = place(zone())
        if typed:
            context["widget"]["said"] = interpretation(
                *(widget["value"] or "" for widget in (day, clock))
            ).get("said")
        for option in [option for group in which["optgroups"] for option in group[1]]:
            if len(twice) == 2 and option["value"] in {FIRST, SECOND}:
                option["label"] = labels_of(twice)[int(option["value"])]
        return context


class DayField(forms.DateField):
    """A day as people write it."""

    def to_python(self, value: Any) -> date | None:
        """`read_day`, on the newsroom's calendar."""
        if isinstance(value, str) and value.strip():
            return read_day(value, today=timezone.localdate(timezone=zone())).day
        return super().to_python(value)


class ClockField(forms.TimeField):
    """A clock time as people write it."""

    def to_python(self, value: Any) -> time | None:
        """`read_clock`; what a clock shows needs no reading."""
        try:
            return super().to_python(value)
        except ValidationError:
            return read_clock(value)


class MomentField(forms.MultiValueField):
    """Cleans to an aware datetime or None."""

    widget = MomentWidget

    def __init__(self, **kwargs: Any) -> None:
        choices = [(ONCE, ""), (FIRST, ""), (SECOND, "")]
        fields = (
            DayField(required=False),
            ClockField(required=False),
            forms.ChoiceField(choices=choices, required=False),
        )
        super().__init__(fields=fields, require_all_fields=False, **kwargs)

    def compress(self, values: list[Any]) -> datetime | None:
        """The one moment that is meant, or an error that says what to choose."""
        day, clock, which = (*values, None, None, None)[:3]
        if not day and not clock:
            return None
        if not day:
            raise ValidationError(gettext("Give the date as well as the time."))
        if not clock:
            raise ValidationError(
                gettext("Give the time as well as the date: 00:01 is the first minute of the day.")
            )
        return moment_of(datetime.combine(day, clock), which or ONCE)


def moment_of(typed: datetime, which: str) -> datetime:
    """What `typed` means by the newsroom's clock. Raises ValidationError where it means nothing, or two things."""
    found = meanings(typed, zone())
    if not found:
        last, first = skipped(typed, zone())
        raise ValidationError(
            gettext(
                "There is no %(typed)s on %(day)s in %(place)s: that night the clocks go forward from %(last)s to "
                "%(first)s. Choose a time before %(last)s, or from %(first)s on."
            )
            % {
                "typed": f"{typed:%H:%M}", "day": date_format(typed, gettext("j F Y")), "place": place(zone()),
                "last": f"{last:%H:%M}", "first": f"{first:%H:%M}",
            }
        )  # fmt: skip
    if len(found) == 1:
        return found[0]
    if which not in {FIRST, SECOND}:
        first_label, second_label = labels_of(found)
        raise ValidationError(
            gettext(
                "%(typed)s comes twice on %(day)s in %(place)s, because the clocks go back: once as %(first)s, and "
                "again as %(second)s. Choose which one is meant."
            )
            % {
                "typed": f"{typed:%H:%M}", "day": date_format(typed, gettext("j F Y")), "place": place(zone()),
                "first": first_label, "second": second_label,
            },
            code="twice",
        )  # fmt: skip
    return found[int(which)]


def require_near(moment: datetime, at: datetime) -> None:
    """Refuse a year that was mistyped. Raises ValidationError."""
    if moment > at + MAX_AHEAD:
        raise ValidationError(gettext("That is more than ten years away: check the year."))


def interpretation(day: str, clock: str, which: str = ONCE, *, at: datetime | None = None) -> dict[str, Any]:
    """How what is typed is read: {said} in a sentence, or {refused} with what to write instead.

    {twice} holds the two moments to choose from. {day, clock} are what the fields send for it, since "tomorrow" is another day
    after midnight. `unfinished` marks what may become readable with the next key.
    """
    at = at or timezone.now()
    try:
        found = DayField(required=False).clean(day), ClockField(required=False).clean(clock)
    except ValidationError as error:
        return {"refused": " ".join(error.messages), "unfinished": True}
    if None in found:
        try:
            MomentField(required=False).compress([*found])
        except ValidationError as error:
            return {"refused": " ".join(error.messages), "unfinished": True}
        return {"said": ""}
    typed = datetime.combine(*found)
    twice = meanings(typed, zone())
    answer: dict[str, Any] = {
        "twice": labels_of(twice) if len(twice) == 2 else [],
        "day": AdminDateWidget().format_value(found[0]),
        "clock": AdminTimeWidget().format_value(found[1]),
    }
    try:
        moment = due(moment_of(typed, which), at)
        require_near(moment, at)
        answer["said"] = " ".join([sentence(moment, zone(), at), *_read_as(day, clock, at)])
    except ValidationError as error:
        answer["refused"] = error.messages[0]
    return answer


def _read_as(day: str, clock: str, at: datetime) -> Iterator[str]:
    """How ambiguous figures were read, and on which day midnight is."""
    other = read_day(day, today=timezone.localdate(at, zone())).other
    if other:
        order = gettext("month first") if month_first() else gettext("day first")
        message = gettext("“%(typed)s” is read with the %(order)s; for the other day write “%(other)s”.")
        yield message % {"typed": day.strip(), "order": order, "other": unambiguous(other)}
    if "midnight" in clock.casefold():
        yield gettext("Midnight is read as 00:00, when that day begins.")


def labels_of(found: list[datetime]) -> list[str]:
    """Labels that distinguish two moments which the clock shows alike."""
    labels = (gettext("the first, %(offset)s (%(utc)s UTC)"), gettext("the second, %(offset)s (%(utc)s UTC)"))
    return [
        label % {"offset": offset(clock.local(one, zone())), "utc": f"{one:%H:%M}"}
        for label, one in zip(labels, found, strict=True)
    ]


def _read_inputs(day: Any, clock: Any) -> datetime | None:
    """The date and time in the two inputs, if they are readable."""
    try:
        day = day if isinstance(day, date) else DayField().clean(day)
        clock = clock if isinstance(clock, time) else ClockField().clean(clock)
    except ValidationError:
        return None
    return datetime.combine(day, clock)
