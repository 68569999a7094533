"""The sections of a protocol: which keys each has, and what their values may be.

Belongs here: who is compared with whom on what, from the file to typed values, with what must agree between sections. Not here: how it is estimated and what would make us not believe it
(protocol_methods.py), YAML and words of mistakes (protocol_reader.py), names (protocol_schema.py).
"""

from __future__ import annotations

from typing import Any

from transforms.evaluation import protocol_methods as methods
from transforms.evaluation import protocol_schema as schema
from transforms.evaluation.protocol import (
    Contrast,
    Covariates,
    Eligibility,
    Horizons,
    Outcome,
    Primary,
)
from transforms.evaluation.protocol_reader import Section


def read_sections(file: Section) -> dict[str, Any]:
    """All fields of `Protocol` but the hash. Mistakes are in the section's list: with one, the values are stand-ins."""
    version, title = file.whole("version", 1, 1), file.text("title")
    eligibility = _eligibility(file.section("eligibility"))
    families = file.sections("families", schema.FAMILIES)
    hours = {name: _most_hours(name, section) for name, section in families.items()}
    kinds, controls = _arms(file.section("arms"))
    contrasts = tuple(_contrast(name, one) for name, one in file.sections("contrasts", schema.CONTRASTS).items())
    instrument_families = _instrument_families(file.section("instrument_families"))
    cells = file.names("cells", schema.CELLS)
    if cells and set(cells) != set(schema.CELLS):
        file.wrong("cells", f"all of {', '.join(schema.CELLS)}: controls are drawn by them")
    towns = file.names("town_groups", schema.MUNICIPALITY_GROUPS)
    outcomes = tuple(_outcome(name, one) for name, one in file.sections("outcomes", schema.OUTCOMES).items())
    named = tuple(outcome.name for outcome in outcomes)
    horizons = _horizons(file.section("horizons"), named)
    contrast_names = tuple(contrast.name for contrast in contrasts)
    instruments = tuple(name for names in instrument_families.values() for name in names)
    primary = _primary(
        file.section("primary"), contrast_names, tuple(hours), tuple(instrument_families), named, horizons
    )
    values = {
        "version": version,
        "title": title,
        "eligibility": eligibility,
        "small_job_hours": hours.get("B", 0.0),
        "comparator_kinds": kinds,
        "controls_per_treated": controls,
        "contrasts": contrasts,
        "families": tuple(hours),
        "instrument_families": instrument_families,
        "cells": cells,
        "town_groups": towns,
        "outcomes": outcomes,
        "horizons": horizons,
        "primary": primary,
        "covariates": _covariates(file.section("covariates"), contrast_names, instruments),
        "estimators": methods.estimators(file.section("estimators")),
        "inference": methods.inference(file.section("inference")),
        "exits": methods.exits(file.section("exits")),
        "diagnostics": methods.diagnostics(file.section("diagnostics")),
        "subgroups": methods.subgroups(file.section("subgroups")),
        "placebo": methods.placebo(file.section("placebo"), named, horizons),
        "sensitivity": _sensitivity(file, primary),
        "registration": methods.registration(file.section("registration"), named, horizons),
        "seeds": methods.seeds(file.section("seeds")),
    }
    file.close()
    return values


def _sensitivity(file: Section, primary: Primary) -> tuple[str, ...]:
    runs = file.names("sensitivity", schema.SENSITIVITY_RUNS, empty=True)
    same = "first_starts" if primary.first_start_only else "all_starts"
    if same in runs:
        file.wrong("sensitivity", f"runs that change something: {same} is what primary.first_start_only says already")
    return runs


def _eligibility(section: Section) -> Eligibility:
    found = Eligibility(
        section.whole("age_from", 16, 100), section.whole("age_to", 16, 100), section.whole("months_before", 3, 12)
    )
    if found.age_to < found.age_from:
        section.wrong("age_to", f"an age of at least age_from ({found.age_from})")
    section.close()
    return found


def _most_hours(name: str, section: Section) -> float:
    most = section.number("most_hours", 0, 0) if name == "A" else section.number("most_hours", 1, 160.33)
    section.close()
    return most


def _arms(section: Section) -> tuple[tuple[str, ...], int]:
    other, none = section.section("O"), section.section("N")
    found = other.names("enterprise_kinds", schema.COMPARATOR_KINDS), none.whole("controls_per_treated", 1, 1000)
    for one in (other, none, section):
        one.close()
    return found


def _contrast(name: str, section: Section) -> Contrast:
    comparator = section.choice("comparator", (schema.COMPARATORS[name],))
    # Controls have no enterprise: folds and errors by it would leave them out.
    by = ("enterprise", "person") if name == "RO" else ("person",)
    ways = ("jackknife", "two_way", "person") if name == "RO" else ("two_way", "person")
    found = Contrast(name, comparator, section.choice("folds_by", by), section.choice("inference", ways))
    section.close()
    return found


def _instrument_families(section: Section) -> dict[str, tuple[str, ...]]:
    families = {name: section.names(name, schema.INSTRUMENTS) for name in section.values}
    if not families and not section.is_broken:
        section.mistakes.append(f"{section.path}: found no family, allowed is at least one")
    seen: dict[str, str] = {}
    for family, instruments in families.items():
        if not family.replace("_", "a").isalnum() or not family.isascii() or family in schema.INSTRUMENTS:
            section.mistakes.append(
                f"{section.at(family)}: found {family!r}, allowed is a name of letters, digits and _ that is no instrument"
            )
        for instrument in instruments:
            if seen.setdefault(instrument, family) != family:
                section.mistakes.append(
                    f"{section.at(family)}: found {instrument}, allowed is an instrument in one family; it stands in {seen[instrument]} too"
                )
    return families


def _outcome(name: str, section: Section) -> Outcome:
    kind = section.choice("kind", ("share" if name in schema.SHARES else "amount",))
    found = Outcome(name, kind, section.number("smallest_effect", 1e-6, 1 if kind == "share" else 1e9))
    section.close()
    return found


def _horizons(section: Section, outcomes: tuple[str, ...]) -> Horizons:
    first, last = section.whole("first_month", -36, -1), section.whole("last_month", 1, 36)
    found = Horizons(
        section.wholes("reported", 1, last),
        first,
        last,
        section.names("curves", outcomes),
        section.choice("break_even", [name for name in outcomes if name.startswith("cumulative")]),
    )
    section.close()
    return found


def _primary(
    section: Section,
    contrasts: tuple[str, ...],
    families: tuple[str, ...],
    instrument_families: tuple[str, ...],
    outcomes: tuple[str, ...],
    horizons: Horizons,
) -> Primary:
    found = Primary(
        section.choice("contrast", contrasts),
        section.choice("family", families),
        section.choice("instrument_family", instrument_families),
        section.choice("outcome", outcomes),
        section.whole("horizon", 1, horizons.last_month),
        section.names("beside", outcomes, empty=True),
        section.flag("first_start_only"),
    )
    if horizons.reported and found.horizon not in horizons.reported:
        section.wrong("horizon", f"one of horizons.reported ({', '.join(map(str, horizons.reported))})")
    if found.outcome in found.beside:
        section.wrong("beside", f"outcomes other than the primary one ({found.outcome})")
    month = schema.LAST_ONLY.get(found.outcome)
    if month is not None and found.horizon != month:
        section.wrong("horizon", f"{month}: {found.outcome} is defined there alone")
    section.close()
    return found


def _covariates(section: Section, contrasts: tuple[str, ...], instruments: tuple[str, ...]) -> Covariates:
    columns = schema.covariates(instruments)
    continuous, linear = section.names("continuous", columns, empty=True), section.names("linear", columns, empty=True)
    if twice := [name for name in linear if name in continuous]:
        section.wrong("linear", f"covariates that continuous does not name ({', '.join(twice)})")
    if not continuous and not linear:
        section.wrong("continuous", "at least one covariate, here or in linear")
    by_contrast = section.section("categories")
    categories = {}
    for name in contrasts:
        allowed = [one for one in schema.CATEGORIES if name == "RO" or one not in schema.ONLY_OF_STARTS]
        categories[name] = by_contrast.names(name, allowed, empty=True)
    by_contrast.close()
    section.close()
    return Covariates(continuous, linear, categories)
