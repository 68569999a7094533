"""One municipality against its municipality group: what its page holds.

Belongs here: the page's model, from rows of one municipality. Not here: sentences (findings/municipality.py), pictures (tiny.py), HTML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from assets.report import tiny
from assets.report.findings import municipality as say
from assets.report.language import OK, Language, is_known
from assets.report.model import Figure, Number, Table
from assets.report.sections.parts import share_and_interval, table
from assets.report.status import status_of
from assets.report.svg import Drawing
from assets.report.tier import Tier


@dataclass(frozen=True)
class Place:
    """A municipality: code, name, group."""

    code: str
    name: str
    group: str


@dataclass(frozen=True)
class MunicipalityPage:
    """What a municipality's page shows."""

    place: Place
    group_name: str
    locator: str
    numbers: tuple[Number, ...]
    figures: tuple[Figure, ...]
    neighbours: tuple[Place, ...]


@dataclass(frozen=True)
class Rows:
    """The public tables split by municipality once, so that a page costs no search: supply by code; hours at 12 months of RSV, pooled starts, by code and by group."""

    places: tuple[Place, ...]
    supply: Mapping[str, pd.DataFrame]
    hours: Mapping[str, pd.Series]
    group_hours: Mapping[str, pd.Series]
    group_mean: Mapping[tuple[str, int], float]
    group_share: Mapping[tuple[str, int], float]


def rows_of(tier: Tier, language: Language) -> Rows:
    """The rows that all municipality pages are made of."""
    supply = tier.tables["supply_by_municipality"].sort_values(["municipality_code", "year"])
    hours = tier.rows("hours_by_municipality", start_year=0, enterprise_kind="rsv", horizon=12)
    places = [
        Place(str(code), tier.labels.of("municipality_code", code, language), str(frame["municipality_group"].iloc[-1]))
        for code, frame in supply.groupby("municipality_code")
    ]
    of_groups = hours[hours["municipality_code"] == "all"]
    return Rows(
        tuple(places),
        {str(code): frame for code, frame in supply.groupby("municipality_code")},
        {str(row["municipality_code"]): row for _, row in hours[hours["municipality_code"] != "all"].iterrows()},
        {str(row["municipality_group"]): row for _, row in of_groups.iterrows()},
        {
            (str(frame["municipality_group"].iloc[0]), int(frame["year"].iloc[0])): float(
                frame["rsv_registered"].mean()
            )
            for _, frame in supply.groupby(["municipality_group", "year"])
        },
        _group_shares(tier),
    )


def _group_shares(tier: Tier) -> dict[tuple[str, int], float]:
    """People at RSV of all in placements, by group and year; without those that are protected."""
    rows = tier.rows("scope_by_municipality", municipality_code="all")
    rows = rows[rows["persons"].notna() & rows["enterprise_kind"].isin(["rsv", "all"])]
    keys = ["municipality_group", "year"]
    both = rows[rows["enterprise_kind"] == "rsv"].merge(rows[rows["enterprise_kind"] == "all"], on=keys, suffixes=("", "_all"))  # fmt: skip
    both = both[both["persons_all"] > 0]
    return {
        (str(row["municipality_group"]), int(row["year"])): float(row["persons"]) / float(row["persons_all"])
        for _, row in both.iterrows()
    }


def municipality_page(tier: Tier, rows: Rows, place: Place, language: Language) -> MunicipalityPage:
    """The page of one municipality."""
    group_name = tier.labels.of("municipality_group", place.group, language)
    members = tuple(other for other in rows.places if other.group == place.group)
    title = language.pick(f"{place.name} på kortet", f"{place.name} on the map")
    text = language.pick(f"{place.name} er markeret; de andre i gruppen er lysere.", f"{place.name} is marked; the others of the group are lighter.")  # fmt: skip
    figures = (
        _registered(tier, rows, place, group_name, language),
        _placed(tier, rows, place, group_name, language),
        _employed(tier, rows, place, group_name, language),
    )
    return MunicipalityPage(
        place,
        group_name,
        tiny.locator("kort", place.code, [other.code for other in members], title, text),
        _numbers(tier, rows, place, language),
        figures,
        members,
    )


def _year(rows: Rows, place: Place, year: int) -> pd.Series | None:
    frame = rows.supply[place.code]
    found = frame[frame["year"] == year]
    return found.iloc[0] if len(found) == 1 else None


def _numbers(tier: Tier, rows: Rows, place: Place, language: Language) -> tuple[Number, ...]:
    year = tier.last_whole_year
    row = _year(rows, place, year)
    own = rows.hours.get(place.code)
    status = OK if row is None else status_of(row, "persons_in_rsv")
    share = OK if own is None else status_of(own, "share")
    return (
        Number(
            language.shown(None if row is None else row["rsv_registered"], "ok"),
            language.pick("registrerede virksomheder", "registered enterprises"),
            language.pick(f"ultimo {year}", f"end of {year}"),
        ),
        Number(
            language.shown(None if row is None else row["persons_in_rsv"], status),
            language.pick("borgere i forløb i RSV", "citizens in placements at RSV"),
            str(year),
        ),
        Number(
            language.shown(None if own is None else own["share"], share, language.percent),
            language.pick("i ordinært arbejde efter 12 måneder", "in ordinary work after 12 months"),
            _interval(own, language),
        ),
    )


def _interval(row: pd.Series | None, language: Language) -> str:
    if row is None or not is_known(row["share"]) or not is_known(row["ci_lower"]):
        return ""
    limits = language.interval(row["ci_lower"], row["ci_upper"], language.percent)
    return language.pick(f"95 %-interval {limits}", f"95% interval {limits}")


def _figure(name: str, title: str, finding: str, svg: str, body: Table, source: str, note: str = "") -> Figure:
    return Figure(name, title, finding, body, (source,), Drawing(svg, "", {}), note)


def _registered(tier: Tier, rows: Rows, place: Place, group_name: str, language: Language) -> Figure:
    frame = rows.supply[place.code]
    year = tier.last_whole_year
    mean = rows.group_mean.get((place.group, year), 0.0)
    finding = say.registered(_year(rows, place, year), _year(rows, place, year - 1), mean, place.name, language)
    title = language.pick("Registrerede virksomheder", "Registered enterprises")
    bars = [
        tiny.Column(
            f"’{str(row['year'])[2:]}",
            float(row["rsv_registered"]),
            False,
            rows.group_mean.get((place.group, int(row["year"]))),
        )
        for _, row in frame.iterrows()
    ]
    body = [
        [
            str(row["year"]),
            language.number(row["rsv_registered"]),
            language.shown(row["rsv_active"], "ok"),
            language.number(rows.group_mean.get((place.group, int(row["year"])), 0.0), 1),
        ]
        for _, row in frame.iterrows()
    ]
    columns = [language.pick("År", "Year"), language.pick("Registreret", "Registered"), language.pick("Aktive", "Active"), language.pick("Gruppens gennemsnit", "Group's mean")]  # fmt: skip
    svg = tiny.columns("registreret", bars, title, finding, language)
    note = language.pick("Offentligt register; ved årets udgang, det sidste år ved opgørelsen. Streg: gruppens gennemsnit pr. kommune.", "Public register; at the end of the year, the last year at the cut-off. Line: the group's mean per municipality.")  # fmt: skip
    return _figure("registreret", title, finding, svg, table(f"{title}, {place.name}", columns, body), "supply_by_municipality", note)  # fmt: skip


def _part(row: pd.Series) -> float | None:
    """People at RSV of all in placements; None where it is protected or there is nobody."""
    if not is_known(row["persons_in_rsv"]) or not is_known(row["persons_in_placement"]):
        return None
    total = float(row["persons_in_placement"])
    return float(row["persons_in_rsv"]) / total if total else None


def _part_status(row: pd.Series) -> str:
    """Why the share is not there: that of the first of its two numbers that is protected."""
    found = (status_of(row, name) for name in ("persons_in_rsv", "persons_in_placement"))
    return next((status for status in found if status != OK), OK)


def _placed(tier: Tier, rows: Rows, place: Place, group_name: str, language: Language) -> Figure:
    frame = tier.whole_years(rows.supply[place.code])
    year = tier.last_whole_year
    row = _year(rows, place, year)
    group = rows.group_share.get((place.group, year))
    finding = say.placed(row, group, place.name, language)
    title = language.pick(
        "Andel af borgere i forløb, der er i en RSV", "Share of citizens in placements who are at an RSV"
    )
    bars = [
        tiny.Column(f"’{str(one['year'])[2:]}", _part(one), _part_status(one) != OK, rows.group_share.get((place.group, int(one["year"]))))
        for _, one in frame.iterrows()
    ]  # fmt: skip
    body = [
        [str(one["year"]), *(language.shown(one[name], status_of(one, name)) for name in ("persons_in_rsv", "persons_in_placement")), language.shown(_part(one), _part_status(one), language.percent)]
        for _, one in frame.iterrows()
    ]  # fmt: skip
    columns = [language.pick("År", "Year"), language.pick("I RSV", "At RSV"), language.pick("I forløb i alt", "In placements in all"), language.pick("Andel", "Share")]  # fmt: skip
    svg = tiny.columns("forloeb", bars, title, finding, language, lambda share: language.percent(share, 0))
    note = language.pick(
        "Efter ansvarlig kommune; hele år. Streg: kommunegruppen.",
        "By responsible municipality; whole years. Line: the municipality group.",
    )
    return _figure("forloeb", title, finding, svg, table(f"{title}, {place.name}", columns, body), "supply_by_municipality", note)  # fmt: skip


def _employed(tier: Tier, rows: Rows, place: Place, group_name: str, language: Language) -> Figure:
    own, group = rows.hours.get(place.code), rows.group_hours.get(place.group)
    named = [(place.name, own), (group_name, group), (tier.labels.of("municipality_code", "all", language), rows.group_hours.get("all"))]  # fmt: skip
    finding = say.employed(own, group, place.name, language)
    title = language.pick("I ordinært arbejde efter 12 måneder", "In ordinary work after 12 months")
    dots = [
        (label, None, None, None, False)
        if row is None
        else (label, row["share"], row["ci_lower"], row["ci_upper"], status_of(row, "share") != OK)
        for label, row in named
    ]
    body = [
        [label, *([language.shown(None, "ok")] * 4 if row is None else [language.shown(row["spells"], status_of(row, "spells")), language.shown(row["employed"], status_of(row, "employed")), *share_and_interval(row, language)])]
        for label, row in named
    ]  # fmt: skip
    columns = ["", language.pick("Forløb", "Placements"), language.pick("I arbejde", "In work"), language.pick("Andel", "Share"), language.pick("95 %-interval", "95% interval")]  # fmt: skip
    svg = tiny.intervals("arbejde", dots, title, finding, language)
    note = language.pick("Alle starter i RSV samlet. Ikke en effekt: kommunerne har ikke de samme borgere.", "All starts at RSV together. No effect: municipalities do not have the same citizens.")  # fmt: skip
    return _figure("arbejde", title, finding, svg, table(f"{title}, {place.name}", columns, body), "hours_by_municipality", note)  # fmt: skip
