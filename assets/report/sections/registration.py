"""The third design: what happened at the same enterprises before and after they were registered.

Belongs here: figures of the arm `registration`. Not here: effects of a start at an RSV (effect.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from assets.report.charts.curves import curve_chart
from assets.report.charts.dots import dot_chart
from assets.report.findings import registration as say
from assets.report.findings.effect import gate_of
from assets.report.findings.reasons import reason
from assets.report.grammar import sentence
from assets.report.language import Language, is_known
from assets.report.model import Figure
from assets.report.sections.effect_rows import forest_rows
from assets.report.sections.parts import figure, table
from assets.report.status import is_protected, status_of
from assets.report.theme import RSV
from assets.report.tier import Tier

ARM: Final = "registration"
ORDER: Final = ("work_trial_and_wage_subsidy", "guidance_and_upskilling", "guidance_upskilling")
OUTCOMES: Final = ("employed", "ordinary_hours")
SHARE: Final = "employed"
MONTHS: Final = (-30, 18)


def estimates(tier: Tier, language: Language) -> pd.DataFrame:
    """Rows of the design with `label`: a family and group of instruments after the other, shares before hours."""
    rows = tier.rows("effect_estimates", arm=ARM, subgroup="all", specification="main")
    rows = rows[rows["outcome"].isin(OUTCOMES) & rows["instrument"].isin(ORDER)]
    return _ordered(rows).assign(label=[_group(row, tier, language) for _, row in _ordered(rows).iterrows()])


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    keys = {"outcome": OUTCOMES, "instrument": ORDER}
    placed = rows.assign(**{f"{name}_at": rows[name].map(order.index) for name, order in keys.items()})
    return placed.sort_values(["outcome_at", "family", "instrument_at"], kind="stable").drop(columns=[f"{name}_at" for name in keys])  # fmt: skip


def _group(row: pd.Series, tier: Tier, language: Language) -> str:
    return f"{tier.labels.of('instrument', row['instrument'], language)}, {tier.labels.of('family', row['family'], language).lower()}"


def _written(outcome: str, language: Language) -> Callable[[float], str]:
    """Percentage points of a share, hours of hours."""
    if outcome == SHARE:
        return language.points
    return lambda value: f"{language.signed(value)}\u00a0{language.pick('timer', 'hours')}"


def result(tier: Tier, language: Language) -> Figure:
    """Every estimate of the design: gate before result, why where it is not passed or there is none; shares in the picture, hours in the table beside."""
    rows = estimates(tier, language)
    shares = rows[rows["outcome"] == SHARE]
    body = []
    for _, row in rows.iterrows():
        write, status = _written(row["outcome"], language), status_of(row, "estimate")
        body.append(
            [
                f"{tier.labels.of('outcome', row['outcome'], language)}: {row['label'][:1].lower()}{row['label'][1:]}",
                tier.labels.of("gate", gate_of(row), language),
                language.shown(row["estimate"], status, write),
                language.interval(row["low"], row["high"], write) if is_known(row["estimate"]) else language.shown(None, status),
                language.shown(row["enterprises"], status_of(row, "enterprises")),
                sentence(reason(row["reason"], tier.labels, language, row["outcome"] == SHARE)),
            ]
        )  # fmt: skip
    title = language.pick("Før og efter registrering: de samme virksomheder", "Before and after registration: the same enterprises")  # fmt: skip
    columns = ["", language.pick("Port", "Gate"), language.pick("Effekt", "Effect"), language.pick("95 %-interval", "95% interval"), language.pick("Registrerede virksomheder", "Registered enterprises"), language.pick("Hvorfor", "Why")]  # fmt: skip
    axis, missing = language.pick("procentpoint", "percentage points"), language.pick("ikke beregnet", "not estimated")
    shown = forest_rows(shares, tier)
    return figure(
        "registrering", title, say.summary(rows, language), table(title, columns, body, words=(1, 5)), ["effect_estimates"],
        (lambda size: dot_chart(shown, {"rsv": RSV}, size, language, "points", axis, missing)) if len(shown) else None, language,
        note=language.pick("I ordinært arbejde 12 måneder efter borgerens start; timer står i tabellen. Fyldt: porten er bestået. Hul: porten er ikke bestået, og tallet må ikke læses som en effekt. Streg: 95 %-interval.", "In ordinary work 12 months after the citizen's start; hours stand in the table. Filled: the gate is passed. Hollow: it is not, and the figure may not be read as an effect. Line: 95% interval."),
        points=[] if is_protected(shares, "estimate").all() else [f"{row['label']}: {_lower(say.one(row, tier, language))}" for _, row in shares.iterrows()],
    )  # fmt: skip


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def by_half_year(tier: Tier, language: Language) -> Figure:
    """The same comparison by half-year from the registration, with bands; what is hidden or cannot be made has no mark."""
    rows = tier.rows("effect_curves", arm=ARM)
    rows = _ordered(rows[rows["outcome"].isin(OUTCOMES) & rows["instrument"].isin(ORDER)])
    panels, body = [], []
    for (outcome, family, instrument), part in rows.groupby(["outcome", "family", "instrument"], sort=False):
        mine = part.sort_values("event_month")
        name = tier.labels.of("instrument", instrument, language)
        if outcome == SHARE and mine["low"].notna().any():
            panels.append((name if family == "A" else f"{name} ({family})", mine))
        write = _written(str(outcome), language)
        for _, row in mine.iterrows():
            is_base = row["event_month"] == say.BASE and is_known(row["estimate"]) and not is_known(row["low"])
            none = language.pick("sammenligningsgrundlag", "base of comparison") if is_base else language.shown(None, status_of(row, "estimate"))  # fmt: skip
            body.append(
                [
                    f"{tier.labels.of('outcome', outcome, language)}: {_lower(_group(row, tier, language))}, {language.pick('måned', 'month')} {language.number(row['event_month'])}",
                    language.shown(row["estimate"], status_of(row, "estimate"), write),
                    *(language.interval(row[low], row[high], write) if is_known(row[low]) else none for low, high in (("low", "high"), ("band_low", "band_high"))),
                ]
            )  # fmt: skip
    title = language.pick("Halvår for halvår: før og efter registrering", "Half-year by half-year: before and after registration")  # fmt: skip
    columns = ["", language.pick("Effekt", "Effect"), language.pick("95 %-interval", "95% interval"), language.pick("95 %-bånd", "95% band")]  # fmt: skip
    axis = language.pick("måneder fra registrering", "months from the registration")
    return figure(
        "registrering-halvaar", title, say.curves(rows[rows["outcome"] == SHARE], language), table(title, columns, body), ["effect_curves"],
        (lambda size: curve_chart(panels, size, language, "points", axis, MONTHS)) if panels else None, language,
        note="" if not panels else language.pick("Procentpoint, i ordinært arbejde 12 måneder efter borgerens start. Punktet i måned −6 er nul, fordi halvåret før registreringen er sammenligningsgrundlaget. Lodret streg: 95 %-interval. Bred streg: bånd, der rummer hele kurven med 95 % sikkerhed. Halvår uden mærke er beskyttet eller kunne ikke beregnes.", "Percentage points, in ordinary work 12 months after the citizen's start. The point in month −6 is zero, for the half-year before the registration is the base. Vertical line: 95% interval. Broad line: a band that holds the whole curve with 95% confidence. Half-years without a mark are protected or could not be made."),
    )  # fmt: skip
