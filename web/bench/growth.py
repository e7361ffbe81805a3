"""How times grow with the number of notes: a drawing by hand, one small panel a measure, both axes logarithmic."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from web.bench.promises import Row
from web.bench.table import LABELS, NAMES
from web.cli.output import number

COLUMNS = 3
PANEL, GAP = (250, 190), (84, 66)
"""Width and height of a panel, and what is left between two: labels go there."""

LEFT, TOP = 62, 130
MARK = 3.5
STYLES = {
    "embedded": ("ours", ""),
    "tantivy": ("one", "7 3"),
    "bm25s": ("two", "2 3"),
    "bm25s-numba": ("five", "6 2 6 5"),
    "fts5": ("three", "9 3 2 3"),
    "whoosh": ("four", "1 4"),
}
"""Colour and dashes of a line: colour is never alone to tell engines apart."""

_CSS = """
svg { --paper: #ffffff; --ink: #1d2330; --soft: #5b6475; --rule: #dde1e8;
  --ours: #b3261e; --one: #1f5fbf; --two: #8a5a00; --three: #2b7a4b; --four: #7a3fa8; --five: #0b7285; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14171d; --ink: #eef1f6; --soft: #a5adbb; --rule: #333a46;
    --ours: #ff8a80; --one: #8ab4ff; --two: #e6b450; --three: #7fd6a0; --four: #d3a4ff; --five: #66d0de; } }
.paper { fill: var(--paper); }
text { font-family: system-ui, sans-serif; font-size: 12px; fill: var(--soft); }
.title { font-size: 18px; font-weight: 600; fill: var(--ink); }
.name { font-size: 13px; font-weight: 600; fill: var(--ink); }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.rule { stroke: var(--rule); stroke-width: 1; }
.curve { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
""" + "\n".join(
    f".{colour} {{ stroke: var(--{colour}); }} .dot.{colour} {{ fill: var(--{colour}); }}"
    for colour, _ in STYLES.values()
)


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure: for each engine, its points (notes, milliseconds)."""

    measure: str
    curves: dict[str, list[tuple[int, float]]]


def panels(rows: Sequence[Row]) -> list[Panel]:
    """The panels that rows of several sizes make, in the order of the table."""
    found: dict[str, dict[str, list[tuple[int, float]]]] = {}
    for row in rows:
        value = row.get("wall_p50_ms" if row["measure"] in ("add", "follow") else "p50_ms")
        if value and row["engine"] in STYLES:
            curve = found.setdefault(row["measure"], {}).setdefault(row["engine"], [])
            curve.append((row["notes"], max(float(value), 1e-3)))
    return [Panel(measure, found[measure]) for measure in LABELS if measure in found]


def draw(rows: Sequence[Row]) -> str:
    """An SVG document: medians of each measure by the number of notes."""
    shown = panels(rows)
    engines = [name for name in STYLES if any(name in panel.curves for panel in shown)]
    sizes = sorted({row["notes"] for row in rows})
    width = LEFT + COLUMNS * (PANEL[0] + GAP[0])
    height = TOP + -(-len(shown) // COLUMNS) * (PANEL[1] + GAP[1])
    summary = " ".join(_sentence(panel) for panel in shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="title desc" lang="fr">',
        '<title id="title">Temps de réponse selon le nombre de fiches</title>',
        f'<desc id="desc">{escape(summary)}</desc>',
        f"<style>{_CSS}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        '<text class="title" x="20" y="34">Temps de réponse selon le nombre de fiches</text>',
        '<text x="20" y="56">Médiane en millisecondes ; les deux axes sont logarithmiques.</text>',
        *_legend(engines),
    ]
    for place, panel in enumerate(shown):
        x = LEFT + (place % COLUMNS) * (PANEL[0] + GAP[0])
        y = TOP + place // COLUMNS * (PANEL[1] + GAP[1])
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel, sizes), "</g>"]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(engines: Sequence[str]) -> Iterator[str]:
    for place, engine in enumerate(engines):
        x, (colour, dashes) = 20 + 140 * place, STYLES[engine]
        yield f'<path class="curve {colour}" stroke-dasharray="{dashes}" d="M{x} 78h26"/>'
        yield f'<text x="{x + 32}" y="82">{escape(NAMES.get(engine, engine))}</text>'


def _panel(panel: Panel, sizes: Sequence[int]) -> Iterator[str]:
    width, height = PANEL
    values = [value for curve in panel.curves.values() for _, value in curve]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def across(notes: int) -> float:
        return width / 2 if first == last else round(width * (math.log10(notes) - first) / (last - first), 1)

    def down(value: float) -> float:
        return round(height * (high - math.log10(value)) / (high - low), 1)

    yield f'<text class="name" x="0" y="-10">{escape(LABELS[panel.measure])}</text>'
    for power in range(low, high + 1):
        y = down(10.0**power)
        yield f'<path class="rule" d="M0 {y}H{width}"/>'
        yield f'<text class="end" x="-8" y="{y + 4}">{number(10.0**power, max(0, -power))}</text>'
    for notes in sizes:
        yield f'<text class="middle" x="{across(notes)}" y="{height + 18}">{number(notes, 0)}</text>'
    for engine, curve in panel.curves.items():
        colour, dashes = STYLES[engine]
        points = [(across(notes), down(value)) for notes, value in sorted(curve)]
        line = "M" + "L".join(f"{x} {y}" for x, y in points)
        yield f'<path class="curve {colour}" stroke-dasharray="{dashes}" d="{line}"/>'
        yield from (f'<circle class="dot {colour}" cx="{x}" cy="{y}" r="{MARK}"/>' for x, y in points)


def _sentence(panel: Panel) -> str:
    """The first and last points of each curve, for who does not see them."""
    told = []
    for engine, curve in panel.curves.items():
        ends = [min(curve), max(curve)]
        points = ", ".join(f"{number(value, 2)} ms pour {number(notes, 0)} fiches" for notes, value in ends)
        told.append(f"{NAMES.get(engine, engine)} {points}")
    return f"{LABELS[panel.measure]} : {' ; '.join(told)}."
