"""What the same spells show month by month, and from which band of hours to which.

Belongs here: sentences about a fixed cohort. Not here: choosing rows (sections/progression_months.py), horizons (progression.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from assets.report.findings.progression import not_an_effect
from assets.report.grammar import not_told, paragraph, protected_rows
from assets.report.language import SUPPRESSED_MARK, Language, is_known
from assets.report.status import is_protected, state, status_of
from assets.report.tier import Tier

BANDS: Final = ("band_0", "band_1", "band_2", "band_3", "band_4")
# Before the start 39 hours and over are one band.
HIGHEST: Final = 2
BASE_BANDS: Final = ("timebånd før start", "band of hours before the start")
MONTHS: Final[Mapping[int, tuple[str, str]]] = {
    -12: ("ordinære timer om måneden et år før start", "ordinary hours a month a year before the start"),
    -1: ("måneden før", "the month before"),
    12: ("et år efter", "a year after"),
    24: ("to år efter", "two years after"),
}


def event_months(rows: Mapping[str, pd.DataFrame], language: Language) -> str:
    """Mean hours before the start, at 12 and at 24 months, for each kind. `rows`: kind -> rows of one cohort by event_month."""
    told = []
    for kind, part in rows.items():
        by_month = {int(row["event_month"]): row for _, row in part.iterrows()}
        if part["mean_hours"].notna().sum() == 0:
            continue
        name = {
            "rsv": language.pick("I registrerede socialøkonomiske virksomheder", "At registered social enterprises"),
            "other": language.pick("I andre virksomheder", "At other enterprises"),
        }[kind]
        known = part["spells"].dropna()
        spells = f" ({language.number(known.iloc[0])} {language.pick('forløb', 'placements')})" if len(known) else ""
        said = []
        for month, when in MONTHS.items():
            row = by_month.get(month)
            number = language.shown(None, "ok") if row is None else language.shown(row["mean_hours"], status_of(row, "mean_hours"), lambda value: language.number(value, 1))  # fmt: skip
            said.append(f"{number} {language.pick(*when)}")
        told.append(f"{name}{spells} {language.pick('var gennemsnittet', 'the mean was')} {language.listing(said)}.")
    if told:
        return paragraph(*told, not_an_effect(language))
    return not_told(next((part.iloc[0] for part in rows.values() if len(part)), None), "mean_hours", language)


def transitions(rows: pd.DataFrame, tier: Tier, language: Language) -> str:
    """Where those under one hour before have come, and how many moved up, down or stayed. `rows`: RSV twelve months after, one a baseline band."""
    lowest = rows[rows["baseline_band"] == "0"]
    return paragraph(_lowest(lowest.iloc[0] if len(lowest) == 1 else None, tier, language), _moves(rows, language))


def _lowest(row: pd.Series | None, tier: Tier, language: Language) -> str:
    if row is None or state(row, "band_0") != "ok" or not is_known(row["spells"]) or not row["spells"]:
        told = not_told(row, "band_0", language)
        return language.pick(f"Under én time før start: {told[0].lower()}{told[1:]}", f"Under one hour before the start: {told[0].lower()}{told[1:]}")  # fmt: skip
    spells = float(row["spells"])

    def part(band: str) -> str:
        name = tier.labels.of("band", band, language)
        return (
            f"{name[:1].lower()}{name[1:]} {language.number(row[band])} ({language.percent(float(row[band]) / spells)})"
        )

    moved = language.listing([part(band) for band in BANDS[1:]])
    stayed = f"{language.number(row['band_0'])} ({language.percent(float(row['band_0']) / spells)})"
    return language.pick(
        f"Af {language.number(spells)} forløb i RSV med under én ordinær time om måneden før start lå {stayed} stadig under én time 12 måneder efter. De øvrige: {moved}; død, udvandret eller gået på pension: {language.number(row['exited'])}.",
        f"Of {language.number(spells)} placements at RSV with less than one ordinary hour a month before the start, {stayed} were still under one hour 12 months after. The others: {moved}; died, emigrated or retired: {language.number(row['exited'])}.",
    )


def _moves(rows: pd.DataFrame, language: Language) -> str:
    """Up, down and stayed, of the baseline bands that are shown."""
    hidden = is_protected(rows, "band_0")
    shown = rows[~hidden & rows["band_0"].notna()]
    told = protected_rows(int(hidden.sum()), language, BASE_BANDS, ("timebånd før start", "bands of hours before the start"))  # fmt: skip
    if shown.empty:
        return told
    up = down = stayed = 0
    for _, row in shown.iterrows():
        base = int(row["baseline_band"])
        for band, column in enumerate(BANDS):
            now, number_there = min(band, HIGHEST), int(row[column])
            up, stayed, down = up + number_there * (now > base), stayed + number_there * (now == base), down + number_there * (now < base)  # fmt: skip
    total, number = int(shown["spells"].sum()), language.number
    of = (
        language.pick(f"Af alle {number(total)} forløb", f"Of all {number(total)} placements")
        if hidden.sum() == 0
        else language.pick(f"Af de {number(total)} forløb, hvis timebånd kan vises ({SUPPRESSED_MARK} tæller ikke med)", f"Of the {number(total)} placements whose bands can be shown ({SUPPRESSED_MARK} not counted)")
    )  # fmt: skip
    return paragraph(
        language.pick(
            f"{of}, lå {number(up)} i et højere bånd end før start, {number(stayed)} i det samme og {number(down)} i et lavere."
            if hidden.sum()
            else f"{of} lå {number(up)} i et højere bånd end før start, {number(stayed)} i det samme og {number(down)} i et lavere.",
            f"{of}, {number(up)} were in a higher band than before the start, {number(stayed)} in the same and {number(down)} in a lower one.",
        ),
        told,
    )
