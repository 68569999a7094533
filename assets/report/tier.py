"""What the pages are made of: a folder with a public tier and a manifest, and nothing else.

Belongs here: reading and refusing. Not here: restricted tables, the warehouse (a page can leak as a file can, so the report never opens them).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from assets.report.labels import Labels

COUNTS: Final = (
    "spells",
    "employed",
    "band_0",
    "band_1",
    "band_2",
    "band_3",
    "band_4",
    "exited",
    "share",
    "ci_lower",
    "ci_upper",
)
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "scope_by_municipality": ("year", "enterprise_kind", "municipality_group", "municipality_code", "persons", "spells_started", "spells_active"),
    "scope_by_instrument_and_target": (
        "year", "enterprise_kind", "instrument", "target_group", "municipality_group", "persons", "spells_started",
    ),
    "scope_by_age_and_sex": ("year", "enterprise_kind", "age_band", "sex", "persons"),
    "register": ("year", "rsv_registered", "rsv_active", "rsv_with_spells", "municipalities_with_rsv", "ordinary_share", "guidance_share"),
    "supply_by_municipality": (
        "year", "municipality_group", "municipality_code", "rsv_registered", "rsv_active", "target_persons",
        "persons_in_placement", "persons_in_rsv",
    ),
    "supply_inequality": ("year", "rate_towns", "rate_outskirts", "ratio", "ratio_lower", "ratio_upper", "gini", "gini_by_chance"),
    "hours_by_target_group": ("start_year", "enterprise_kind", "instrument", "target_group", "horizon", *COUNTS),
    "hours_by_municipality": ("start_year", "enterprise_kind", "municipality_group", "municipality_code", "horizon", *COUNTS),
    "hours_by_event_month": (
        "enterprise_kind", "baseline_band", "event_month", "spells", "band_0", "band_1", "band_2", "band_3", "band_4", "exited", "mean_hours", "bands_status",
    ),
    "lasting_attachment": ("start_year", "enterprise_kind", "instrument", "milestone", "month", "spells", "events", "share", "ci_lower", "ci_upper"),
    "effect_estimates": (
        "arm", "family", "instrument", "subgroup", "outcome", "horizon", "estimator", "specification",
        "estimate", "low", "high", "treated", "gate", "reason", "is_primary",
    ),
    "effect_curves": ("arm", "family", "instrument", "outcome", "event_month", "estimator", "estimate", "low", "high", "band_low", "band_high"),
}  # fmt: skip


class TierError(Exception):
    """The folder is not a public tier that pages can be made of; names every fault at once."""


@dataclass(frozen=True)
class Tier:
    """A public tier as frames. Codes are text; `year` and `horizon` integers; measures null where `status` is not `ok`."""

    public: Path
    tables: Mapping[str, pd.DataFrame]
    labels: Labels
    manifest: Mapping[str, Any]
    limits: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, table: str, **where: Any) -> pd.DataFrame:
        """The table's rows that have these values, in its order."""
        frame = self.tables[table]
        for column, value in where.items():
            frame = frame[frame[column] == value]
        return frame

    def row(self, table: str, **where: Any) -> pd.Series | None:
        """The one row with these values, or None."""
        found = self.rows(table, **where)
        return found.iloc[0] if len(found) == 1 else None

    def date(self, name: str) -> datetime.date | None:
        """A date of the manifest (`as_of`, `observed_from`, `observed_through`)."""
        text = self.manifest.get(name)
        return datetime.date.fromisoformat(str(text)[:10]) if text else None

    @property
    def last_whole_year(self) -> int:
        """The newest year of which every month is observed; the newest there is when none is whole."""
        years = sorted(int(year) for year in self.tables["supply_by_municipality"]["year"].unique())
        through = self.date("observed_through")
        whole = [year for year in years if through is None or datetime.date(year, 12, 1) <= through]
        return whole[-1] if whole else years[-1]

    def is_whole(self, year: int) -> bool:
        """Whether the year lies inside what is observed: a flow of half a year beside whole ones would look like a fall."""
        first = self.date("observed_from")
        return year <= self.last_whole_year and (first is None or datetime.date(year, 1, 1) >= first)

    def whole_years(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of whole years, in order of year."""
        return rows[[self.is_whole(int(year)) for year in rows["year"]]].sort_values("year") if len(rows) else rows


def read_tier(folder: Path) -> Tier:
    """The public tier and the manifest in a release's folder. Raises TierError with every missing file, table and column."""
    public = folder / "public"
    faults: list[str] = []
    tables = {name: _read_table(public / f"{name}.parquet", columns, faults) for name, columns in TABLES.items()}
    manifest = _read_json(folder / "manifest.json", faults)
    labels = _read_json(public / "labels.json", faults)
    limits = _read_json(public / "limits.json", []) if (public / "limits.json").exists() else {}
    if faults:
        raise TierError("No pages can be made: " + "; ".join(faults))
    return Tier(public, tables, Labels(labels), manifest, limits)


def _read_table(file: Path, columns: tuple[str, ...], faults: list[str]) -> pd.DataFrame:
    if not file.exists():
        faults.append(f"{file.name} is missing in {file.parent.name}/")
        return pd.DataFrame(columns=[*columns, "status"])
    frame = pd.read_parquet(file)
    if "contrast" in frame and "arm" not in frame:
        frame = frame.rename(columns={"contrast": "arm"})
    if "status" not in frame:
        frame["status"] = "ok"
    missing = [column for column in columns if column not in frame]
    if missing:
        faults.append(f"{file.name} has no column {', '.join(missing)}")
    return frame


def _read_json(file: Path, faults: list[str]) -> dict[str, Any]:
    if not file.exists():
        faults.append(f"{file.name} is missing")
        return {}
    return dict(json.loads(file.read_text(encoding="utf-8")))
