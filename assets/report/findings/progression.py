"""What the tables of progression say: hours after the start, who comes into work, whether it lasts.

Belongs here: sentences about what happened. Not here: what changed because of it (effect.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.grammar import moved, not_told, paragraph, protected_rows
from assets.report.language import Language, is_known
from assets.report.status import is_protected, state
from assets.report.tier import Tier

TARGET_GROUPS = (("målgruppe", "target group"), ("målgrupper", "target groups"))
LASTING = ("lasting_six_in_row", "lasting_six_of_twelve")


def not_an_effect(language: Language) -> str:
    """Why two kinds of enterprise beside each other are not an effect."""
    return language.pick(
        "De to slags virksomheder får ikke de samme borgere; forskellen er derfor ikke en effekt. Den står i afsnittet om effekt.",
        "The two kinds of enterprise do not receive the same citizens, so the difference is no effect. That is in the section on effect.",
    )


def bands(row: pd.Series | None, horizon: int, language: Language) -> str:
    """How RSV spells spread over the bands at a horizon: none, some, full. `row`: of hours_by_target_group."""
    if row is None or state(row, "band_0") != "ok" or not row["spells"]:
        return not_told(row, "band_0", language)
    spells = float(row["spells"])
    none = language.percent(row["band_0"] / spells, 0)
    some = language.percent((row["band_1"] + row["band_2"] + row["band_3"]) / spells, 0)
    full = language.percent(row["band_4"] / spells, 0)
    return language.pick(
        f"{horizon} måneder efter start i en registreret socialøkonomisk virksomhed var der i {none} af forløbene under én ordinær løntime om måneden, i {some} fra 1 til 117 timer, og i {full} 117 timer eller mere (cirka 27 om ugen).",
        f"{horizon} months after the start at a registered social enterprise, {none} of the placements had less than one ordinary paid hour a month, {some} had 1 to 117 hours, and {full} had 117 hours or more (about 27 a week).",
    )


def by_horizon(rows: dict[str, pd.DataFrame], tier: Tier, language: Language) -> str:
    """How the share in ordinary work moves from the first horizon to the last, for each kind. `rows`: kind -> rows by horizon."""
    told = []
    for kind, part in rows.items():
        known = part[part["share"].notna()].sort_values("horizon")
        if len(known) < 2:
            continue
        first, last = known.iloc[0], known.iloc[-1]
        name = {
            "rsv": language.pick("I registrerede socialøkonomiske virksomheder", "At registered social enterprises"),
            "other": language.pick("I andre virksomheder", "At other enterprises"),
        }[kind]
        when = [language.pick(f"i måned {row['horizon']}", f"in month {row['horizon']}") for row in (first, last)]
        subject = ("andelen i ordinært arbejde", "the share in ordinary work")
        told.append(f"{name} {moved(first['share'], last['share'], language, subject, (when[0], when[1]))}.")
    if told:
        return paragraph(*told, not_an_effect(language))
    return not_told(next((part.iloc[0] for part in rows.values() if len(part)), None), "share", language)


def by_target_group(rows: pd.DataFrame, tier: Tier, language: Language) -> str:
    """Highest and lowest share, of those shown. `rows`: RSV at one horizon without `all`."""
    known = rows[rows["share"].notna()].sort_values(["share", "target_group"])
    hidden = protected_rows(int(is_protected(rows, "share").sum()), language, *TARGET_GROUPS)
    if known.empty:
        return hidden or not_told(None, "share", language)
    low, high = known.iloc[0], known.iloc[-1]
    name = [tier.labels.of("target_group", row["target_group"], language).lower() for row in (high, low)]
    if len(known) == 1:
        return paragraph(
            language.pick(
                f"Andelen vises for {name[0]}: {language.percent(high['share'])}.",
                f"The share is shown for {name[0]}: {language.percent(high['share'])}.",
            ),
            hidden,
        )
    # A protected group may lie above or below those shown.
    first = (
        language.pick("Af de målgrupper, der kan vises, er andelen i ordinært arbejde", "Of the target groups that can be shown, the share in ordinary work is")
        if hidden
        else language.pick("Andelen i ordinært arbejde er", "The share in ordinary work is")
    )  # fmt: skip
    return paragraph(
        language.pick(
            f"{first} højest for {name[0]} ({language.percent(high['share'])}) og lavest for {name[1]} ({language.percent(low['share'])}).",
            f"{first} highest for {name[0]} ({language.percent(high['share'])}) and lowest for {name[1]} ({language.percent(low['share'])}).",
        ),
        hidden,
    )


def lasting(rows: pd.DataFrame, month: int, tier: Tier, language: Language) -> str:
    """Both definitions beside each other at a month. `rows`: RSV, by milestone and month."""
    words = {
        "lasting_six_in_row": language.pick("i ordinært arbejde seks måneder i træk", "in ordinary work six months in a row"),
        "lasting_six_of_twelve": language.pick("i ordinært arbejde seks af tolv måneder", "in ordinary work six of twelve months"),
    }  # fmt: skip
    found: dict[str, float] = {}
    for milestone in LASTING:
        row = rows[(rows["milestone"] == milestone) & (rows["month"] == month)]
        if len(row) == 1 and is_known(row["share"].iloc[0]):
            found[milestone] = float(row["share"].iloc[0])
    if not found:
        return not_told(rows.iloc[0] if len(rows) else None, "share", language)
    parts = language.listing([f"{language.percent(share)} {words[name]}" for name, share in found.items()])
    told = language.pick(
        f"Inden for {month} måneder efter start i en registreret socialøkonomisk virksomhed havde {parts.replace('% i ', '% været i ', 1)}.",
        f"Within {month} months of starting at a registered social enterprise, {parts.replace('% in ', '% had been in ', 1)}.",
    )
    shares = list(found.values())
    if len(shares) == 2 and abs(shares[0] - shares[1]) >= 0.02:
        told += " " + language.pick(
            "Det gør en forskel, hvilken definition man vælger.", "The choice of definition matters."
        )
    return told
