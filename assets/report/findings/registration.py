"""What the third design says: the same enterprises before and after they were registered, the gate before the number.

Belongs here: sentences about registration as an event. Not here: effects of a start (effect.py), choosing rows (sections/registration.py).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from assets.report.findings.effect import FAILED, PASSED, gate_of, gates
from assets.report.findings.reasons import reason
from assets.report.grammar import not_told, paragraph, protected_rows, sentence
from assets.report.language import Language, is_known
from assets.report.status import is_protected
from assets.report.tier import Tier

BASE: Final = -6  # the half-year before the registration: every curve is zero there by construction
ESTIMATES: Final = (("estimat", "estimate"), ("estimater", "estimates"))


def design(language: Language) -> str:
    """What is compared with what, in a few words."""
    return language.pick(
        "Her sammenlignes virksomhederne med sig selv: borgere, der starter, efter at virksomheden er registreret, mod borgere, der startede i den før. Ændringen holdes op mod virksomheder, der endnu ikke er registreret, og foreninger og fonde, der aldrig blev det. Så skilles registreringen fra arbejdspladsen.",
        "Here the enterprises are compared with themselves: citizens who start after the enterprise was registered, against citizens who started there before. The change is set against enterprises not yet registered, and associations and foundations that never were. So the registration is told apart from the workplace.",
    )


def summary(rows: pd.DataFrame, language: Language) -> str:
    """The design, then the gates; how many are protected. `rows`: estimates of the arm."""
    if rows.empty:
        return paragraph(design(language), language.pick("Designet er ikke regnet i disse tabeller.", "The design is not computed in these tables."))  # fmt: skip
    hidden = int(is_protected(rows, "estimate").sum())
    told = "" if hidden == len(rows) else gates(rows[~is_protected(rows, "estimate")], language)
    return paragraph(design(language), told, protected_rows(hidden, language, *ESTIMATES))


def one(row: pd.Series, tier: Tier, language: Language) -> str:
    """An estimate in percentage points: its gate and why, then the number and whether it may be read."""
    if not is_known(row["estimate"]):
        why = "" if row["status"] != "ok" else reason(row.get("reason"), tier.labels, language, True)
        if not why:
            return not_told(row, "estimate", language)
        return sentence(f"{language.pick('kunne ikke beregnes', 'could not be made')}: {why}")
    limits = language.interval(row["low"], row["high"], lambda value: language.signed(100 * value))
    number = f"{language.points(row['estimate'])} ({language.pick('95 %-interval', '95% interval')} {limits})"
    gate = gate_of(row)
    told = tier.labels.of("gate_long", gate, language)
    if gate != PASSED:
        why = reason(row.get("reason"), tier.labels, language, True) if gate == FAILED else ""
        return paragraph(
            sentence(f"{told}: {why}" if why else told),
            language.pick(f"Tallet, {number}, må ikke læses som en effekt.", f"The figure, {number}, may not be read as an effect."),
        )  # fmt: skip
    return paragraph(sentence(told), sentence(f"{_direction(row, language)}: {number}"))


def _direction(row: pd.Series, language: Language) -> str:
    if is_known(row["low"]) and row["low"] > 0:
        return language.pick("Flere er i ordinært arbejde efter registreringen", "More are in ordinary work after the registration")  # fmt: skip
    if is_known(row["high"]) and row["high"] < 0:
        return language.pick("Færre er i ordinært arbejde efter registreringen", "Fewer are in ordinary work after the registration")  # fmt: skip
    return language.pick("Der kan ikke ses en forskel", "No difference can be seen")


def curves(rows: pd.DataFrame, language: Language) -> str:
    """Whether the half-years before the registration lie at zero, then those after. `rows`: curves of one outcome, all groups."""
    known = rows[rows["band_low"].notna() & rows["band_high"].notna()]
    before, after = known[known["event_month"] < BASE], known[known["event_month"] >= 0]
    if known.empty:
        return language.pick("Ingen kurve kan beregnes eller vises.", "No curve can be made or shown.")
    if before.empty:
        first = language.pick(
            "Før registreringen skal kurven ligge på nul; intet halvår før kan vises, så det er porten ovenfor, der siger, om det holder.",
            "Before the registration the curve should lie at zero; no half-year before can be shown, so it is the gate above that says whether it does.",
        )
    else:
        first = language.pick(
            f"Før registreringen skal kurven ligge på nul; der ligger båndet fri af nul i {_clear(before, language)}.",
            f"Before the registration the curve should lie at zero; there the band lies clear of zero in {_clear(before, language)}.",
        )
    then = "" if after.empty else language.pick(
        f"Fra registreringen ligger det fri af nul i {_clear(after, language)}.",
        f"From the registration on it lies clear of zero in {_clear(after, language)}.",
    )  # fmt: skip
    return paragraph(_gates(known, language), first, then)


def _gates(rows: pd.DataFrame, language: Language) -> str:
    """How many curves passed the gate, before what they show. `rows`: those with a band."""
    passed = rows.groupby(["family", "instrument"])["gate"].agg(lambda gates: set(gates) == {PASSED})
    if not passed.any():
        return language.pick("Ingen af kurverne har bestået porten: de siger ikke, hvad registreringen gjorde.", "None of the curves has passed the gate: they do not say what the registration did.")  # fmt: skip
    if passed.all():
        return language.pick("Porten er bestået.", "The gate is passed.")
    return language.pick(f"{int(passed.sum())} af {len(passed)} kurver har bestået porten; kun de må læses som en effekt.", f"{int(passed.sum())} of {len(passed)} curves have passed the gate; only those may be read as an effect.")  # fmt: skip


def _clear(rows: pd.DataFrame, language: Language) -> str:
    """`2 af 5 viste halvår`."""
    clear = int(((rows["band_low"] > 0) | (rows["band_high"] < 0)).sum())
    return language.pick(f"{clear or 'ingen'} af {len(rows)} viste halvår", f"{clear or 'none'} of {len(rows)} half-years shown")  # fmt: skip
