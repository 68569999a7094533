"""Effect: the gate before the result, the primary question and the same question asked otherwise, curves, subgroups.

Belongs here: figures of effect. Not here: what the effect is worth (value.py), why a number is missing (limits.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.charts.curves import curve_chart
from assets.report.charts.dots import dot_chart
from assets.report.charts.stacked import stacked_chart
from assets.report.findings import effect as say
from assets.report.findings.reasons import reason
from assets.report.grammar import paragraph, sentence
from assets.report.language import Language, is_known
from assets.report.model import Figure, Section
from assets.report.sections import registration
from assets.report.sections.effect_rows import (
    ARMS,
    FAMILY,
    HORIZON,
    forest_rows,
    groups,
    main_rows,
    outcomes,
    primary,
    questions,
    subgroups,
)
from assets.report.sections.parts import figure, table
from assets.report.sections.value import break_even, kroner
from assets.report.status import is_protected, status_of
from assets.report.theme import ACCENT, EXITED, RSV, RULE
from assets.report.tier import Tier

GATES = {"pass": RSV, "fail": ACCENT, "not_checked": EXITED, "not_estimated": RULE, "suppressed": "#f6f5f1"}


def section(tier: Tier, language: Language) -> Section:
    """Effect: what changed because of it, and whether that may be said."""
    return Section(
        "effekt",
        language.pick("Effekt: hvad har RSV ændret?", "Effect: what did RSV change?"),
        (
            language.pick(
                "Progression viser, hvad der skete. Effekt spørger, hvad der ville være sket ellers. Borgere, der starter i en RSV, sammenlignes med lignende borgere, der starter det samme tilbud i en anden virksomhed (RSV mod andre), og med lignende borgere, der ikke starter noget nu (nu mod ikke nu). Til sidst sammenlignes virksomhederne med sig selv, før og efter de blev registreret.",
                "Progression shows what happened. Effect asks what would have happened otherwise. Citizens who start at an RSV are compared with similar citizens who start the same instrument at another enterprise (RSV against other), and with similar citizens who start nothing now (now against not now). Last, the enterprises are compared with themselves, before and after they were registered.",
            ),
            language.pick(
                "Metode, udfald og grænser er skrevet ned, før resultaterne blev set. Hvert estimat skal gennem en port af prøver: ligner grupperne hinanden, er der nok at sammenligne med, findes der en falsk effekt før start? Alt offentliggøres, også det, der ikke består.",
                "Method, outcomes and limits were written down before the results were seen. Every estimate must pass a gate of tests: are the groups alike, is there enough to compare with, is there a false effect before the start? Everything is published, also what does not pass.",
            ),
        ),
        (
            gates(tier, language),
            result(tier, language),
            curves(tier, language),
            all_outcomes(tier, language),
            by_subgroup(tier, language),
            registration.result(tier, language),
            registration.by_half_year(tier, language),
            break_even(tier, language),
            kroner(tier, language),
        ),
    )


def gates(tier: Tier, language: Language) -> Figure:
    """Verdicts of every estimate of the whole groups, by contrast and instrument, with the reason at the main question."""
    rows = main_rows(tier)
    names = {gate: tier.labels.of("gate", gate, language) for gate in GATES}
    parts, body = [], []
    for arm, instrument in groups(rows):
        mine = rows[(rows["arm"] == arm) & (rows["instrument"] == instrument)]
        label = f"{tier.labels.of('arm', arm, language)}: {tier.labels.of('instrument', instrument, language).lower()}"
        short = tier.labels.comparison(arm, instrument, language)
        found = mine.apply(say.gate_of, axis=1)
        parts += [{"label": short, "part": name, "share": float((found == gate).mean()), "is_hidden": False} for gate, name in names.items()]  # fmt: skip
        asked = mine[(mine["outcome"] == "employed") & (mine["horizon"] == HORIZON) & (mine["estimator"] == "aipw")]
        one = asked.iloc[0] if len(asked) == 1 else None
        body.append(
            [
                label,
                *(language.number(int((found == gate).sum())) for gate in ("pass", "fail", "not_estimated")),
                language.shown(None, "ok") if one is None else names[say.gate_of(one)],
                "" if one is None else sentence(reason(one["reason"], tier.labels, language, True)),
            ]
        )
    columns = [
        language.pick("Sammenligning", "Comparison"), names["pass"], names["fail"], names["not_estimated"],
        language.pick("I arbejde efter 12 måneder", "In work after 12 months"), language.pick("Hvorfor", "Why"),
    ]  # fmt: skip
    used = [name for gate, name in names.items() if any(part["part"] == name and part["share"] for part in parts)]
    shown = pd.DataFrame([part for part in parts if part["part"] in used])
    colours = {names[gate]: colour for gate, colour in GATES.items() if names[gate] in used}
    title = language.pick("Porten: hvilke estimater må læses som en effekt?", "The gate: which estimates may be read as an effect?")  # fmt: skip
    note = language.pick("Mod andre: start i en RSV mod start i en anden virksomhed. Mod ikke nu: start i en RSV nu mod ingen start nu. Andel af alle estimater for hele grupper, alle udfald og tidspunkter.", "Against other: starting at an RSV against starting at another enterprise. Against not now: starting at an RSV now against no start now. Share of all estimates of whole groups, all outcomes and months.")  # fmt: skip
    return figure(
        "port", title, say.gates(rows, language), table(title, columns, body, words=(4, 5)), ["effect_estimates"],
        (lambda size: stacked_chart(shown, colours, size, language)) if len(shown) else None, language, note,
    )  # fmt: skip


def result(tier: Tier, language: Language) -> Figure:
    """The primary estimate, and the same question with another estimator, sample, outcome and comparison."""
    asked = questions(tier, language)
    shown = forest_rows(asked, tier)
    title = language.pick("Hovedspørgsmålet: i ordinært arbejde 12 måneder efter start", "The main question: in ordinary work 12 months after the start")  # fmt: skip
    others = asked.iloc[1:] if len(asked) else asked
    more = language.pick("Samme spørgsmål stillet anderledes:", "The same question asked otherwise:")
    finding = paragraph(
        say.verdict(primary(tier), tier, language), f"{more} {_lower(say.forest(others, language))}" if len(others) else ""
    )  # fmt: skip
    return _forest(tier, language, "hovedresultat", title, finding, asked, shown)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _forest(tier: Tier, language: Language, name: str, title: str, finding: str, rows: pd.DataFrame, shown: pd.DataFrame) -> Figure:  # fmt: skip
    columns = ["", language.pick("Effekt, procentpoint", "Effect, percentage points"), language.pick("95 %-interval", "95% interval"), language.pick("Starter i RSV", "Starts at RSV"), language.pick("Port", "Gate")]  # fmt: skip
    body = [
        [
            row["label"],
            language.shown(row["estimate"], status_of(row, "estimate"), lambda value: language.signed(100 * value)),
            language.interval(row["low"], row["high"], lambda value: language.signed(100 * value)) if is_known(row["estimate"]) else language.shown(None, status_of(row, "estimate")),
            language.shown(row["treated"], status_of(row, "treated")),
            tier.labels.of("gate", say.gate_of(row), language),
        ]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    axis = language.pick("procentpoint", "percentage points")
    missing = language.pick("ikke beregnet", "not estimated")
    note = language.pick("Fyldt: porten er bestået. Hul: porten er ikke bestået, og tallet må ikke læses som en effekt. Streg: 95 %-interval.", "Filled: the gate is passed. Hollow: it is not, and the figure may not be read as an effect. Line: 95% interval.")  # fmt: skip
    return figure(
        name, title, finding, table(title, columns, body, words=(4,)), ["effect_estimates"],
        (lambda size: dot_chart(shown, {"rsv": RSV}, size, language, "points", axis, missing)) if len(shown) else None, language, note,
    )  # fmt: skip


def all_outcomes(tier: Tier, language: Language) -> Figure:
    """Every outcome that is a share, at twelve months, for the primary comparison."""
    rows = outcomes(tier, language)
    title = language.pick("Andre udfald efter 12 måneder, RSV mod andre virksomheder", "Other outcomes after 12 months, RSV against other enterprises")  # fmt: skip
    return _forest(tier, language, "udfald", title, say.forest(rows, language), rows, forest_rows(rows, tier))


def by_subgroup(tier: Tier, language: Language) -> Figure:
    """The primary outcome for parts of the group; those too small to be estimated are named and stand in the table."""
    rows = subgroups(tier, language)
    title = language.pick("For hvem? Hovedspørgsmålet i undergrupper", "For whom? The main question in subgroups")
    is_missing = rows["estimate"].isna() & ~is_protected(rows, "estimate")
    finding = paragraph(say.forest(rows, language), say.not_estimated(list(rows.loc[is_missing, "label"]), language))
    return _forest(tier, language, "undergrupper", title, finding, rows, forest_rows(rows[~is_missing], tier))


def _gate_words(rows: pd.DataFrame, tier: Tier, language: Language) -> str:
    """The gate of a curve: that of its rows, which is one."""
    gates_found = [say.gate_of(row) for _, row in rows.iterrows()]
    passed = all(gate == say.PASSED for gate in gates_found)
    return language.pick("Porten er bestået", "The gate is passed") if passed else language.pick("Porten er ikke bestået", "The gate is not passed")  # fmt: skip


def curves(tier: Tier, language: Language) -> Figure:
    """The effect on being in work by month, from a year before the start to two years after."""
    rows = tier.rows("effect_curves", outcome="employed", family=FAMILY)
    panels, told, body = [], [], []
    for arm, instrument in [pair for pair in groups(rows) if pair[0] in ARMS]:
        mine = rows[(rows["arm"] == arm) & (rows["instrument"] == instrument)].sort_values("event_month")
        name = tier.labels.comparison(arm, instrument, language)
        known = mine[mine["estimate"].notna()]
        if known.empty:
            continue
        panels.append((name, mine))
        told.append(sentence(f"{name}: {say.curve(mine, language)}; {_lower(_gate_words(mine, tier, language))}"))
        for _, row in mine[mine["event_month"].isin([-12, -6, 1, 3, 6, 12, 18, 24])].iterrows():
            body.append(
                [
                    f"{name}, {language.pick('måned', 'month')} {language.number(row['event_month'])}",
                    language.shown(
                        row["estimate"], status_of(row, "estimate"), lambda value: language.signed(100 * value)
                    ),
                    language.interval(row["low"], row["high"], lambda value: language.signed(100 * value)),
                    language.interval(row["band_low"], row["band_high"], lambda value: language.signed(100 * value)),
                ]
            )
    title = language.pick("Måned for måned: effekt på at være i ordinært arbejde", "Month by month: effect on being in ordinary work")  # fmt: skip
    columns = ["", language.pick("Effekt, procentpoint", "Effect, percentage points"), language.pick("95 %-interval", "95% interval"), language.pick("95 %-bånd", "95% band")]  # fmt: skip
    axis = language.pick("måneder fra start", "months from the start")
    return figure(
        "maaned", title, say.curves([frame for _, frame in panels], language),
        table(title, columns, body), ["effect_curves"],
        (lambda size: curve_chart(panels, size, language, "points", axis)) if panels else None, language,
        note=language.pick("Procentpoint. Lodret streg: 95 %-interval for måneden. Flade: bånd, der rummer hele kurven med 95 % sikkerhed. Før start skal kurven ligge på nul. Kun starter, der er fulgt i 24 måneder.", "Percentage points. Vertical line: the month's 95% interval. Area: a band that holds the whole curve with 95% confidence. Before the start the curve should lie at zero. Only starts followed for 24 months."),
        points=told,
    )  # fmt: skip
