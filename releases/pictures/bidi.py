"""Unicode's bidirectional algorithm (UAX #9), as far as a title needs it: the visual order of the characters of a line.

The text shaping library has it too, but for one font at a time, and a line may need several.
"""

import unicodedata
from itertools import groupby

# Directional formatting characters are ignored: a title has the direction of its language.
CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PAIRS = dict(
    zip("([{⟨〈《「『【（［｛", ")]}⟩〉》」』】）］｝", strict=True),
)
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})


def embedding_levels(line: str, *, rtl: bool) -> list[int]:
    """A level for each character of a line without `CONTROLS`: odd ones run to the left."""
    base = int(rtl)
    kinds = [unicodedata.bidirectional(character) or "L" for character in line]
    seen = [at for at, kind in enumerate(kinds) if kind != "BN"]  # X9
    resolved = _weak([kinds[at] for at in seen], "LR"[base])
    _brackets([line[at] for at in seen], resolved, "LR"[base])
    _neutral(resolved, "LR"[base])
    found = [base] * len(line)
    for at, kind in zip(seen, resolved, strict=True):
        # I1, I2
        found[at] = {"R": base | 1, "L": base + base % 2}.get(kind, base + 2 - base % 2)
    for at, kind in enumerate(kinds):
        if kind == "BN" and at:
            found[at] = found[at - 1]
    for at in range(len(line) - 1, -1, -1):  # L1
        if kinds[at] not in {"WS", "BN"}:
            break
        found[at] = base
    return found


def visual_order(found: list[int]) -> list[int]:
    """The places of things with these levels, from left to right (L2)."""
    order = list(range(len(found)))
    for level in range(max(found, default=0), 0, -1):
        groups = [list(group) for _, group in groupby(order, key=lambda at: found[at] >= level)]
        order = [at for group in groups for at in (group[::-1] if found[group[0]] >= level else group)]
    return order


def _weak(kinds: list[str], start: str) -> list[str]:
    """W1 to W7: marks, figures and what stands between figures."""
    strong = before = start
    for at, kind in enumerate(kinds):
        if kind == "NSM":  # W1
            kind = before
        if kind == "EN" and strong == "AL":  # W2
            kind = "AN"
        if kind in {"L", "R", "AL"}:
            strong = kind
        kinds[at] = before = kind
    kinds = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for at in range(1, len(kinds) - 1):  # W4
        left, kind, right = kinds[at - 1 : at + 2]
        if left == right and ((kind in {"ES", "CS"} and left == "EN") or (kind == "CS" and left == "AN")):
            kinds[at] = left
    at = 0
    for kind, group in groupby(list(kinds)):  # W5
        end = at + len(list(group))
        if kind == "ET" and "EN" in (kinds[at - 1] if at else "", *kinds[end : end + 1]):
            kinds[at:end] = ["EN"] * (end - at)
        at = end
    strong = start
    for at, kind in enumerate(kinds):
        if kind in {"ES", "ET", "CS"}:  # W6
            kinds[at] = "ON"
        elif kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":  # W7
            kinds[at] = "L"
    return kinds


def _side(kind: str) -> str:
    """L or R; "" for what has no direction. Figures count as running to the left."""
    return "" if kind in _NEUTRAL else "L" if kind == "L" else "R"


def _brackets(line: list[str], kinds: list[str], start: str) -> None:
    """N0: the two of a pair run as what they hold, or as what stands before them."""
    for opens, closes in _pairs(line, kinds):
        inside = {_side(kind) for kind in kinds[opens + 1 : closes]}
        if start in inside:
            kinds[opens] = kinds[closes] = start
        elif inside - {""}:
            before = next((side for kind in reversed(kinds[:opens]) if (side := _side(kind))), start)
            kinds[opens] = kinds[closes] = before


def _pairs(line: list[str], kinds: list[str]) -> list[tuple[int, int]]:
    """BD16."""
    found, waiting = [], []
    for at, character in enumerate(line):
        if kinds[at] != "ON":
            continue
        if character in _PAIRS:
            waiting.append((_PAIRS[character], at))
        elif any(closing == character for closing, _ in waiting):
            while waiting[-1][0] != character:
                waiting.pop()
            found.append((waiting.pop()[1], at))
    return sorted(found)


def _neutral(kinds: list[str], start: str) -> None:
    """N1, N2: what has no direction runs as both its neighbours do, or else as the line."""
    at, before = 0, start
    for neutral, group in groupby(list(kinds), key=lambda kind: kind in _NEUTRAL):
        end = at + len(list(group))
        if neutral:
            after = _side(kinds[end]) if end < len(kinds) else start
            kinds[at:end] = [before if before == after else start] * (end - at)
        before, at = _side(kinds[end - 1]), end
