"""Draws docs/pictures/architecture.svg from the code: `make architecture`.

Belongs here: what stands in each box, which arrows are drawn. Not here: what is counted (imports.py, graph.py), shapes (shapes.py), places (places.py).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from assets.report.theme import ACCENT, FONT, INK, MUTED, RSV, RULE
from tests.architecture import shapes
from tests.architecture.graph import Graph, read_graph
from tests.architecture.imports import between_rooms, modules, rooms
from tests.architecture.places import (
    BOXES_AT,
    BUS,
    CONTROL,
    FRAME,
    HEADINGS,
    HEIGHT,
    LANES,
    LEGEND,
    ROUTES,
    STARTED,
    STORES_AT,
    TAP,
    TOP,
    WIDTH,
)
from tests.architecture.rooms import ARROWS, BOXES, DBT, HOUSE, STORES

PICTURE: Final = HOUSE / "docs" / "pictures" / "architecture.svg"
INNER: Final = ("staging", "steps", "marts")  # of the frame of dbt
STYLE: Final = f"""
  text {{ font: 13px {FONT}; fill: {INK}; }}
  .name {{ font-weight: 700; font-size: 15px; }}
  .count {{ font-size: 13px; fill: {MUTED}; text-anchor: end; }}
  .says {{ fill: {MUTED}; }}
  .room {{ fill: #f5f6f4; stroke: {RULE}; }}
  .inner {{ fill: #fff; stroke: {RULE}; }}
  .store + .name {{ font-size: 14px; }}
  .heading {{ font: italic 14px Georgia, "Palatino Linotype", "Liberation Serif", serif; fill: {MUTED}; }}
  .store {{ fill: #e3efee; stroke: #b9d7d7; }}
  .data {{ fill: none; stroke: {RSV}; stroke-width: 2.5; marker-end: url(#data); }}
  .both {{ marker-start: url(#data); }}
  .halo {{ fill: none; stroke: #fff; stroke-width: 7; }}
  .import {{ fill: none; stroke: {ACCENT}; stroke-width: 1.3; marker-end: url(#import); }}
  .trunk {{ fill: none; stroke: {ACCENT}; stroke-width: 1.3; }}
  .number {{ font-size: 12px; fill: {ACCENT}; text-anchor: end; stroke: #fff; stroke-width: 4px; paint-order: stroke; }}
"""


def importing() -> dict[tuple[str, str], int]:
    """For each box and another that it imports: how many of its modules do. The three boxes of pipelines and assets/*.py reach the rest together, as `pipelines`."""
    box_of = {room: box for box, about in BOXES.items() for room in about.rooms} | {"dbt": "dbt"}
    found: dict[tuple[str, str], set[str]] = {}
    for (source, target), who in between_rooms().items():
        here, there = box_of[source], box_of[target]
        if here in CONTROL and there not in CONTROL:
            here = "pipelines"
        if here != there:
            found.setdefault((here, there), set()).update(who)
    return {arrow: len(who) for arrow, who in found.items()}


def counts(graph: Graph) -> dict[str, str]:
    """What a box says of its size."""
    of = rooms()
    written = [name for name, path in modules().items() if path.name != "__init__.py"]
    sizes = {
        box: f"{sum(of[name] in about.rooms for name in written)} modules"
        for box, about in BOXES.items()
        if about.rooms
    }
    sizes["graph"] += f", {sum(graph.assets.values())} assets, {graph.checks} checks"
    sizes["staging"] = f"{graph.assets['staging']} models, {graph.assets['code_lists']} code lists"
    sizes["steps"] = f"{graph.assets['intermediate']} models"
    sizes["marts"] = f"{graph.assets['marts']} models"
    return sizes


def draw(graph: Graph) -> str:
    """The picture as SVG. The same code gives the same bytes."""
    sizes = counts(graph)
    parts = [shapes.box("room", *FRAME, name=DBT), shapes.box("room", *STARTED, name="")]
    parts += [f'<text class="heading" x="{x}" y="{y}">{text}</text>' for text, (x, y) in HEADINGS.items()]
    parts += [_arrow(arrow) for arrow in sorted(ARROWS, key=lambda arrow: -len(ROUTES[arrow]))]
    parts += _imports(importing())
    for key, place in BOXES_AT.items():
        kind = "inner" if key in (*INNER, *CONTROL) else "room"
        draw_box = shapes.small if key in INNER else shapes.stacked if key in CONTROL else shapes.box
        parts.append(draw_box(kind, *place, name=BOXES[key].title, says=BOXES[key].says, count=sizes[key]))
    with (HOUSE / "expectations" / "catalogue.csv").open(encoding="utf-8") as file:
        rules = sum(1 for _ in csv.DictReader(file, delimiter=";"))
    for key, place in STORES_AT.items():
        says = f"{rules} rules, why, and the remedy" if key == "catalogue" else STORES[key].says
        parts.append(shapes.box("store", *place, name=STORES[key].title, says=says))
    parts += _legend()
    body = "\n".join(part for part in parts if part)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {TOP} {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title desc">\n'
        '<title id="title">The rooms of Fodfæste, the way of the data, and who imports whom</title>\n'
        f'<desc id="desc">{_in_words()}</desc>\n'
        f"<style>{STYLE}</style>\n<defs>{shapes.head('data', RSV, 2.9)}{shapes.head('import', ACCENT, 4.6)}</defs>\n"
        f'<rect y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _arrow(arrow: tuple[str, str]) -> str:
    both = " both" if {(b, a) for a, b in ARROWS[arrow]} & set(ARROWS[arrow]) else ""
    path = shapes.elbows(ROUTES[arrow])
    # Straight arrows are drawn last and cross over the bent ones.
    halo = f'<path class="halo" d="{path}"/>' if len(ROUTES[arrow]) == 2 else ""
    return f'{halo}<path class="data{both}" d="{path}"/>'


def _imports(found: dict[tuple[str, str], int]) -> list[str]:
    """A trunk for each importing box, with an arrow to each box that it imports, and how many modules do."""
    places = BOXES_AT | {"dbt": FRAME, "pipelines": BUS}
    parts = []
    for (source, target), number in sorted(found.items()):
        if {source, target} <= set(CONTROL):
            path, at = _beside(source, target)
            parts.append(f'<path class="import" d="{shapes.elbows(path)}"/>{shapes.number(*at, number)}')
            continue
        lane, port = LANES[source]
        x, y, _, _ = places[target]
        start = places[source]
        leave = start[1] if source == "pipelines" else start[1] + start[3] - 12
        line = [(start[0], leave)] if source != "pipelines" else []
        path = shapes.elbows([*line, (lane, leave), (lane, y + port), (x - 1, y + port)])
        parts.append(f'<path class="import" d="{path}"/>{shapes.number(x - TAP, y + port - 3, number)}')
    return parts


def _beside(source: str, target: str) -> tuple[list[tuple[float, float]], tuple[float, float]]:
    """From a box of the bottom row to one left of it: straight to its neighbour, else beneath."""
    a, b = BOXES_AT[source], BOXES_AT[target]
    order = list(CONTROL)
    if order.index(source) - order.index(target) == 1:
        y = a[1] + a[3] / 2
        return [(a[0], y), (b[0] + b[2] + 1, y)], (a[0] - 14, y - 4)
    y = a[1] + a[3] + 13
    return [
        (a[0] + a[2] / 2, a[1] + a[3]),
        (a[0] + a[2] / 2, y),
        (b[0] + b[2] / 2, y),
        (b[0] + b[2] / 2, b[1] + b[3] + 1),
    ], (b[0] + b[2] / 2 + 24, y - 3)


def _legend() -> list[str]:
    x, y = LEGEND
    return [
        f'<path class="data" d="M{x} {y}h34"/><text class="says" x="{x + 44}" y="{y + 4}">the way of the data</text>',
        f'<path class="import" d="M{x + 210} {y}h34"/>{shapes.number(x + 234, y - 4, 17)}'
        f'<text class="says" x="{x + 254}" y="{y + 4}">17 modules import the room it points at; none imports a later one</text>',
    ]


def _in_words() -> str:
    titles = {key: box.title for key, box in (BOXES | STORES).items()}
    return (
        "Data: "
        + "; ".join(f"{titles[a]} to {titles[b]}" for a, b in ARROWS)
        + ". Imports go from lower boxes to higher ones only."
    )


def main() -> None:
    """Writes the picture."""
    from pipelines.definitions import build_definitions

    path: Path = PICTURE
    path.write_text(draw(read_graph(build_definitions())), encoding="utf-8")
    print(f"written: {path.relative_to(HOUSE)}")


if __name__ == "__main__":
    main()
