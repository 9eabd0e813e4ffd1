"""Commands of the newsroom."""

from typing import Any


def bar(stream: Any) -> Any:
    """A function (done, total) that draws on a terminal, and does nothing elsewhere."""
    if not stream.isatty():
        return lambda done, total: None
    state = {"shown": -1}

    def draw(done: int, total: int) -> None:
        share = min(done / total, 1) if total else 1
        step = int(share * 200)
        if step != state["shown"]:
            state["shown"] = step
            width = int(share * 40)
            end = "\n" if done >= total else ""
            stream.write(f"\r[{'#' * width}{'.' * (40 - width)}] {done}/{total}{end}", ending="")
            stream.flush()

    return draw
