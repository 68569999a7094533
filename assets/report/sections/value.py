"""What the effect is worth: when lost hours are won back, and kroner per start from documented prices.

Belongs here: the break-even month and kroner. Not here: the effect itself (effect.py), the prices (prices.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.charts.curves import curve_chart
from assets.report.findings import effect as say
from assets.report.grammar import paragraph, sentence
from assets.report.language import Language, is_known
from assets.report.model import Figure
from assets.report.prices import Price, in_kroner, read_prices
from assets.report.sections.effect_rows import FAMILY, groups, main_rows
from assets.report.sections.parts import figure, table
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
        name = f"{arm}: {tier.labels.of('instrument', instrument, language).lower()}"
        found = _estimate(estimates, arm, instrument, "break_even_month")
        text = say.break_even(found, tier, language)
        told.append(f"{name}: {text[:1].lower()}{text[1:]}")
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
        "break-even", title, paragraph(*told), table(title, columns, body, words=(4,)), ["effect_estimates", "effect_curves"],
        (lambda size: curve_chart(panels, size, language, "number", axis)) if panels else None, language,
        note=language.pick("Forskel i ordinære timer i alt siden start. Mens forløbet varer, arbejder mange mindre, end de ellers ville; kurven krydser nul, når det er indhentet.", "Difference in ordinary hours in all since the start. During the placement many work less than they otherwise would; the curve crosses zero when that is won back."),
    )  # fmt: skip


def _hours(row: pd.Series | None, language: Language) -> list[str]:
    if row is None:
        return [language.shown(None, "ok")] * 2
    return [
        language.shown(row["estimate"], row["status"], lambda value: language.signed(value, 0)),
        language.interval(row["low"], row["high"], lambda value: language.signed(value, 0)),
    ]


def _month(row: pd.Series | None, language: Language) -> str:
    if row is None or row["status"] != "ok":
        return language.shown(None, "ok" if row is None else row["status"])
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
    body, told = [], []
    has_passed = False
    for arm, instrument in groups(rows):
        name = f"{arm}: {tier.labels.of('instrument', instrument, language).lower()}"
        wage = _estimate(rows, arm, instrument, "cumulative_wage_dkk")
        body.append(_line(f"{name}: {language.pick('løn til borgeren', 'wage to the citizen')}", _wage(wage), wage, tier, language))  # fmt: skip
        for price in used:
            row = _estimate(rows, arm, instrument, str(price.outcome))
            amount = in_kroner(price, row)
            label = f"{name}: {language.pick('sparet ydelse', 'benefit saved')}, {_short(price, language)}"
            body.append(_line(label, amount, row, tier, language))
            if row is not None and say.gate_of(row) == say.PASSED:
                has_passed = True
    told.append(_read(has_passed, language))
    for price in prices:
        if price.of_one() is None:
            text = price.text(language)
            told.append(
                language.pick(
                    f"{text} er ikke med: der findes ingen dokumenteret pris. Derfor kan det ikke siges, om et forløb tjener sig hjem.",
                    f"{text} is not included: there is no documented price. So whether a placement pays for itself cannot be said.",
                )
            )
    title = language.pick("Kroner pr. start inden for 24 måneder", "Kroner per start within 24 months")
    columns = ["", language.pick("Kroner pr. start", "Kroner per start"), language.pick("95 %-interval", "95% interval"), language.pick("Port", "Gate")]  # fmt: skip
    sources = "; ".join(sentence(f"{price.text(language)}: {language.number(price.value or 0)} {language.pick(*price.unit)}, {price.year}. {price.source}") for price in used)  # fmt: skip
    note = paragraph(
        language.pick("Løn: fra eIndkomst, årets priser. Ydelse: hele satsen for hver uge, uden fradrag; en illustration ved to satser.", "Wage: from eIndkomst, prices of the year. Benefit: the whole rate for each week, without deductions; an illustration at two rates."),
        f"{language.pick('Priskilder', 'Price sources')}: {sources}" if sources else "",
    )  # fmt: skip
    return figure("kroner", title, paragraph(*told), table(title, columns, body, words=(3,)), ["effect_estimates"], None, language, note)  # fmt: skip


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


def _line(
    label: str, amount: tuple[float, float | None, float | None] | None, row: pd.Series | None, tier: Tier, language: Language
) -> list[str]:  # fmt: skip
    status = "ok" if row is None else str(row["status"])
    if amount is None:
        mark = language.shown(None, status)
        return [label, mark, mark, "" if row is None else tier.labels.of("gate", say.gate_of(row), language)]
    gate = "" if row is None else tier.labels.of("gate", say.gate_of(row), language)
    return [label, language.kroner(amount[0]), language.interval(amount[1], amount[2], language.kroner), gate]
