"""Numbers for whoever watches the site (Prometheus' text format): counted in this process, and about no reader.

Each process counts for itself; what one of them answers says which, so that a sum over `process` is the site's.
"""

import os
import threading
from collections import Counter, defaultdict

# The upper ends of the times that answers took, in seconds.
BUCKETS = (0.005, 0.025, 0.1, 0.5, 1.0, 5.0)

_lock = threading.Lock()
_answers: Counter[str] = Counter()
_buckets: dict[float, int] = defaultdict(int)
_seconds = 0.0
_by_route: Counter[str] = Counter()
MAX_ROUTES = 300  # there are fewer; a bound all the same


def answered(route: str, status: int, seconds: float) -> None:
    """A request has its answer."""
    global _seconds
    with _lock:
        _answers[f"{status // 100}xx"] += 1
        if route in _by_route or len(_by_route) < MAX_ROUTES:
            _by_route[route] += 1
        _seconds += seconds
        for end in BUCKETS:
            if seconds <= end:
                _buckets[end] += 1


def text(gauges: dict[str, float]) -> str:
    """All of them, with those numbers of the moment."""
    with _lock:
        process = f'process="{os.getpid()}"'
        total = sum(_answers.values())
        lines = ["# TYPE newsroom_answers_total counter"]
        lines += [
            f'newsroom_answers_total{{{process},status="{one}"}} {count}'
            for one, count in sorted(_answers.items())
        ]
        lines.append("# TYPE newsroom_answers_by_route_total counter")
        lines += [
            f'newsroom_answers_by_route_total{{{process},route="{_escaped(one)}"}} {count}'
            for one, count in sorted(_by_route.items())
        ]
        lines.append("# TYPE newsroom_answer_seconds histogram")
        lines += [
            f'newsroom_answer_seconds_bucket{{{process},le="{end}"}} {_buckets[end]}' for end in BUCKETS
        ]
        lines += [
            f'newsroom_answer_seconds_bucket{{{process},le="+Inf"}} {total}',
            f"newsroom_answer_seconds_sum{{{process}}} {_seconds:.6f}",
            f"newsroom_answer_seconds_count{{{process}}} {total}",
        ]
    for name, value in gauges.items():
        kind = name.partition("{")[0]
        if f"# TYPE newsroom_{kind} gauge" not in lines:
            lines.append(f"# TYPE newsroom_{kind} gauge")
        lines.append(f"newsroom_{name} {value:g}")
    return "\n".join(lines) + "\n"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
