"""What the tables of effect say, the gate before the number.

Belongs here: sentences about what changed because of RSV, and when they may not be said. Not here: choosing rows (sections/effect.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from assets.report.findings.reasons import reason
from assets.report.grammar import not_told, paragraph, sentence
from assets.report.language import OK, Language, is_known
from assets.report.tier import Tier

PASSED, FAILED = "pass", "fail"


def gate_of(row: pd.Series) -> str:
    """`pass`, `fail`, `not_checked`, `not_estimated`, or `suppressed`."""
    return str(row["gate"]) if row["status"] == OK and isinstance(row["gate"], str) else "suppressed"


def gates(rows: pd.DataFrame, language: Language) -> str:
    """How many of the estimates shown passed. `rows`: estimates."""
    counts = rows.apply(gate_of, axis=1).value_counts() if len(rows) else pd.Series(dtype=int)
    passed, failed = int(counts.get(PASSED, 0)), int(counts.get(FAILED, 0))
    tried = passed + failed
    without = int(counts.get("not_estimated", 0))
    if tried == 0:
        told = language.pick("Intet estimat kunne prøves.", "No estimate could be tried.")
    elif passed == 0:
        told = language.pick(
            f"{'Det ene prøvede estimat' if tried == 1 else f'Ingen af de {language.number(tried)} prøvede estimater'} {'bestod ikke' if tried == 1 else 'bestod'} porten: intet af dem må læses som en effekt.",
            f"{'The one estimate tried did not pass' if tried == 1 else f'None of the {language.number(tried)} estimates tried passed'} the gate: none may be read as an effect.",
        )
    elif failed == 0:
        told = language.pick(f"Alle {language.number(tried)} prøvede estimater bestod porten.", f"All {language.number(tried)} estimates tried passed the gate.")  # fmt: skip
    else:
        told = language.pick(
            f"{language.number(passed)} af {language.number(tried)} prøvede estimater bestod porten; kun de må læses som en effekt.",
            f"{language.number(passed)} of {language.number(tried)} estimates tried passed the gate; only those may be read as an effect.",
        )
    rest = ""
    if without:
        rest = language.pick(
            f"{language.number(without)} kunne ikke beregnes, fordi grupperne er for små eller for forskellige.",
            f"{language.number(without)} could not be made, because the groups are too small or too different.",
        )
    return paragraph(told, rest)


def verdict(row: pd.Series | None, tier: Tier, language: Language) -> str:
    """The primary estimate as a verdict: closed gate first; else risen, fallen, or no difference that can be told from chance."""
    if row is None or not is_known(row["estimate"]):
        why = "" if row is None or row["status"] != OK else reason(row.get("reason"), tier.labels, language, True)
        if why:
            start = language.pick("Effekten kunne ikke beregnes", "The effect could not be made")
            return sentence(f"{start}: {why}")
        return not_told(row, "estimate", language)
    number = language.points(row["estimate"])
    limits = language.interval(row["low"], row["high"], lambda value: language.signed(100 * value))
    unit = language.pick("procentpoint", "percentage points")
    told = f"{number} (95 %-interval {limits})" if language.is_danish else f"{number} (95% interval {limits})"
    gate = gate_of(row)
    if gate != PASSED:
        why = reason(row.get("reason"), tier.labels, language, True)
        closed = language.pick("Porten er lukket", "The gate is closed") if gate == FAILED else language.pick("Porten er ikke prøvet", "The gate was not tried")  # fmt: skip
        return paragraph(
            sentence(f"{closed}: {why}" if why else closed),
            language.pick(
                f"Tallet, {told}, offentliggøres, men må ikke læses som en effekt af at være i en registreret socialøkonomisk virksomhed.",
                f"The figure, {told}, is published but may not be read as an effect of being at a registered social enterprise.",
            ),
        )
    return paragraph(_direction(row, told, language), _least(row, unit, language))


def _direction(row: pd.Series, told: str, language: Language) -> str:
    if row["low"] > 0:
        return language.pick(
            f"Flere er i ordinært arbejde 12 måneder efter start i en registreret socialøkonomisk virksomhed, end de ville have været i en anden: {told}.",
            f"More are in ordinary work 12 months after starting at a registered social enterprise than would have been at another: {told}.",
        )
    if row["high"] < 0:
        return language.pick(
            f"Færre er i ordinært arbejde 12 måneder efter start i en registreret socialøkonomisk virksomhed, end de ville have været i en anden: {told}.",
            f"Fewer are in ordinary work 12 months after starting at a registered social enterprise than would have been at another: {told}.",
        )
    return language.pick(
        f"Der kan ikke ses en forskel på, om man starter i en registreret socialøkonomisk virksomhed eller i en anden: {told}.",
        f"No difference can be seen between starting at a registered social enterprise and at another: {told}.",
    )


def _least(row: pd.Series, unit: str, language: Language) -> str:
    least = row.get("smallest_detectable")
    if not is_known(least):
        return ""
    size = language.number(100 * float(str(least)), 1)
    return language.pick(
        f"Den mindste effekt, der kunne ses, er {size} {unit}.", f"The smallest effect that could be seen is {size} {unit}."
    )  # fmt: skip


def curve(rows: pd.DataFrame, language: Language) -> str:
    """What a curve of shares shows: before the start, its lowest month, its end. `rows`: one curve by event_month."""
    known = rows[rows["estimate"].notna()].sort_values("event_month")
    after = known[known["event_month"] >= 1]
    if after.empty:
        return language.pick("Der er ingen kurve.", "There is no curve.")
    low, last = after.iloc[int(after["estimate"].to_numpy().argmin())], after.iloc[-1]
    ends = language.points(last["estimate"])
    limits = language.interval(last["band_low"], last["band_high"], lambda value: language.signed(100 * value))
    if low["estimate"] < 0:
        dip = language.pick(f"lavest i måned {low['event_month']} ({language.points(low['estimate'])})", f"lowest in month {low['event_month']} ({language.points(low['estimate'])})")  # fmt: skip
    else:
        dip = language.pick("aldrig under nul", "never below zero")
    return language.pick(
        f"{dip} og {ends} i måned {last['event_month']} (bånd {limits})",
        f"{dip} and {ends} in month {last['event_month']} (band {limits})",
    )


def curves(panels: Sequence[pd.DataFrame], language: Language) -> str:
    """In how many curves the band lies clear of zero in the last month. `panels`: one curve each."""
    ends = [frame[frame["estimate"].notna()].sort_values("event_month").iloc[-1] for frame in panels]
    if not ends:
        return language.pick("Ingen kurve kunne beregnes.", "No curve could be made.")
    clear = sum(bool(end["band_low"] > 0 or end["band_high"] < 0) for end in ends)
    month = int(ends[0]["event_month"])
    if clear == 0:
        return language.pick(
            f"I ingen af de {len(ends)} sammenligninger ligger båndet fri af nul i måned {month}." if len(ends) > 1 else f"Båndet rummer nul i måned {month}.",
            f"In none of the {len(ends)} comparisons does the band lie clear of zero in month {month}." if len(ends) > 1 else f"The band holds zero in month {month}.",
        )  # fmt: skip
    return language.pick(
        f"I {clear} af {len(ends)} sammenligninger ligger båndet fri af nul i måned {month}.",
        f"In {clear} of {len(ends)} comparisons the band lies clear of zero in month {month}.",
    )


def short(row: pd.Series | None, language: Language) -> str:
    """The answer in one line: cannot be said, yes, no, no difference to be seen."""
    if row is None or not is_known(row["estimate"]) or gate_of(row) != PASSED:
        return language.pick("Det kan ikke siges.", "That cannot be said.")
    if row["low"] > 0:
        return language.pick("Ja, der kommer flere i arbejde end ellers.", "Yes, more come into work than otherwise would.")  # fmt: skip
    if row["high"] < 0:
        return language.pick("Nej, der kommer færre i arbejde end ellers.", "No, fewer come into work than otherwise would.")  # fmt: skip
    return language.pick("Der kan ikke ses nogen forskel.", "No difference can be seen.")


def forest(rows: pd.DataFrame, language: Language) -> str:
    """How many intervals lie clear of zero on each side. `rows`: estimates."""
    known = rows[rows["estimate"].notna() & rows["low"].notna() & rows["high"].notna()]
    above, below = int((known["low"] > 0).sum()), int((known["high"] < 0).sum())
    if known.empty:
        return language.pick("Intet estimat har et interval.", "No estimate has an interval.")
    if above == below == 0:
        return language.pick(
            f"Alle {len(known)} intervaller rummer nul: ingen forskel kan skelnes fra tilfældet."
            if len(known) > 1
            else "Intervallet rummer nul: ingen forskel kan skelnes fra tilfældet.",
            f"All {len(known)} intervals hold zero: no difference can be told from chance."
            if len(known) > 1
            else "The interval holds zero: no difference can be told from chance.",
        )
    return language.pick(
        f"Af {len(known)} intervaller ligger {above} over nul, {below} under, og {len(known) - above - below} rummer nul.",
        f"Of {len(known)} intervals {above} lie above zero, {below} below, and {len(known) - above - below} hold zero.",
    )


def not_estimated(names: Sequence[str], language: Language) -> str:
    """Which subgroups are too small to be estimated; empty for none."""
    if not names:
        return ""
    listed = "; ".join(name.lower() for name in names)  # names have commas
    return language.pick(f"For små til at blive beregnet: {listed}.", f"Too small to be estimated: {listed}.")


def break_even(row: pd.Series | None, tier: Tier, language: Language) -> str:
    """From which month the hours lost during the placement are won back, with the interval, open or not."""
    if row is None or row["status"] != OK:
        return not_told(row, "estimate", language)
    why = reason(row.get("reason"), tier.labels, language)
    if not is_known(row["estimate"]):
        return sentence(why) if why else not_told(None, "estimate", language)
    month = int(row["estimate"])
    if month == 1 and "lock-in" in str(row.get("reason")):
        return language.pick("Der er intet tab at indhente: timerne i alt er aldrig færre.", "There is no loss to win back: total hours are never fewer.")  # fmt: skip
    return language.pick(
        f"De tabte timer er indhentet fra måned {month} ({_months(row, language)}).",
        f"The hours lost are won back from month {month} ({_months(row, language)}).",
    )


def _months(row: Any, language: Language) -> str:
    if is_known(row["low"]) and is_known(row["high"]):
        return language.pick(f"95 %-interval: måned {int(row['low'])} til {int(row['high'])}", f"95% interval: month {int(row['low'])} to {int(row['high'])}")  # fmt: skip
    if is_known(row["low"]):
        return language.pick(f"interval fra måned {int(row['low'])}, åbent opad", f"interval from month {int(row['low'])}, open above")  # fmt: skip
    return language.pick("intet interval", "no interval")
