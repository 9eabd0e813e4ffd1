"""Plots as SVG, readable on light and dark pages."""

from html import escape
from pathlib import Path
from typing import Any

LEFT, WIDTH, RIGHT = 170, 420, 120
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #1d2129 }
.small { font-size: 11px; fill: #57606a }
.web { fill: #1f5fbf } .database { fill: #c2681c } .theirs { opacity: .45 }
.line { stroke: #d0d7de }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9da7b3 } .web { fill: #6ea8fe } .database { fill: #f0a35e } .line { stroke: #3d444d }
}
</style>"""
Bar = tuple[str, float, float, str]  # a label, milliseconds of web and database, a class


def growth(sizes: dict[int, dict[str, Any]], file: Path) -> None:
    """Each page at each number of releases."""
    counts = sorted(sizes)
    rows = {
        name: [
            (f"{count:,}", sizes[count]["pages"][name]["web"], sizes[count]["pages"][name]["database"], "")
            for count in counts
        ]
        for name in sizes[counts[0]]["pages"]
    }
    _draw("CPU milliseconds of a page that no cache has, as the newsroom grows", rows, file)


def beside(ours: dict[str, Any], theirs: dict[str, Any], file: Path) -> None:
    """Each page here and in Wagtail."""
    rows = {
        name: [
            ("newsroom", ours["pages"][name]["web"], ours["pages"][name]["database"], ""),
            ("Wagtail", cost["web"], cost["database"], "theirs"),
        ]
        for name, cost in theirs["pages"].items()
    }
    _draw("CPU milliseconds of a page that no cache has, beside Wagtail", rows, file)


def _draw(title: str, rows: dict[str, list[Bar]], file: Path) -> None:
    """Bars on a scale of square roots: what costs a hundred times as much is ten times as long."""
    most = max(web + database for bars in rows.values() for _, web, database, _ in bars)
    height = 62 + sum(14 * len(one) + 12 for one in rows.values())
    width = LEFT + WIDTH + RIGHT

    def length(value: float) -> float:
        return WIDTH * (value / most) ** 0.5

    said = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">',
        STYLE,
        f'<text x="0" y="18" font-weight="600">{escape(title)}</text>',
        '<rect class="web" x="0" y="28" width="10" height="10"/><text class="small" x="15" y="37">web process</text>'
        '<rect class="database" x="100" y="28" width="10" height="10"/><text class="small" x="115" y="37">database</text>'
        '<text class="small" x="185" y="37">scale of square roots</text>',
        f'<line class="line" x1="{LEFT}" y1="48" x2="{LEFT}" y2="{height - 4}"/>',
    ]
    y = 52
    for name, shown in rows.items():
        said.append(f'<text x="0" y="{y + 7 * len(shown) + 4:.0f}">{escape(name)}</text>')
        for label, web, database, kind in shown:
            end, whole = length(web), length(web + database)
            said.append(
                f'<g class="{kind}"><rect class="web" x="{LEFT}" y="{y}" width="{end:.1f}" height="11"/>'
                f'<rect class="database" x="{LEFT + end:.1f}" y="{y}" width="{whole - end:.1f}" height="11"/></g>'
                f'<text class="small" x="{LEFT + whole + 5:.1f}" y="{y + 10}">'
                f"{escape(label)}: {web + database:.1f}</text>"
            )
            y += 14
        y += 12
    said.append("</svg>\n")
    file.write_text("\n".join(said), encoding="utf-8")
