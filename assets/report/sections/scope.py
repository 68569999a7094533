"""Scope: the register over time, who is in placements, and what the placements are.

Belongs here: figures of the country over time and by group. Not here: places (places.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.charts.bars import bar_chart
from assets.report.charts.columns import column_chart
from assets.report.charts.lines import line_chart
from assets.report.findings import scope as say
from assets.report.language import Language
from assets.report.model import Figure, Section
from assets.report.sections.parts import cells, figure, table
from assets.report.sections.places import placed_map, registered_map, towns_and_outskirts
from assets.report.status import is_protected, status_of
from assets.report.theme import ACCENT, OTHER, RSV
from assets.report.tier import Tier

BY_GROUP = "scope_by_instrument_and_target"  # one of the two is always `all`
COUNTRY = {"municipality_group": "all", "municipality_code": "all"}


def section(tier: Tier, language: Language) -> Section:
    """Omfang: how many, who, where."""
    return Section(
        "omfang",
        language.pick("Omfang: hvor mange, hvem og hvor", "Scope: how many, who and where"),
        (
            language.pick(
                "Registret er offentligt, og dets tal vises altid. Hvor borgere er talt, er små tal beskyttet.",
                "The register is public and its numbers are always shown. Where citizens are counted, small numbers are protected.",
            ),
        ),
        (
            register(tier, language),
            persons(tier, language),
            target_groups(tier, language),
            age_and_sex(tier, language),
            instruments(tier, language),
            registered_map(tier, language),
            placed_map(tier, language),
            towns_and_outskirts(tier, language),
        ),
    )


def register(tier: Tier, language: Language) -> Figure:
    """Registered, active, with placements: by year."""
    rows = tier.tables["register"].sort_values("year")
    names = {
        "rsv_registered": language.pick("Registreret", "Registered"),
        "rsv_active": language.pick("Aktive", "Active"),
        "rsv_with_spells": language.pick("Med forløb", "With citizens"),
    }
    long = rows.melt("year", list(names), "measure", "y")
    long = pd.DataFrame({"x": long["year"].astype(str), "y": long["y"].astype(float), "series": long["measure"].map(names)})  # fmt: skip
    colours = dict(zip(names.values(), (RSV, ACCENT, OTHER), strict=True))
    measures = [*names, "municipalities_with_rsv"]
    title = language.pick("Registrerede socialøkonomiske virksomheder", "Registered social enterprises")
    body = cells(rows, measures, language)
    shares = [
        [
            language.shown(row[name], status_of(row, name), language.percent)
            for name in ("ordinary_share", "guidance_share")
        ]
        for _, row in rows.iterrows()
    ]
    columns = [
        language.pick("År", "Year"), *names.values(), language.pick("Kommuner med RSV", "Municipalities with RSV"),
        language.pick("Ordinært ansatte", "Ordinarily employed"), language.pick("Vejledning af startede forløb", "Guidance of placements started"),
    ]  # fmt: skip
    return figure(
        "register", title, say.register(tier, language),
        table(title, columns, [[str(year), *line, *more] for year, line, more in zip(rows["year"], body, shares, strict=True)]),
        ["register"], lambda size: line_chart(long, colours, size, language), language,
        note=language.pick("Stand ved årets udgang; det sidste år ved opgørelsesdagen.", "State at the end of the year; the last year on the cut-off day."),
    )  # fmt: skip


def persons(tier: Tier, language: Language) -> Figure:
    """People in placements at RSV, by whole year."""
    rows = tier.whole_years(tier.rows("scope_by_municipality", **COUNTRY))
    rsv = rows[rows["enterprise_kind"] == "rsv"]
    total = rows[rows["enterprise_kind"] == "all"].set_index("year")
    title = language.pick("Borgere i forløb i registrerede socialøkonomiske virksomheder", "Citizens in placements at registered social enterprises")  # fmt: skip
    shown = pd.DataFrame(
        {"x": rsv["year"].astype(str), "value": rsv["persons"], "is_hidden": is_protected(rsv, "persons")}
    )
    body = [
        [
            str(row["year"]),
            *(language.shown(row[name], status_of(row, name)) for name in ("persons", "spells_started")),
            language.shown(total.loc[row["year"], "persons"], total.loc[row["year"], "status"])
            if row["year"] in total.index
            else language.shown(None, "ok"),
        ]
        for _, row in rsv.iterrows()
    ]
    columns = [language.pick("År", "Year"), language.pick("Borgere i RSV", "Citizens at RSV"), language.pick("Startede forløb i RSV", "Placements started at RSV"), language.pick("Borgere i forløb i alt", "Citizens in placements in all")]  # fmt: skip
    return figure(
        "borgere", title, say.persons(tier, language), table(title, columns, body), ["scope_by_municipality"],
        (lambda size: column_chart(shown, size, language)) if len(shown) else None, language,
        note=language.pick("Hele år alene: et halvt år ved siden af hele ville ligne et fald. En borger tæller én gang om året.", "Whole years alone: half a year beside whole ones would look like a fall. A citizen counts once a year."),
    )  # fmt: skip


def target_groups(tier: Tier, language: Language) -> Figure:
    """People at RSV by target group."""
    rows = tier.rows(BY_GROUP, year=tier.last_whole_year, enterprise_kind="rsv", instrument="all", municipality_group="all")  # fmt: skip
    title = language.pick(f"Målgrupper, {tier.last_whole_year}", f"Target groups, {tier.last_whole_year}")
    return _by_group(tier, language, "borgere-maalgruppe", title, rows, "target_group", BY_GROUP, say.largest(rows, "target_group", tier, language))  # fmt: skip


def instruments(tier: Tier, language: Language) -> Figure:
    """Placements at RSV by instrument."""
    rows = tier.rows(BY_GROUP, year=tier.last_whole_year, enterprise_kind="rsv", target_group="all", municipality_group="all")  # fmt: skip
    title = language.pick(f"Hvad forløbene er, {tier.last_whole_year}", f"What the placements are, {tier.last_whole_year}")  # fmt: skip
    return _by_group(tier, language, "tilbud", title, rows, "instrument", BY_GROUP, say.instruments(rows, tier, language), "spells_started")  # fmt: skip


def _by_group(
    tier: Tier,
    language: Language,
    name: str,
    title: str,
    rows: pd.DataFrame,
    column: str,
    source: str,
    finding: str,
    measure: str = "persons",
) -> Figure:
    parts = rows[rows[column] != "all"].sort_values([measure, column], ascending=[False, True], na_position="last")
    labels = [tier.labels.of(column, code, language) for code in parts[column]]
    shown = pd.DataFrame({"label": labels, "series": "rsv", "value": parts[measure].to_numpy(), "is_hidden": is_protected(parts, measure).to_numpy()})  # fmt: skip
    body = [
        [label, *line]
        for label, line in zip(labels, cells(parts, ["persons", "spells_started"], language), strict=True)
    ]
    columns = ["", language.pick("Borgere i RSV", "Citizens at RSV"), language.pick("Startede forløb", "Placements started")]  # fmt: skip
    return figure(
        name, title, finding, table(title, columns, body), [source],
        (lambda size: bar_chart(shown, {"rsv": RSV}, size, language)) if len(shown) else None, language,
        note=language.pick("Borgere i årets løb. En borger kan stå i flere rækker; tallene lægges ikke sammen.", "Citizens in the course of the year. A citizen may stand in several rows; the numbers do not add up.")
        if measure == "persons"
        else language.pick("Forløb startet i årets løb.", "Placements started in the course of the year."),
    )  # fmt: skip


def age_and_sex(tier: Tier, language: Language) -> Figure:
    """People at RSV by age and sex."""
    rows = tier.rows("scope_by_age_and_sex", year=tier.last_whole_year, enterprise_kind="rsv")
    parts = rows[(rows["age_band"] != "all") & (rows["sex"] != "all")].sort_values(["age_band", "sex"])
    labels = [_age(tier, code, language) for code in parts["age_band"]]
    sexes = {code: tier.labels.of("sex", code, language) for code in ("woman", "man")}
    shown = pd.DataFrame({"label": labels, "series": parts["sex"].map(sexes).to_numpy(), "value": parts["persons"].to_numpy(), "is_hidden": is_protected(parts, "persons").to_numpy()})  # fmt: skip
    title = language.pick(f"Alder og køn, {tier.last_whole_year}", f"Age and sex, {tier.last_whole_year}")
    wide = parts.pivot(index="age_band", columns="sex", values=["persons", "status"])
    body = [
        [_age(tier, age, language), *(language.shown(wide.loc[age, ("persons", sex)], str(wide.loc[age, ("status", sex)])) for sex in sexes)]
        for age in wide.index
    ]  # fmt: skip
    return figure(
        "alder", title, say.age_and_sex(rows, tier, language),
        table(title, [language.pick("Alder", "Age"), *sexes.values()], body), ["scope_by_age_and_sex"],
        (lambda size: bar_chart(shown, {sexes["woman"]: RSV, sexes["man"]: OTHER}, size, language)) if len(shown) else None, language,
        note=language.pick("Alder ved forløbets start.", "Age at the start of the placement."),
    )  # fmt: skip


def _age(tier: Tier, code: str, language: Language) -> str:
    """`16–24 år`, whatever the label's dash."""
    label = tier.labels.of("age_band", code, language)
    label = f"{code}{language.pick(' år', '')}" if label == code else label
    return label.replace("-", "–")
