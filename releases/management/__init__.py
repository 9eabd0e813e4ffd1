"""Commands of the newsroom."""

from time import monotonic
from typing import Any


def bar(stream: Any) -> Any:
    """A function (done, total) that draws on a terminal, with the time that is left, and does nothing elsewhere."""
    if not stream.isatty():
        return lambda done, total: None
    state = {"shown": -1}
    began = monotonic()

    def draw(done: int, total: int) -> None:
        share = min(done / total, 1) if total else 1
        step = int(share * 200)
        if step != state["shown"]:
            state["shown"] = step
            width = int(share * 40)
            left = (monotonic() - began) / done * (total - done) if done else 0
            end = (
                f"{' ' * 20}\n"
                if done >= total
                else f", {left / 60:.0f} min left  "
                if left > 90
                else f", {left:.0f} s left  "
            )
            stream.write(f"\r[{'#' * width}{'.' * (40 - width)}] {done}/{total}{end}", ending="")
            stream.flush()

    return draw
