"""KL's three questions, each with number, interval, period and source.

Belongs here: the three answers at the top. Not here: the sections below them (scope.py, progression.py, effect.py).
"""

from __future__ import annotations

import datetime

import pandas as pd

from assets.report.findings.shares import at_least_39_hours
from assets.report.grammar import not_told, paragraph, part_of, sentence
from assets.report.language import SUPPRESSED_MARK, UNKNOWN_MARK, Language
from assets.report.model import Answer, Number
from assets.report.status import is_protected, state
from assets.report.tier import Tier

SPELLS = ("forløb", "placements")
KIND = {"enterprise_kind": "rsv", "start_year": 0, "instrument": "all"}


def three_answers(tier: Tier, language: Language) -> tuple[Answer, Answer, Answer]:
    """Who comes into work, how hours develop, whether it lasts."""
    return employment(tier, language), hours(tier, language), lasting(tier, language)


def starts(tier: Tier, language: Language, months: int) -> str:
    """The months in which spells started that are followed so many months, from what is observed: the month before the start, and the month `months` after it."""
    first, through = tier.date("observed_from"), tier.date("observed_through")
    if first is None or through is None:
        return language.pick("alle starter i registrene", "all starts in the registers")
    begin, end = shifted(first, 1), shifted(through, -months)
    if end < begin:
        return language.pick("ingen starter er fulgt så længe", "no start has been followed that long")
    return language.pick(
        f"Forløb startet {language.month(begin)} til {language.month(end)}",
        f"Placements started {language.month(begin)} to {language.month(end)}",
    )


def shifted(day: datetime.date, months: int) -> datetime.date:
    """The first of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return datetime.date(count // 12, count % 12 + 1, 1)


def _source(tier: Tier, language: Language, table: str) -> str:
    name = tier.labels.of("table", table, language)
    return language.pick(
        f"{name}. Registre: DREAM, eIndkomst, CVR og jobcentrenes forløb.",
        f"{name}. Registers: DREAM, eIndkomst, CVR and the job centres' placements.",
    )


def _interval(low: float | None, high: float | None, language: Language) -> str:
    limits = language.interval(low, high, language.percent)
    return language.pick(f"95 %-interval: {limits}", f"95% interval: {limits}")


def _empty(row: pd.Series | None, measure: str, label: str) -> Number:
    return Number(SUPPRESSED_MARK if state(row, measure) == "protected" else UNKNOWN_MARK, label, "")


def employment(tier: Tier, language: Language) -> Answer:
    """How many came into ordinary work within twelve months' distance, and from which target groups."""
    row = tier.row("hours_by_target_group", **KIND, target_group="all", horizon=12)
    label = language.pick("i ordinært arbejde 12 måneder efter start", "in ordinary work 12 months after the start")
    if row is None or state(row, "share") != "ok" or not row["spells"]:
        number, text = _empty(row, "share", label), not_told(row, "share", language)
    else:
        number = Number(language.percent(row["share"]), label, _interval(row["ci_lower"], row["ci_upper"], language))
        whole = part_of(row["employed"], row["spells"], language, SPELLS)
        text = paragraph(
            language.pick(
                f"{whole} i en registreret socialøkonomisk virksomhed havde mindst én ordinær løntime i måned 12. Talt med er forløb, hvor borgeren ikke var i ordinært arbejde måneden før start; hvem der siden er død, udvandret eller gået på pension, tæller som ikke i arbejde.",
                f"{whole} at a registered social enterprise had at least one ordinary paid hour in month 12. Counted are placements whose citizen was not in ordinary work the month before; those who have died, emigrated or retired since count as not in work.",
            ),
            _most(tier, language),
        )
    return Answer(
        "svar-arbejde",
        language.pick("Hvor mange kommer i arbejde, og hvem?", "How many come into work, and who?"),
        (number,),
        text,
        starts(tier, language, 12),
        _source(tier, language, "hours_by_target_group"),
        "maalgrupper",
    )


def _most(tier: Tier, language: Language) -> str:
    """The three target groups that most came into work from."""
    rows = tier.rows("hours_by_target_group", **KIND, horizon=12)
    rows = rows[rows["target_group"] != "all"]
    # A protected group may have more than those shown.
    is_whole = not is_protected(rows, "employed").any()
    rows = rows[rows["employed"] > 0]
    if rows.empty:
        return ""
    rows = rows.sort_values(["employed", "target_group"], ascending=[False, True]).head(3)
    named = [
        f"{tier.labels.of('target_group', row['target_group'], language).lower()} ({language.number(row['employed'])} {language.pick('af', 'of')} {language.number(row['spells'])})"
        for _, row in rows.iterrows()
    ]
    told = language.listing(named)
    if is_whole:
        return sentence(language.pick(f"flest fra {told}", f"most from {told}"))
    return sentence(
        language.pick(
            f"af de målgrupper, der kan vises, flest fra {told}",
            f"of the target groups that can be shown, most from {told}",
        )
    )


def hours(tier: Tier, language: Language) -> Answer:
    """The share with at least 39 ordinary hours a month, three and twenty-four months after the start."""
    numbers, shares = [], []
    last = None
    for horizon in (3, 24):
        row = tier.row("hours_by_target_group", **KIND, target_group="all", horizon=horizon)
        last = row
        share = at_least_39_hours(row) if row is not None else None
        label = language.pick(f"mindst 39 timer i måned {horizon}", f"at least 39 hours in month {horizon}")
        if share is None:
            numbers.append(_empty(row, "band_2", label))
            continue
        shares.append(share)
        numbers.append(Number(language.percent(share.value), label, _interval(share.low, share.high, language)))
    if len(shares) < 2:
        text = not_told(last, "band_2", language)
    else:
        first, final = shares
        is_same = language.percent(first.value) == language.percent(final.value)
        more = final.value > first.value
        apart = (final.low or 0) > (first.high or 1) or (first.low or 0) > (final.high or 1)
        direction = language.pick(
            "lige så mange" if is_same else "flere" if more else "færre",
            "as many" if is_same else "more" if more else "fewer",
        )
        than = language.pick("som" if is_same else "end", "as" if is_same else "than")
        claim = language.pick(
            f"{direction} har mindst 39 ordinære timer om måneden (cirka ni om ugen) to år efter start {than} tre måneder efter, hvor mange endnu er i forløbet",
            f"{direction} have at least 39 ordinary hours a month (about nine a week) two years after the start {than} three months after, when many are still in the placement",
        )
        doubt = language.pick("forskellen er ikke større, end tilfældet kan give", "the difference is no larger than chance can give")  # fmt: skip
        text = paragraph(sentence(claim), "" if apart or is_same else sentence(doubt))
    return Answer(
        "svar-timer",
        language.pick("Bevæger de sig mod flere timer?", "Do they move towards more hours?"),
        tuple(numbers),
        text,
        starts(tier, language, 24),
        _source(tier, language, "hours_by_target_group"),
        "timer",
    )


def lasting(tier: Tier, language: Language) -> Answer:
    """Both definitions of lasting attachment within twenty-four months, side by side."""
    names = {
        "lasting_six_in_row": language.pick("seks måneder i træk", "six months in a row"),
        "lasting_six_of_twelve": language.pick("seks af tolv måneder", "six of twelve months"),
    }
    rows = {name: tier.row("lasting_attachment", **KIND, milestone=name, month=24) for name in names}
    numbers = [
        Number(language.percent(row["share"]), names[name], _interval(row["ci_lower"], row["ci_upper"], language))
        if row is not None and state(row, "share") == "ok" and row["spells"]
        else _empty(row, "share", names[name])
        for name, row in rows.items()
    ]
    known = [row for row in rows.values() if state(row, "share") == "ok"]
    if known:
        text = language.pick(
            "Andel, der inden for 24 måneder efter deres første forløb af hver slags har haft ordinært arbejde så længe. Ingen officiel definition siger, hvad varig tilknytning er; derfor står begge her. At have nået det er ikke at være der endnu.",
            "Share who within 24 months of their first placement of each kind have been in ordinary work that long. No official definition says what lasting attachment is, so both stand here. Having reached it is not the same as still being there.",
        )
    else:
        text = not_told(next(iter(rows.values())), "share", language)
    return Answer(
        "svar-varig",
        language.pick("Varer tilknytningen?", "Does the attachment last?"),
        tuple(numbers),
        text,
        starts(tier, language, 24),
        _source(tier, language, "lasting_attachment"),
        "varig",
    )
