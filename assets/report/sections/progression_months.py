"""The same spells followed all the way: hours by month from the start, and from which band to which.

Belongs here: figures of the fixed cohort in hours_by_event_month. Not here: all who are followed to a horizon (progression.py).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from assets.report.charts.months import month_chart
from assets.report.charts.stacked import stacked_chart
from assets.report.findings import progression_months as say
from assets.report.grammar import paragraph
from assets.report.language import SUPPRESSED_MARK, Language
from assets.report.model import Figure
from assets.report.sections.bands import band_colours, band_names, band_row, spread
from assets.report.sections.parts import figure, table
from assets.report.status import is_protected, status_of
from assets.report.theme import OTHER, RSV
from assets.report.tier import Tier

TABLE: Final = "hours_by_event_month"
KINDS: Final = {"rsv": RSV, "other": OTHER}
MONTH: Final = 12


def event_months(tier: Tier, language: Language) -> Figure:
    """Mean ordinary hours a month from a year before the start to two years after, RSV and others."""
    by_kind = {kind: tier.rows(TABLE, enterprise_kind=kind, baseline_band="all").sort_values("event_month") for kind in KINDS}  # fmt: skip
    names = {kind: tier.labels.of("kind_short", kind, language) for kind in KINDS}
    shown = pd.concat(
        [
            pd.DataFrame({"month": part["event_month"].astype(int), "y": part["mean_hours"], "series": names[kind], "is_hidden": is_protected(part, "mean_hours")})
            for kind, part in by_kind.items()
        ],
        ignore_index=True,
    )  # fmt: skip
    columns = [language.pick("Måned", "Month")]
    for name in names.values():
        columns += [f"{name}, {language.pick('forløb', 'placements')}", f"{name}, {language.pick('timer', 'hours')}"]
    is_drawn = bool(shown["y"].notna().any())
    # Without a line the table stands open: half-years are enough to say that all is hidden.
    months = [month for month in sorted(set(shown["month"])) if is_drawn or month % 6 == 0]
    by_month = [{int(row["event_month"]): row for _, row in part.iterrows()} for part in by_kind.values()]
    body = [[language.number(month), *(cell for rows in by_month for cell in _cells(rows.get(month), language))] for month in months]  # fmt: skip
    title = language.pick("Måned for måned: ordinære timer før og efter start", "Month by month: ordinary hours before and after the start")  # fmt: skip
    axis = language.pick("måneder fra start", "months from the start")
    return figure(
        "timer-maaned", title, say.event_months(by_kind, language), table(title, columns, body), [TABLE],
        (lambda size: month_chart(shown, {names[kind]: colour for kind, colour in KINDS.items()}, size, language, axis, language.pick("start", "start"))) if is_drawn else None, language,
        note=_note(bool(shown["is_hidden"].any()) and is_drawn, language),
    )  # fmt: skip


def _note(has_gap: bool, language: Language) -> str:
    who = language.pick("De samme forløb i alle måneder: dem, hvor alle måneder fra 12 før til 24 efter start er observeret, også hvor borgeren var i arbejde før. Den, der er død, udvandret eller gået på pension, tæller nul timer.", "The same placements in every month: those of which all months from 12 before to 24 after the start are observed, also where the citizen was in work before. Who has died, emigrated or retired counts zero hours.")  # fmt: skip
    gap = language.pick(f"{SUPPRESSED_MARK}: måneder, der er beskyttet; hvor højt mærket står, siger intet.", f"{SUPPRESSED_MARK}: months that are protected; how high the mark stands says nothing.")  # fmt: skip
    return paragraph(who, gap if has_gap else "")


def _cells(row: pd.Series | None, language: Language) -> list[str]:
    if row is None:
        return [language.shown(None, "ok")] * 2
    return [
        language.shown(row["spells"], status_of(row, "spells")),
        language.shown(row["mean_hours"], status_of(row, "mean_hours"), lambda value: language.number(value, 1)),
    ]


def transitions(tier: Tier, language: Language) -> Figure:
    """From the band before the start to the band twelve months after: RSV, and all enterprises below, whose rows fewer hide."""
    names = band_names(tier, language)
    rows = tier.rows(TABLE, event_month=MONTH)
    rows = rows[rows["baseline_band"] != "all"].sort_values("baseline_band")
    mine = rows[rows["enterprise_kind"] == "rsv"]
    lines = [
        (row, f"{tier.labels.of('kind_short', kind, language)}: {_small(tier.labels.of('baseline_band', row['baseline_band'], language))}")
        for kind in ("rsv", "all")
        for _, row in rows[rows["enterprise_kind"] == kind].iterrows()
    ]  # fmt: skip
    parts = [part for row, label in lines for part in spread(row, label, names)]
    body = [band_row(row, label, language) for row, label in lines]
    title = language.pick("Fra timebånd før start til timebånd 12 måneder efter", "From the band of hours before the start to the band 12 months after")  # fmt: skip
    columns = ["", language.pick("Forløb", "Placements"), *names.values()]
    return figure(
        "overgange", title, say.transitions(mine, tier, language), table(title, columns, body), [TABLE],
        (lambda size: stacked_chart(pd.DataFrame(parts), band_colours(names), size, language)) if parts else None, language,
        note=language.pick("En bjælke for hvert timebånd før start: gennemsnittet af de tre måneder før. Farven er båndet i måned 12. De samme forløb som i figuren måned for måned.", "One bar for each band of hours before the start: the mean of the three months before. The colour is the band in month 12. The same placements as in the figure month by month."),
    )  # fmt: skip


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
