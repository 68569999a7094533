"""What the effect is worth: when lost hours are won back, and kroner per start from documented prices.

Belongs here: the break-even month and kroner. Not here: the effect itself (effect.py), the prices (prices.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.charts.curves import curve_chart
from assets.report.findings import effect as say
from assets.report.grammar import not_told, paragraph, sentence
from assets.report.language import OK, Language, is_known
from assets.report.model import Figure
from assets.report.prices import Price, in_kroner, read_prices
from assets.report.sections.effect_rows import FAMILY, groups, main_rows
from assets.report.sections.parts import figure, table
from assets.report.status import status_of
from assets.report.tier import Tier

LAST = 24


def break_even(tier: Tier, language: Language) -> Figure:
    """Hours in all by month, and the month from which what was lost during the placement is won back."""
    rows = tier.rows("effect_curves", outcome="cumulative_hours", family=FAMILY)
    estimates = main_rows(tier)
    panels, told, body = [], [], []
    pairs = groups(estimates)
    for arm, instrument in pairs:
        mine = rows[(rows["arm"] == arm) & (rows["instrument"] == instrument)].sort_values("event_month")
        name = tier.labels.comparison(arm, instrument, language)
        found = _estimate(estimates, arm, instrument, "break_even_month")
        text = say.break_even(found, tier, language)
        gate = (
            ""
            if found is None or not is_known(found["estimate"])
            else f" {tier.labels.of('gate_long', say.gate_of(found), language)}."
        )
        told.append(f"{name}: {text[:1].lower()}{text[1:]}{gate}")
        if mine["estimate"].notna().any():
            panels.append((name, mine))
        last = mine[mine["event_month"] == LAST]
        end = last.iloc[0] if len(last) == 1 else None
        body.append(
            [
                name,
                *_hours(end, language),
                _month(found, language),
                "" if found is None else tier.labels.of("gate", say.gate_of(found), language),
            ]
        )
    title = language.pick("Hvornår er de tabte timer indhentet?", "When are the hours lost won back?")
    columns = ["", language.pick("Timer i alt, måned 24", "Hours in all, month 24"), language.pick("95 %-interval", "95% interval"), language.pick("Indhentet fra måned", "Won back from month"), language.pick("Port", "Gate")]  # fmt: skip
    axis = language.pick("måneder fra start", "months from the start")
    return figure(
        "break-even", title, _summary(estimates, pairs, language), table(title, columns, body, words=(4,)), ["effect_estimates", "effect_curves"],
        (lambda size: curve_chart(panels, size, language, "number", axis)) if panels else None, language,
        note=language.pick("Forskel i ordinære timer i alt siden start. Mens forløbet varer, arbejder mange mindre, end de ellers ville; kurven krydser nul, når det er indhentet.", "Difference in ordinary hours in all since the start. During the placement many work less than they otherwise would; the curve crosses zero when that is won back."),
        points=told,
    )  # fmt: skip


def _summary(rows: pd.DataFrame, pairs: list[tuple[str, str]], language: Language) -> str:
    """In how many of the comparisons that could be made the hours are won back: a comparison without an estimate says neither."""
    found = [row for pair in pairs if (row := _estimate(rows, *pair, "break_even_month")) is not None]
    won = [row for row in found if is_known(row["estimate"])]
    lost = [row for row in found if "not at zero" in str(row["reason"])]
    total = len(won) + len(lost)
    if not total:
        return not_told(found[0] if found else None, "estimate", language)
    if not won:
        return language.pick(
            f"I ingen af {total} sammenligninger er timerne indhentet inden for {LAST} måneder.",
            f"In none of {total} comparisons are the hours won back within {LAST} months.",
        )
    return language.pick(
        f"I {len(won)} af {total} sammenligninger er timerne indhentet inden for {LAST} måneder.",
        f"In {len(won)} of {total} comparisons the hours are won back within {LAST} months.",
    )


def _hours(row: pd.Series | None, language: Language) -> list[str]:
    if row is None:
        return [language.shown(None, "ok")] * 2
    return [
        language.shown(row["estimate"], status_of(row, "estimate"), lambda value: language.signed(value, 0)),
        language.interval(row["low"], row["high"], lambda value: language.signed(value, 0)),
    ]


def _month(row: pd.Series | None, language: Language) -> str:
    if row is None or status_of(row, "estimate") != OK:
        return language.shown(None, OK if row is None else status_of(row, "estimate"))
    if not is_known(row["estimate"]):
        return language.pick("ikke inden 24", "not by 24")
    return str(int(row["estimate"]))


def _estimate(rows: pd.DataFrame, arm: str, instrument: str, outcome: str, horizon: int = LAST) -> pd.Series | None:
    found = rows[(rows["arm"] == arm) & (rows["instrument"] == instrument) & (rows["outcome"] == outcome) & (rows["horizon"] == horizon) & (rows["estimator"] == "aipw")]  # fmt: skip
    return found.iloc[0] if len(found) == 1 else None


def kroner(tier: Tier, language: Language) -> Figure:
    """Kroner per start within 24 months: wages straight from the payroll, benefits at documented rates; what has no documented price is left out, and named."""
    prices = read_prices()
    used = [price for price in prices if price.of_one() is not None and price.outcome]
    rows = main_rows(tier)
    body = []
    has_passed = False
    for arm, instrument in groups(rows):
        wage = _estimate(rows, arm, instrument, "cumulative_wage_dkk")
        weeks = [_estimate(rows, arm, instrument, str(price.outcome)) for price in used]
        amounts = [_wage(wage), *(in_kroner(price, row) for price, row in zip(used, weeks, strict=True))]
        found = [row for row in (wage, *weeks) if row is not None]
        passed = bool(found) and all(say.gate_of(row) == say.PASSED for row in found)
        has_passed = has_passed or passed
        body.append(
            [
                tier.labels.comparison(arm, instrument, language),
                *(_written(amount, row, language) for amount, row in zip(amounts, (wage, *weeks), strict=True)),
                tier.labels.of("gate", "pass" if passed else "fail", language),
            ]
        )
    title = language.pick("Kroner pr. start inden for 24 måneder", "Kroner per start within 24 months")
    columns = [
        "", language.pick("Løn til borgeren", "Wage to the citizen"),
        *(f"{language.pick('Sparet ydelse', 'Benefit saved')}, {_short(price, language)}" for price in used), language.pick("Port", "Gate"),
    ]  # fmt: skip
    sources = "; ".join(f"{price.text(language)}: {language.number(price.value or 0)} {language.pick(*price.unit)}, {price.year} ({price.source})" for price in used)  # fmt: skip
    note = paragraph(
        language.pick("I parentes: 95 %-interval. Løn: fra eIndkomst, årets priser. Ydelse: hele satsen for hver uge, uden fradrag; en illustration ved to satser.", "In parentheses: 95% interval. Wage: from eIndkomst, prices of the year. Benefit: the whole rate for each week, without deductions; an illustration at two rates."),
        sentence(f"{language.pick('Priskilder', 'Price sources')}: {sources}") if sources else "",
    )  # fmt: skip
    finding = paragraph(_read(has_passed, language), *(_left_out(price, language) for price in prices if price.of_one() is None))  # fmt: skip
    return figure("kroner", title, finding, table(title, columns, body, words=(len(columns) - 1,)), ["effect_estimates"], None, language, note)  # fmt: skip


def _left_out(price: Price, language: Language) -> str:
    text = price.text(language)
    return language.pick(
        f"{text} er ikke med: der er ingen dokumenteret pris. Derfor kan det ikke siges, om et forløb tjener sig hjem.",
        f"{text} is not included: there is no documented price. So whether a placement pays for itself cannot be said.",
    )


def _read(has_passed: bool, language: Language) -> str:
    if has_passed:
        return language.pick(
            "Kun linjer, hvis port er bestået, må læses som en gevinst eller et tab.",
            "Only lines whose gate is passed may be read as a gain or a loss.",
        )
    return language.pick(
        "Ingen af linjerne har bestået porten: de viser størrelsesordenen, ikke en gevinst.",
        "None of the lines has passed the gate: they show the order of magnitude, not a gain.",
    )


def _short(price: Price, language: Language) -> str:
    text = price.text(language)
    return text.split(", ", 1)[1] if ", " in text else text


def _wage(row: pd.Series | None) -> tuple[float, float | None, float | None] | None:
    if row is None or not is_known(row["estimate"]):
        return None
    return float(row["estimate"]), row["low"], row["high"]


def _written(amount: tuple[float, float | None, float | None] | None, row: pd.Series | None, language: Language) -> str:
    if amount is None:
        return language.shown(None, OK if row is None else status_of(row, "estimate"))
    return f"{language.kroner(amount[0])} ({language.interval(amount[1], amount[2], language.kroner)})"
