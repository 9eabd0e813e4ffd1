"""Other ways in which a text may write a name: inverted, with initials, or only a part of it."""

import re
from typing import Final

_BETWEEN: Final = re.compile(r"[\s·・‧•,]+")
_MOST_WORDS: Final = 4


def variants(name: str) -> list[str]:
    """Those of a name of two to four words, without the name itself; none of a single word or of a passage.

    What a comparison makes no difference of (`Removal`: capitals, accents, hyphens, Traditional characters) is no variant.
    """
    words = [word for word in _BETWEEN.split(name.strip()) if any(map(str.isalnum, word))]
    if not 2 <= len(words) <= _MOST_WORDS:
        return []
    first, last = words[0], words[-1]
    made = [
        f"{last}, {' '.join(words[:-1])}",
        f"{last} {' '.join(words[:-1])}",
        f"{' '.join(words[1:])} {first}",
        f"{' '.join(words[1:])}, {first}",
    ]
    if len(words) > 2:
        made.append(f"{first} {last}")
    if first[0].isascii() or first[0].islower() != first[0].isupper():  # scripts in which names have initials
        given = " ".join(f"{word[0]}." for word in words[:-1])
        made += [f"{given} {last}", f"{last}, {given}", f"{first} {last[0]}."]
    made += [word for word in words if sum(map(str.isalnum, word)) > 2]
    return [one for one in dict.fromkeys(made) if one != name]
