"""What the tables of scope say: the register over time, who, what, where, towns against outskirts.

Belongs here: sentences. Not here: charts and tables (sections/scope.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.grammar import change, not_told, paragraph, protected_rows, sentence
from assets.report.language import Language, is_known
from assets.report.status import is_protected, state
from assets.report.tier import Tier

YEAR_BEFORE = ("året før", "the year before")
TARGET_GROUPS = (("målgruppe", "target group"), ("målgrupper", "target groups"))
MUNICIPALITIES = (("kommune", "municipality"), ("kommuner", "municipalities"))


def register(tier: Tier, language: Language) -> str:
    """How many were registered at the newest state, how many of them active, and the change."""
    rows = tier.tables["register"].sort_values("year")
    last = rows.iloc[-1]
    before = rows.iloc[-2] if len(rows) > 1 else None
    when = _state_of(tier, int(last["year"]), language)
    number = language.number(last["rsv_registered"])
    told = language.pick(
        f"{when} var {number} virksomheder registreret som socialøkonomiske",
        f"{when}, {number} enterprises were registered as social enterprises",
    )
    difference = ""
    if before is not None:
        since = (f"ved udgangen af {int(before['year'])}", f"at the end of {int(before['year'])}")
        difference = change(before["rsv_registered"], last["rsv_registered"], language, since)
    active = ""
    if is_known(last["rsv_active"]) and last["rsv_registered"]:
        share = float(last["rsv_active"]) / float(last["rsv_registered"])
        active = language.pick(
            f"{language.number(last['rsv_active'])} af dem ({language.percent(share, 0)}) var aktive: mere end et halvt år gamle og med ansatte eller borgere i forløb.",
            f"{language.number(last['rsv_active'])} of them ({language.percent(share, 0)}) were active: more than half a year old and with employees or citizens in placements.",
        )
    placed = ""
    if is_known(last["rsv_with_spells"]):
        placed = language.pick(
            f"I {language.number(last['rsv_with_spells'])} var der borgere i forløb.",
            f"{language.number(last['rsv_with_spells'])} had citizens in placements.",
        )
    return paragraph(sentence(f"{told}, {difference}" if difference else told), active, placed)


def _state_of(tier: Tier, year: int, language: Language) -> str:
    as_of = tier.date("as_of")
    if as_of is not None and as_of.year == year and (as_of.month, as_of.day) != (12, 31):
        return language.pick(f"Den {language.day(as_of)}", f"On {language.day(as_of)}")
    return language.pick(f"Ved udgangen af {year}", f"At the end of {year}")


def persons(tier: Tier, language: Language) -> str:
    """People in placements at RSV in the last whole year, of all, and the change."""
    year = tier.last_whole_year
    country = {"municipality_group": "all", "municipality_code": "all"}
    row = tier.row("scope_by_municipality", year=year, enterprise_kind="rsv", **country)
    if row is None or state(row, "persons") != "ok":
        return not_told(row, "persons", language)
    total = tier.row("scope_by_municipality", year=year, enterprise_kind="all", **country)
    before = tier.row("scope_by_municipality", year=year - 1, enterprise_kind="rsv", **country)
    told = language.pick(
        f"I {year} var {language.number(row['persons'])} borgere i forløb i en registreret socialøkonomisk virksomhed",
        f"In {year}, {language.number(row['persons'])} citizens were in a placement at a registered social enterprise",
    )
    difference = change(before["persons"], row["persons"], language, YEAR_BEFORE) if before is not None and tier.is_whole(year - 1) else ""  # fmt: skip
    share = ""
    if total is not None and is_known(total["persons"]) and total["persons"]:
        part = language.percent(float(row["persons"]) / float(total["persons"]))
        share = language.pick(
            f"Det er {part} af de {language.number(total['persons'])} borgere, der var i forløb noget sted.",
            f"That is {part} of the {language.number(total['persons'])} citizens who were in a placement anywhere.",
        )
    return paragraph(sentence(f"{told}, {difference}" if difference else told), share)


def largest(rows: pd.DataFrame, column: str, tier: Tier, language: Language) -> str:
    """The largest group and its share of all people; how many are protected. `rows`: one kind and year, `all` among the codes."""
    whole = rows[rows[column] == "all"]
    parts = rows[rows[column] != "all"]
    known = parts[parts["persons"] > 0].sort_values("persons", ascending=False)
    hidden = protected_rows(int(is_protected(parts, "persons").sum()), language, *TARGET_GROUPS)
    if known.empty:
        return hidden or not_told(None, "persons", language)
    top = known.iloc[0]
    name = tier.labels.of(column, top[column], language)
    share = ""
    if len(whole) == 1 and is_known(whole["persons"].iloc[0]) and whole["persons"].iloc[0]:
        share = f" ({language.percent(float(top['persons']) / float(whole['persons'].iloc[0]), 0)})"
    # A protected group may be larger than those shown.
    first = (
        language.pick("Størst", "The largest")
        if not hidden
        else language.pick("Størst af de viste", "The largest shown")
    )
    told = language.pick(
        f"{first} er {name.lower()} med {language.number(top['persons'])} borgere{share}.",
        f"{first} is {name.lower()} with {language.number(top['persons'])} citizens{share}.",
    )
    return paragraph(told, hidden)


def instruments(rows: pd.DataFrame, tier: Tier, language: Language) -> str:
    """What is used most, of the placements started. `rows`: RSV and one year."""
    whole = rows[rows["instrument"] == "all"]
    parts = rows[(rows["instrument"] != "all") & (rows["spells_started"] > 0)].sort_values("spells_started", ascending=False)  # fmt: skip
    if parts.empty or whole.empty or not is_known(whole["spells_started"].iloc[0]) or not whole["spells_started"].iloc[0]:  # fmt: skip
        return not_told(None if whole.empty else whole.iloc[0], "spells_started", language)
    top = parts.iloc[0]
    name = tier.labels.of("instrument", top["instrument"], language).lower()
    started, total = float(top["spells_started"]), float(whole["spells_started"].iloc[0])
    text = language.pick(
        f"{language.number(started)} af {language.number(total)} startede forløb ({language.percent(started / total, 0)}) var {name}.",
        f"{language.number(started)} of {language.number(total)} placements started ({language.percent(started / total, 0)}) were {name}.",
    )
    if top["instrument"] == "guidance_upskilling":
        text += " " + language.pick(
            "Det er ikke arbejde på en arbejdsplads: tallene for beskæftigelse skal læses med det for øje.",
            "That is not work at a workplace: read the figures on employment with that in mind.",
        )
    return text


def age_and_sex(rows: pd.DataFrame, tier: Tier, language: Language) -> str:
    """Share of men, and the largest age band. `rows`: RSV and one year."""
    whole = _one(rows, "all", "all")
    men = _one(rows, "all", "man")
    ages = rows[(rows["sex"] == "all") & (rows["age_band"] != "all") & rows["persons"].notna()]
    if whole is None or men is None or ages.empty or not whole:
        return not_told(rows.iloc[0] if len(rows) else None, "persons", language)
    top = ages.sort_values("persons", ascending=False).iloc[0]
    name = tier.labels.of("age_band", top["age_band"], language).replace("-", "–")
    return language.pick(
        f"{language.percent(men / whole, 0)} er mænd. Flest er {_years(name, language)} ({language.percent(float(top['persons']) / whole, 0)}).",
        f"{language.percent(men / whole, 0)} are men. Most are {_years(name, language)} ({language.percent(float(top['persons']) / whole, 0)}).",
    )


def _years(name: str, language: Language) -> str:
    return (
        name.lower()
        if "år" in name or "and" in name or "years" in name
        else language.pick(f"{name} år", f"{name} years old")
    )


def _one(rows: pd.DataFrame, age_band: str, sex: str) -> float | None:
    found = rows[(rows["age_band"] == age_band) & (rows["sex"] == sex)]
    return float(found["persons"].iloc[0]) if len(found) == 1 and is_known(found["persons"].iloc[0]) else None


def where_registered(rows: pd.DataFrame, tier: Tier, language: Language) -> str:
    """How many municipalities have one, and where most are. `rows`: supply of one year, all municipalities."""
    has = rows[rows["rsv_registered"] > 0]
    if has.empty:
        return language.pick("Ingen kommune har en registreret virksomhed.", "No municipality has a registered enterprise.")  # fmt: skip
    top = has.sort_values(["rsv_registered", "municipality_code"], ascending=[False, True]).iloc[0]
    name = tier.labels.of("municipality_code", top["municipality_code"], language)
    without = len(rows) - len(has)
    rest = language.pick(
        f"{language.number(without)} har ingen." if without else "", f"{language.number(without)} have none." if without else ""
    )  # fmt: skip
    start = language.pick(
        "Alle 98 kommuner har" if not without else f"{len(has)} af {len(rows)} kommuner har",
        "All 98 municipalities have" if not without else f"{len(has)} of {len(rows)} municipalities have",
    )
    return paragraph(
        language.pick(
            f"{start} mindst én registreret socialøkonomisk virksomhed; flest ligger i {name} ({language.number(top['rsv_registered'])}).",
            f"{start} at least one registered social enterprise; most lie in {name} ({language.number(top['rsv_registered'])}).",
        ),
        rest,
    )


def where_placed(rows: pd.DataFrame, language: Language) -> str:
    """In how many municipalities the share is shown, is none, is protected, cannot be made. `rows`: `part`, `is_hidden`; one a municipality."""
    some, none = int((rows["part"] > 0).sum()), int((rows["part"] == 0).sum())
    hidden = int(rows["is_hidden"].sum())
    empty = len(rows) - some - none - hidden
    told = language.pick(
        f"I {language.number(some)} {'kommune' if some == 1 else 'kommuner'} er nogle af borgerne i forløb i en registreret socialøkonomisk virksomhed; kortet viser hvor stor en del."
        if some
        else "I ingen kommune vises et tal over nul.",
        f"In {language.number(some)} {'municipality' if some == 1 else 'municipalities'} some of the citizens in placements are at a registered social enterprise; the map shows how large a part."
        if some
        else "No municipality shows a number above zero.",
    )
    nobody = language.pick(f"I {language.number(none)} var ingen af dem i en.", f"In {language.number(none)} none of them were.") if none else ""  # fmt: skip
    without = language.pick(f"{language.number(empty)} havde ingen borgere i forløb.", f"{language.number(empty)} had no citizens in placements.") if empty else ""  # fmt: skip
    return paragraph(told, nobody, without, protected_rows(hidden, language, *MUNICIPALITIES))


def towns(row: pd.Series | None, language: Language) -> str:
    """Registered RSV per 1,000 people of the target groups in towns against outskirts, and whether chance alone could give the difference."""
    if row is None or not is_known(row["rate_towns"]) or not is_known(row["rate_outskirts"]):
        return not_told(row, "ratio", language)
    a, b = (language.number(row[name], 1) for name in ("rate_towns", "rate_outskirts"))
    told = language.pick(
        f"I {int(row['year'])} var der {a} registrerede virksomheder pr. 1.000 borgere i målgruppen i byerne og {b} i yderområderne.",
        f"In {int(row['year'])} there were {a} registered enterprises per 1,000 citizens of the target groups in towns and {b} in the outskirts.",
    )
    if not all(is_known(row[name]) for name in ("ratio", "ratio_lower", "ratio_upper")):
        return told
    low, high = float(row["ratio_lower"]), float(row["ratio_upper"])
    limits = language.interval(low, high, lambda value: language.number(value, 2))
    ratio = language.number(row["ratio"], 2)
    if low <= 1 <= high:
        return paragraph(
            told,
            language.pick(
                f"Forholdet er {ratio} (95 %-interval {limits}): forskellen er ikke større, end tilfældet kan give.",
                f"The ratio is {ratio} (95% interval {limits}): the difference is no larger than chance can give.",
            ),
        )
    place = language.pick(
        "byerne" if low > 1 else "yderområderne", "towns" if low > 1 else "the outskirts"
    )  # fmt: skip
    return paragraph(
        told,
        language.pick(
            f"Forholdet er {ratio} (95 %-interval {limits}): udbuddet er størst i {place}.",
            f"The ratio is {ratio} (95% interval {limits}): supply is larger in {place}.",
        ),
    )
