"""Tables that Python and the editor's scripts both read: modules that hold one JSON value."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parents[2] / "static" / "js" / "editor" / "paste"


def table(name: str) -> dict[str, Any]:
    """The value of a module; browsers import it, here its frame is taken off."""
    text = (_FOLDER / name).read_text("utf-8").strip()
    found: dict[str, Any] = json.loads(text.removeprefix("export default").rstrip(";"))
    return found
