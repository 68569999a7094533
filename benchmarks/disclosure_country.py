"""A country's placements as linked tables, for the benchmark of disclosure control.

Belongs here: made-up spells, the cells and relations of the four scope tables. Not here: protecting them (transforms/disclosure), clocks (bench_disclosure.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

ALL = "all"
DIMENSIONS = ("enterprise_kind", "municipality_group", "municipality", "instrument", "target_group", "age_band", "sex")
ADDITIVE = ("spells_started", "spells_active")
# The four tables: the dimensions that each is spread over, beside the kind of enterprise.
TABLES = (
    ("municipality_group", "municipality"),
    ("municipality_group", "instrument"),
    ("municipality_group", "target_group"),
    ("age_band", "sex"),
)


def spells(year: int, *, other: int = 60_000, rsv: int = 2_500, seed: int = 1) -> pd.DataFrame:
    """One row a spell active in the year. 98 municipalities of unequal size in 5 groups, 12 instruments, 12 target groups, 100 RSV and 8,000 other enterprises of unequal size."""
    country = np.random.default_rng(seed)
    size = country.lognormal(0, 0.9, 98)
    group = np.arange(98) % 5 + 1
    home_other = country.choice(98, 8_000, p=size / size.sum())
    home_rsv = country.choice(98, 100, p=size / size.sum())
    pull_other, pull_rsv = country.lognormal(0, 1.2, 8_000), country.lognormal(0, 1.2, 100)
    random = np.random.default_rng([seed, year])
    total = other + rsv
    is_rsv = np.arange(total) < rsv
    enterprise = np.concatenate(
        [
            random.choice(100, rsv, p=pull_rsv / pull_rsv.sum()),
            100 + random.choice(8_000, other, p=pull_other / pull_other.sum()),
        ]
    )
    municipality = np.concatenate([home_rsv, home_other])[enterprise]
    instruments = np.array([30, 25, 1, 3, 15, 0.5, 10, 8, 3, 2, 1, 1.5])
    targets = np.array([20, 15, 15, 12, 10, 8, 6, 5, 4, 2, 1.5, 1.5])
    return pd.DataFrame(
        {
            "person": random.integers(0, int(total * 0.75), total),
            "enterprise": enterprise,
            "enterprise_kind": np.where(is_rsv, "rsv", "other"),
            "municipality_group": group[municipality].astype(str),
            "municipality": np.char.zfill(municipality.astype(str), 3),
            "instrument": np.char.add("i", random.choice(12, total, p=instruments / instruments.sum()).astype(str)),
            "target_group": np.char.add("t", random.choice(12, total, p=targets / targets.sum()).astype(str)),
            "age_band": np.char.add("a", random.choice(5, total, p=[0.15, 0.3, 0.25, 0.2, 0.1]).astype(str)),
            "sex": random.choice(["f", "m"], total),
            "spells_started": (random.random(total) < 0.7).astype(float),
            "spells_active": 1.0,
        }
    )


def _margins(table: Sequence[str]) -> list[tuple[str, ...]]:
    """The sets of dimensions that a table's cells are spread over: every total, municipalities only within their group."""
    kept: list[tuple[str, ...]] = [()]
    for name in ("enterprise_kind", *table):
        kept += [(*before, name) for before in kept]
    return [names for names in kept if "municipality" not in names or "municipality_group" in names]


def tables(rows: pd.DataFrame, prefix: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells and relations of the four tables over some spells, as `transforms.disclosure.protect` takes them. Cells that margins share stand once; empty combinations are left out."""
    cells: dict[tuple[str, ...], pd.DataFrame] = {}
    for table in TABLES:
        for names in _margins(table):
            if names not in cells:
                cells[names] = _counted(rows, names)
    frame = pd.concat(cells.values(), ignore_index=True)
    frame.index = pd.Index(prefix + frame[list(DIMENSIONS)].agg("|".join, axis=1), name="cell")
    sums = [
        _sums(frame, names, name)
        for names in cells
        for name in names
        if tuple(one for one in names if one != name) in cells
    ]
    return frame.drop(columns=list(DIMENSIONS)), _relations(frame, pd.concat(sums, ignore_index=True))


def _counted(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The cells spread over some dimensions."""
    rows = rows.assign(nothing=0)
    keys = list(names) or ["nothing"]
    grouped = rows.groupby(keys, sort=True)
    counts = grouped[list(ADDITIVE)].sum()
    counts["persons"] = grouped["person"].nunique()
    pairs = rows[[*keys, "person", "enterprise"]].drop_duplicates()
    at = pairs.groupby([*keys, "enterprise"]).size().sort_values(ascending=False, kind="stable")
    per_cell = at.groupby(level=list(range(len(keys))))
    counts["enterprises"] = per_cell.size()
    counts["largest"] = per_cell.nth(0).droplevel("enterprise")
    counts["second"] = per_cell.nth(1).droplevel("enterprise").reindex(counts.index)
    counts = counts.astype(float).reset_index().drop(columns="nothing", errors="ignore")
    return counts.assign(**{name: ALL for name in DIMENSIONS if name not in names})


def _sums(frame: pd.DataFrame, names: tuple[str, ...], over: str) -> pd.DataFrame:
    """Which cells over `names` add up over one dimension to which cell: columns `total`, `part`."""
    spread = (frame[list(names)] != ALL).all(axis=1) & (
        frame[[name for name in DIMENSIONS if name not in names]] == ALL
    ).all(axis=1)
    parts = frame[spread]
    prefix = parts.index[0].split("|")[0].removesuffix(parts["enterprise_kind"].iloc[0]) if len(parts) else ""
    total = prefix + parts[list(DIMENSIONS)].assign(**{over: ALL}).agg("|".join, axis=1)
    return pd.DataFrame({"total": total.to_numpy(), "part": parts.index.to_numpy(), "over": over})


def _relations(frame: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """Spells add up; persons are distinct: a part is at most the total, the total at most the parts together; within a cell persons and starts are at most active spells."""
    key, _ = pd.factorize(sums["total"] + "/" + sums["over"])
    sums = sums.assign(key=key)
    heads = sums.drop_duplicates("key")
    pieces, used = [], 0

    def take(number: np.ndarray, cell: np.ndarray, count: str, coefficient: float, sense: str) -> None:
        pieces.append(
            pd.DataFrame(
                {"relation": number + used, "cell": cell, "count": count, "coefficient": coefficient, "sense": sense}
            )
        )

    for count in ADDITIVE:
        take(sums["key"].to_numpy(), sums["part"].to_numpy(), count, 1.0, "=")
        take(heads["key"].to_numpy(), heads["total"].to_numpy(), count, -1.0, "=")
        used += len(heads)
    take(sums["key"].to_numpy(), sums["part"].to_numpy(), "persons", -1.0, "<=")
    take(heads["key"].to_numpy(), heads["total"].to_numpy(), "persons", 1.0, "<=")
    used += len(heads)
    single = np.arange(len(sums))
    take(single, sums["part"].to_numpy(), "persons", 1.0, "<=")
    take(single, sums["total"].to_numpy(), "persons", -1.0, "<=")
    used += len(sums)
    within = np.arange(len(frame))
    for lesser in ("persons", "spells_started"):
        take(within, frame.index.to_numpy(), lesser, 1.0, "<=")
        take(within, frame.index.to_numpy(), "spells_active", -1.0, "<=")
        used += len(within)
    return pd.concat(pieces, ignore_index=True)


HOURS_DIMENSIONS = ("start_year", "enterprise_kind", "instrument", "target_group")
BANDS = tuple(f"band_{number}" for number in range(5))


def hours_table(rows: pd.DataFrame, seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells and relations of the hours of spells one horizon after their start, over start year, kind, instrument and target group and all their totals. `rows`: spells with `start_year`."""
    random = np.random.default_rng(seed)
    outcome = random.choice(6, len(rows), p=[0.62, 0.1, 0.08, 0.06, 0.1, 0.04])
    made = rows[["person", "enterprise", *HOURS_DIMENSIONS]].astype(dict.fromkeys(HOURS_DIMENSIONS, str))
    made = made.assign(**{band: (outcome == number).astype(float) for number, band in enumerate(BANDS)})
    made["exited"] = (outcome == 5).astype(float)
    measures = [*BANDS, "exited"]
    frames: list[pd.DataFrame] = []
    subsets: list[tuple[str, ...]] = [()]
    for name in HOURS_DIMENSIONS:
        subsets += [(*before, name) for before in subsets]
    for names in subsets:
        spread = made.assign(**{name: ALL for name in HOURS_DIMENSIONS if name not in names})
        keys = list(HOURS_DIMENSIONS)
        counts = spread.groupby(keys)[measures].sum()
        counts["persons"] = spread.groupby(keys)["person"].nunique()
        at = spread.drop_duplicates([*keys, "person", "enterprise"]).groupby([*keys, "enterprise"]).size()
        ranked = at.sort_values(ascending=False, kind="stable").groupby(level=keys)
        counts["enterprises"], counts["largest"] = ranked.size(), ranked.nth(0).droplevel("enterprise")
        counts["second"] = ranked.nth(1).droplevel("enterprise").reindex(counts.index)
        frames.append(counts.reset_index())
    frame = pd.concat(frames, ignore_index=True)
    frame["employed"] = frame[list(BANDS[1:])].sum(axis=1)
    frame["spells"] = frame[measures].sum(axis=1)
    frame.index = pd.Index("hours|" + frame[list(HOURS_DIMENSIONS)].agg("|".join, axis=1), name="cell")
    frame["is_uniform"] = frame[[*measures, "employed"]].eq(frame["spells"], axis=0).any(axis=1)
    pieces, used = [], 0
    for over in HOURS_DIMENSIONS:
        parts = frame[frame[over] != ALL]
        total = "hours|" + parts[list(HOURS_DIMENSIONS)].assign(**{over: ALL}).agg("|".join, axis=1)
        key, heads = pd.factorize(total)
        for count in (*measures, "employed", "spells"):
            pieces.append(
                pd.DataFrame({"relation": key + used, "cell": parts.index, "count": count, "coefficient": 1.0})
            )
            pieces.append(
                pd.DataFrame(
                    {"relation": np.arange(len(heads)) + used, "cell": heads, "count": count, "coefficient": -1.0}
                )
            )
            used += len(heads)
    within = np.arange(len(frame))
    for whole, some in (("spells", measures), ("employed", list(BANDS[1:]))):
        for count, coefficient in [(whole, -1.0), *((one, 1.0) for one in some)]:
            pieces.append(
                pd.DataFrame(
                    {"relation": within + used, "cell": frame.index, "count": count, "coefficient": coefficient}
                )
            )
        used += len(frame)
    return frame.drop(columns=list(HOURS_DIMENSIONS)), pd.concat(pieces, ignore_index=True).assign(sense="=")
