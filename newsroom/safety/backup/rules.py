"""Rules of how long backups are kept: so many days, weeks, months and years with one each, and never none. Settings read them."""

import re
from collections.abc import Callable
from datetime import datetime

LAST = "last"  # each is one, even of the same second
_PERIODS: dict[str, Callable[[datetime], object]] = {
    "hourly": lambda at: (at.date(), at.hour),
    "daily": lambda at: at.date(),
    "weekly": lambda at: at.isocalendar()[:2],
    "monthly": lambda at: (at.year, at.month),
    "yearly": lambda at: at.year,
}
_RULE = re.compile(rf"(\d+) ?({'|'.join((LAST, *_PERIODS))})")
EXAMPLE = "7 daily, 4 weekly, 12 monthly"


def read_rules(words: str) -> dict[str, int]:
    """Of "7 daily, 4 weekly". Raises ValueError."""
    found: dict[str, int] = {}
    for word in filter(None, (one.strip() for one in words.split(","))):
        rule = _RULE.fullmatch(word)
        if not rule or rule[2] in found or int(rule[1]) < 1:
            raise ValueError(
                f"{word!r} is no rule for keeping backups: write such as {EXAMPLE!r} (of {', '.join((LAST, *_PERIODS))})."
            )
        found[rule[2]] = int(rule[1])
    return found


def kept_of(names: list[str], rules: dict[str, int]) -> set[str]:
    """Those of these backups (oldest first) that the rules keep: the newest of each period, and the newest of all."""
    kept = set(names[-1:])
    for period, number in rules.items():
        if period == LAST:
            kept.update(names[-number:])
            continue
        newest: dict[object, str] = {}
        for name in reversed(names):
            newest.setdefault(_PERIODS[period](_at(name)), name)
        kept.update(list(newest.values())[:number])
    return kept


def _at(name: str) -> datetime:
    return datetime.strptime(name.partition("-")[2], "%Y-%m-%dT%H%M%S%z")
