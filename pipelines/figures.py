"""The figure each asset is known by, read out of what its last run told Dagster, kept beside the runs for the asset's page to open with.

Belongs here: choosing one figure of an asset's metadata, writing and reading them. Not here: computing figures (headlines.py), how a page is put together (story.py).
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines.danish import ROWS, ROWS_OF_SCHEMA
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

ROW_COUNT: Final = "dagster/row_count"
# What is told of a run, not of what the run made.
TECHNICAL: Final = {"sekunder", "megabyte", "nyt", "fil"}
MONTHS_BEFORE_ONE_RUN: Final = 5_000


@dataclass(frozen=True)
class Figure:
    """A figure with its label, and the day of the run that gave it."""

    label: str
    value: str
    day: str

    def told(self, of: str = "") -> str:
        """`Tallet: 4.312 personer i forløb, seneste år (kørt 28.11.2026).`; `of` names another asset whose figure it is."""
        day = datetime.date.fromisoformat(self.day)
        return f"Tallet: {self.value} {self.label}{of and f' i {of}, som den læser'} (kørt {day.day}.{day.month}.{day.year})."


def figures_file(settings: Settings) -> Path:
    """Beside the runs that the figures come from."""
    return settings.dagster_home / "figures.json"


def read_figures(settings: Settings) -> dict[str, Figure]:
    """By asset (`schema/table`); empty where nothing has been built or what is there cannot be read."""
    try:
        kept = json.loads(figures_file(settings).read_text(encoding="utf-8"))
        return {path: Figure(**figure) for path, figure in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_figures(settings: Settings, instance: dg.DagsterInstance) -> bool:
    """Gathers the figures of every asset that has been made; tells whether they are others than those kept."""
    found = {path: asdict(figure) for path, figure in gather(instance)}
    file = figures_file(settings)
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, file)
    return True


def gather(instance: dg.DagsterInstance) -> Iterable[tuple[str, Figure]]:
    """The figure of each asset's newest materialisation; of one with partitions, of its newest run over all of them."""
    for key in instance.get_asset_keys():
        event = _newest(instance, key)
        if event is None or event.asset_materialization is None:
            continue
        day = datetime.datetime.fromtimestamp(event.timestamp, datetime.UTC).date().isoformat()
        metadata = {name: value.value for name, value in event.asset_materialization.metadata.items()}
        chosen = choose("/".join(key.path), metadata)
        if chosen is not None:
            yield "/".join(key.path), Figure(*chosen, day)


def _newest(instance: dg.DagsterInstance, key: dg.AssetKey) -> dg.EventLogRecord | None:
    import dagster as dg

    newest = instance.get_latest_materialization_event(key)
    if newest is None:
        return None
    limit = 1 if newest.asset_materialization and newest.asset_materialization.partition is None else MONTHS_BEFORE_ONE_RUN  # fmt: skip
    records = instance.fetch_materializations(dg.AssetRecordsFilter(key), limit=limit).records
    whole = (record for record in records if record.partition_key is None)
    return next(whole, records[0] if records else None)


def choose(path: str, metadata: Mapping[str, Any]) -> tuple[str, str] | None:
    """Label and value of the one figure: what the asset says of itself first, else how many rows it has; None when it tells neither."""
    rows = metadata.get(ROW_COUNT)
    noun = ROWS.get(path) or ROWS_OF_SCHEMA.get(path.split("/")[0])
    if noun and rows is not None and path != "lake/estimates":
        return noun, written(rows)
    for name, value in metadata.items():
        is_figure = isinstance(value, (int, float)) or (isinstance(value, str) and value[:1] in "0123456789+-−")
        if "/" not in name and name not in TECHNICAL and not isinstance(value, bool) and is_figure:
            return name, written(value)
    return None if rows is None else ("rækker", written(rows))


def written(value: float | int | str) -> str:
    """A number as Danes write it; a text as it stands."""
    if isinstance(value, str):
        return value
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,"))
