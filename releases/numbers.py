"""The one parser of numbers from addresses, query strings and forms, where anybody may type anything."""

# What a column of both databases can hold. Of larger numbers SQLite fails, and Python refuses to parse some thousand digits.
MOST = 2**63 - 1


def whole(typed: object, *, least: int = 0, most: int = MOST) -> int | None:
    """The number that plain ASCII digits spell, from `least` to `most`; None for anything else."""
    text = str(typed) if isinstance(typed, str | int) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))):
        return None
    found = int(text)
    return found if least <= found <= most else None


class NumberConverter:
    """In a path: digits of a number that can be a primary key; others are no address (404)."""

    regex = "[0-9]{1,19}"

    def to_python(self, typed: str) -> int:
        """A ValueError is no match."""
        found = whole(typed)
        if found is None:
            raise ValueError(typed)
        return found

    def to_url(self, value: int) -> str:
        """As it is read."""
        return str(value)
