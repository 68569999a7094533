"""What an asset shows of itself: rows, columns, a headline, a small plot.

Belongs here: turning numbers into Dagster metadata. Not here: computing a measure, anything that is not national and of enough people.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from pipelines.lake_tables import columns_of_kind

LONGEST_INLINE = 1_000  # the webserver shows longer markdown only after a click
MIN_PERSONS, MIN_ENTERPRISES = 5, 3
_WIDTH, _HEIGHT = 220, 40


def plot(values: Sequence[float | None], text: str) -> dg.MetadataValue:
    """A line of up to 60 points as a picture in markdown; gaps where a value is unknown. A sparkline when it grows too long."""
    points = _thin(values, 60)
    known = [value for value in points if value is not None]
    if not known:
        return dg.MetadataValue.text("–")
    low, high = min(0.0, min(known)), max(known)
    span = (high - low) or 1.0
    step = _WIDTH / max(1, len(points) - 1)
    path, pen = "", "M"
    for number, value in enumerate(points):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{round(number * step)} {round(_HEIGHT - 2 - (value - low) / span * (_HEIGHT - 4))}"
        pen = "L"
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{_HEIGHT}'>"
        f"<path d='{path}' fill='none' stroke='#0b6e6e' stroke-width='2'/></svg>"
    )
    picture = f"![{text}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
    if len(picture) < LONGEST_INLINE:
        return dg.MetadataValue.md(picture)
    return dg.MetadataValue.text(sparkline(points))


def sparkline(values: Sequence[float | None]) -> str:
    """The same in eight block characters."""
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    low, high = min(0.0, min(known)), max(known)
    blocks = "▁▂▃▄▅▆▇█"
    return "".join(
        " " if value is None else blocks[min(7, int((value - low) / ((high - low) or 1) * 8))] for value in values
    )


def _thin(values: Sequence[float | None], most: int) -> list[float | None]:
    if len(values) <= most:
        return list(values)
    return [values[round(number * (len(values) - 1) / (most - 1))] for number in range(most)]


def column_schema(types: Mapping[str, str], described: Mapping[str, str]) -> dg.TableSchema:
    """The columns with their types and descriptions."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name=name, type=kind.lower(), description=described.get(name) or None)
            for name, kind in types.items()
        ]
    )


def lake_schema(kind: str) -> dg.TableSchema:
    """The columns of the lake of one kind of files; the description says in which of its tables a column stands."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name=name, type=data_type.lower(), description=f"In {', '.join(tables)} (docs/lake.md).")
            for name, (data_type, tables) in columns_of_kind(kind).items()
        ]
    )


def figures(values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain numbers and texts as metadata; what is null is shown as a dash, never as zero."""
    return {name: "–" if value is None else value for name, value in values.items()}
