"""What two sequences have in common, in steps that grow with their length and no faster, whatever they hold.

Patience first: what occurs once on both sides anchors the rest (https://bramcohen.livejournal.com/73318.html). What lies
between anchors is compared by Myers' algorithm ("An O(ND) difference algorithm and its variations",
Algorithmica 1, 1986), which is quick where little differs. Both spend from one budget. What was not compared when it is
empty counts as replaced.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, Literal

Tag = Literal["equal", "replace", "delete", "insert"]
Opcode = tuple[Tag, int, int, int, int]

# What a comparison may take: looks at each character for anchors, and steps between them, which are remembered until the end.
LOOKS_EACH: Final = 3
STEPS: Final = 300_000


class Budget:
    """How many looks and steps are left, and whether something was not compared for lack of them."""

    def __init__(self, looks: int, steps: int = STEPS) -> None:
        self.looks = looks
        self.steps = steps
        self.empty = False

    def spend_looks(self, tokens: int) -> bool:
        """Spend a look at so many tokens. False where the budget is exceeded."""
        self.looks -= tokens
        self.empty = self.empty or self.looks < 0
        return self.looks >= 0

    def spend_steps(self, tokens: int) -> bool:
        """Spend a step over so many tokens. False where the budget is exceeded."""
        self.steps -= tokens
        self.empty = self.empty or self.steps < 0
        return self.steps >= 0


def budget_for(length: int) -> Budget:
    """The budget for texts of so many characters, both sides together."""
    return Budget(LOOKS_EACH * length + 1000)


def opcodes(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> Iterator[Opcode]:
    """How `old` becomes `new`, in the form of `difflib.SequenceMatcher.get_opcodes`."""
    # Most that is compared is a cell or a note in which one word changed: what both begin and end with tells all.
    a_end, b_end = len(old), len(new)
    start = 0
    while start < a_end and start < b_end and old[start] == new[start]:
        start += 1
    while a_end > start and b_end > start and old[a_end - 1] == new[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    if a_end - start == b_end - start == 1:
        if start:
            yield "equal", 0, start, 0, start
        yield "replace", start, a_end, start, b_end
        if a_end < len(old):
            yield "equal", a_end, len(old), b_end, len(new)
        return
    at_old = at_new = 0
    for a, b, size in [*_joined(sorted(_matches(old, new, budget))), (len(old), len(new), 0)]:
        if at_old < a and at_new < b:
            yield "replace", at_old, a, at_new, b
        elif at_old < a:
            yield "delete", at_old, a, at_new, b
        elif at_new < b:
            yield "insert", at_old, a, at_new, b
        if size:
            yield "equal", a, a + size, b, b + size
        at_old, at_new = a + size, b + size


Match = tuple[int, int, int]  # where in the old one, where in the new one, how many


def _joined(matches: list[Match]) -> Iterator[Match]:
    """Matches next to each other are one."""
    here: Match | None = None
    for a, b, size in matches:
        if here and (here[0] + here[2], here[1] + here[2]) == (a, b):
            here = (here[0], here[1], here[2] + size)
            continue
        if here:
            yield here
        here = (a, b, size)
    if here:
        yield here


def _matches(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> Iterator[Match]:
    stack = [(0, len(old), 0, len(new))]
    while stack:
        a, a_end, b, b_end = stack.pop()
        start = a
        while a < a_end and b < b_end and old[a] == new[b]:
            a, b = a + 1, b + 1
        if a > start:
            yield start, b - (a - start), a - start
        end = a_end
        while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
        if a_end < end:
            yield a_end, b_end, end - a_end
        if a == a_end or b == b_end or not budget.spend_looks(a_end - a + b_end - b):
            continue
        anchors = _anchors(old, a, a_end, new, b, b_end)
        if not anchors:
            yield from _myers(old, a, a_end, new, b, b_end, budget)
            continue
        for at, other in anchors:
            stack.append((a, at, b, other))
            yield at, other, 1
            a, b = at + 1, other + 1
        stack.append((a, a_end, b, b_end))


def _anchors(
    old: Sequence[Hashable], a: int, a_end: int, new: Sequence[Hashable], b: int, b_end: int
) -> list[tuple[int, int]]:
    """The longest row of what occurs once on both sides and in the same order."""
    here, there = _once(old, a, a_end), _once(new, b, b_end)
    pairs = [(place, there[token]) for token, place in here.items() if token in there]
    if not pairs:
        return []
    # The longest increasing subsequence, by patience sorting.
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_, other) in enumerate(pairs):
        pile = bisect_left(tops, other)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(other)
            piles.append(number)
        else:
            tops[pile], piles[pile] = other, number
    row = []
    number = piles[-1]
    while number >= 0:
        row.append(pairs[number])
        number = before[number]
    return row[::-1]


def _once(tokens: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    """Where each stands that occurs once, in order."""
    found: dict[Hashable, int] = {}
    for place in range(start, end):
        token = tokens[place]
        found[token] = -1 if token in found else place
    return {token: place for token, place in found.items() if place >= 0}


def _myers(
    old: Sequence[Hashable], a: int, a_end: int, new: Sequence[Hashable], b: int, b_end: int, budget: Budget
) -> Iterator[Match]:
    """A shortest way from one to the other; nothing is equal where the budget is exceeded before it is found."""
    # What the other side has nowhere is no step on any way.
    both = set(old[a:a_end]).intersection(new[b:b_end])
    left = [place for place in range(a, a_end) if old[place] in both]
    right = [place for place in range(b, b_end) if new[place] in both]
    x_end, y_end = len(left), len(right)
    ends = {1: 0}
    trail: list[dict[int, int]] = []
    for distance in range(x_end + y_end + 1):
        reached: dict[int, int] = {}
        # Diagonals that have left the field lead nowhere.
        low = -distance + 2 * max(0, distance - y_end)
        high = distance - 2 * max(0, distance - x_end)
        for diagonal in range(low, high + 1, 2):
            down = ends.get(diagonal + 1, -1)
            across = ends.get(diagonal - 1, -1) + 1
            x = start = max(down, across) if ends.get(diagonal - 1) is not None else down
            y = x - diagonal
            while x < x_end and y < y_end and old[left[x]] == new[right[y]]:
                x, y = x + 1, y + 1
            reached[diagonal] = x
            if not budget.spend_steps(1 + x - start):
                return
            if x >= x_end and y >= y_end:
                trail.append(reached)
                yield from _backtrack(trail, left, right)
                return
        trail.append(reached)
        ends = reached


def _backtrack(trail: list[dict[int, int]], left: list[int], right: list[int]) -> Iterator[Match]:
    """Back along the way that was found: its diagonal steps."""
    x, y = len(left), len(right)
    for distance in range(len(trail) - 1, -1, -1):
        if distance:
            before, diagonal = trail[distance - 1], x - y
            down, across = before.get(diagonal + 1, -1), before.get(diagonal - 1)
            came_down = across is None or down > across
            start = down if came_down else (across or 0) + 1
        else:
            start, came_down = 0, False
        while x > start:
            x, y = x - 1, y - 1
            yield left[x], right[y], 1
        if distance:
            x, y = (x, y - 1) if came_down else (x - 1, y)
