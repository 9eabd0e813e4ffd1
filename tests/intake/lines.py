"""Writes lines of an export by hand, right and wrong ones."""

import json

AT = "2020-01-01T12:00:00+00:00"


def revision(**changes):
    return {
        "number": 1,
        "title": "A title",
        "body": "<p>Words.</p>",
        "created_at": AT,
        "edited_at": AT,
        **changes,
    }


def release(n=1, **changes):
    return {
        "kind": "release", "uuid": f"00000000-0000-4000-8000-{n:012d}", "language": "en", "slug": f"release-{n}",
        "created_at": AT, "live": None, "working": 1, "addresses": [["en", f"release-{n}"]], "revisions": [revision()],
        **changes,
    }  # fmt: skip


def lines(tmp_path, *records, head=None, end=True):
    head = head or {"format": "newsroom", "version": 1, "changed_at": AT}
    every = [head, *records, *([{"kind": "end"}] if end else [])]
    path = tmp_path / "lines.jsonl"
    path.write_text(
        "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in every), "utf-8"
    )
    return path
