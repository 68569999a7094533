"""Where: two tile maps of the 98 municipalities, and towns against outskirts.

Belongs here: figures of places in the whole country. Not here: one municipality's page (municipality.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.report.charts.lines import line_chart
from assets.report.charts.tiles import tile_chart
from assets.report.findings import scope as say
from assets.report.language import SUPPRESSED_MARK, Language
from assets.report.model import Figure
from assets.report.sections.parts import figure, table
from assets.report.status import is_protected, status_of
from assets.report.theme import ACCENT, RSV
from assets.report.tier import Tier

COUNTS = (0, 1, 3, 6, 11, 21)
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)


def supply(tier: Tier) -> pd.DataFrame:
    """The supply of the last whole year, one row a municipality, in order of code."""
    return tier.rows("supply_by_municipality", year=tier.last_whole_year).sort_values("municipality_code")


def classes_of(values: pd.Series, starts: Sequence[float]) -> pd.Series:
    """The class of each value: the last start not above it; null stays null."""
    found = pd.Series(np.searchsorted(starts, values.astype(float), side="right") - 1, index=values.index, dtype=float)
    return found.where(values.notna())


def registered_map(tier: Tier, language: Language) -> Figure:
    """Registered RSV by municipality: public facts, every tile has a number."""
    rows = supply(tier)
    names = [
        str(start) if start == 0 or end - start == 1 else f"{start}–{end - 1}"
        for start, end in itertools.pairwise(COUNTS)
    ]
    names.append(language.pick(f"{COUNTS[-1]} og flere", f"{COUNTS[-1]} and more"))
    shown = pd.DataFrame(
        {
            "code": rows["municipality_code"],
            "level": classes_of(rows["rsv_registered"], COUNTS),
            "written": [language.shown(value, "ok") for value in rows["rsv_registered"]],
            "is_hidden": False,
        }
    )
    title = language.pick(f"Registrerede virksomheder i hver kommune, {tier.last_whole_year}", f"Registered enterprises in each municipality, {tier.last_whole_year}")  # fmt: skip
    columns = [language.pick("Kommune", "Municipality"), language.pick("Registreret", "Registered"), language.pick("Aktive", "Active")]  # fmt: skip
    body = [
        [
            tier.labels.of("municipality_code", row["municipality_code"], language),
            language.shown(row["rsv_registered"], "ok"),
            language.shown(row["rsv_active"], "ok"),
        ]
        for _, row in rows.iterrows()
    ]
    return figure(
        "kort-registret", title, say.where_registered(rows, tier, language), table(title, columns, body),
        ["supply_by_municipality"], lambda size: tile_chart(shown, names, size, language), language,
        note=language.pick("Hver kommune er én lige stor firkant, omtrent der hvor den ligger. Tallet er antallet af virksomheder.", "Each municipality is one tile of equal size, roughly where it lies. The number counts enterprises."),
    )  # fmt: skip


def placed_map(tier: Tier, language: Language) -> Figure:
    """People placed at RSV as a share of all placed, by municipality, protected tiles apart."""
    rows = supply(tier).copy()
    placed = rows["persons_in_placement"].astype(float)
    rows["part"] = rows["persons_in_rsv"].astype(float) / placed.where(placed > 0)
    rows["is_hidden"] = is_protected(rows, "persons_in_rsv") | is_protected(rows, "persons_in_placement")
    sign = language.pick("\u00a0%", "%")
    names = [f"{100 * low:.0f}–{100 * high:.0f}{sign}" for low, high in itertools.pairwise(SHARES)]
    names.append(language.pick(f"{100 * SHARES[-1]:.0f} % og over", f"{100 * SHARES[-1]:.0f}% and over"))
    shown = pd.DataFrame(
        {
            "code": rows["municipality_code"],
            "level": classes_of(rows["part"], SHARES),
            "written": [language.shown(100 * part, "ok") for part in rows["part"]],
            "is_hidden": rows["is_hidden"],
        }
    )
    title = language.pick(f"Andel af borgere i forløb, der er i en RSV, {tier.last_whole_year}", f"Share of citizens in placements who are at an RSV, {tier.last_whole_year}")  # fmt: skip
    columns = [language.pick("Kommune", "Municipality"), language.pick("Borgere i forløb", "Citizens in placements"), language.pick("Heraf i RSV", "Of these at RSV"), language.pick("Andel", "Share")]  # fmt: skip
    body = [
        [
            tier.labels.of("municipality_code", row["municipality_code"], language),
            language.shown(row["persons_in_placement"], status_of(row, "persons_in_placement")),
            language.shown(row["persons_in_rsv"], status_of(row, "persons_in_rsv")),
            language.shown(row["part"], status_of(row, "part"), lambda value: language.percent(value, 0)),
        ]
        for _, row in rows.iterrows()
    ]
    return figure(
        "kort-forloeb", title, say.where_placed(rows, language), table(title, columns, body),
        ["supply_by_municipality"], lambda size: tile_chart(shown, names, size, language), language,
        note=language.pick(f"Efter ansvarlig kommune, i årets løb. {SUPPRESSED_MARK}: beskyttet, hverken nul eller lille. – og stiplet kant: ingen borgere i forløb.", f"By responsible municipality, in the course of the year. {SUPPRESSED_MARK}: protected, neither zero nor small. – and a dashed edge: no citizens in placements."),
    )  # fmt: skip


def towns_and_outskirts(tier: Tier, language: Language) -> Figure:
    """Registered RSV per 1,000 people of the target groups, by year."""
    rows = tier.whole_years(tier.tables["supply_inequality"])
    names = {"rate_towns": language.pick("Byer", "Towns"), "rate_outskirts": language.pick("Yderområder", "Outskirts")}
    long = rows.melt("year", list(names), "measure", "y")
    long = pd.DataFrame({"x": long["year"].astype(str), "y": long["y"].astype(float), "series": long["measure"].map(names)})  # fmt: skip
    last = rows.iloc[-1] if len(rows) else None
    title = language.pick("Byer og yderområder: registrerede virksomheder pr. 1.000 borgere i målgruppen", "Towns and outskirts: registered enterprises per 1,000 citizens of the target groups")  # fmt: skip
    columns = [language.pick("År", "Year"), *names.values(), language.pick("Forhold", "Ratio"), language.pick("95 %-interval", "95% interval"), "Gini", language.pick("Gini ved tilfælde", "Gini by chance")]  # fmt: skip

    def two(value: float) -> str:
        return language.number(value, 2)

    body = [
        [
            str(row["year"]),
            *(
                language.shown(row[name], status_of(row, name), lambda value: language.number(value, 1))
                for name in names
            ),
            language.shown(row["ratio"], status_of(row, "ratio"), two),
            language.interval(row["ratio_lower"], row["ratio_upper"], two),
            *(language.shown(row[name], status_of(row, name), two) for name in ("gini", "gini_by_chance")),
        ]
        for _, row in rows.iterrows()
    ]
    return figure(
        "byer", title, say.towns(last, language), table(title, columns, body), ["supply_inequality"],
        (lambda size: line_chart(long, dict(zip(names.values(), (RSV, ACCENT), strict=True)), size, language)) if len(rows) else None, language,
        note=language.pick("Byer: hovedstads-, storby- og provinsbykommuner. Yderområder: oplands- og landkommuner. Gini sammenholdes med, hvad tilfældet alene giver: få virksomheder i 98 kommuner ser ulige ud.", "Towns: capital, large-city and provincial-town municipalities. Outskirts: commuter and rural municipalities. Compare the Gini with what chance alone gives: few enterprises in 98 municipalities look unequal."),
    )  # fmt: skip
