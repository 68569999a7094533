"""Spoiling rows: for each rejection rule of the contract a way to break it, given to some rows of a dense country.

A spoilt row is added beside the good one, as a later or earlier version or under an id of its own, so that what the older
version says must come through.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from . import dense_numbers, dense_oddities
from .dense_files import Country
from .dense_payroll import Reported
from .dense_people import People
from .dense_placement import Placed
from .dense_registry import Registry

Row = dict[str, str]
Change = Callable[[random.Random, Row], Row]

PLACEMENT: list[Change] = [
    lambda rng, row: {"cpr": dense_numbers.bad_cpr(rng, row["cpr"] or "6101501111")},
    lambda rng, row: {"tilbudstype": rng.choice(["", "XXX", "vpk"])},
    lambda rng, row: {"maalgruppe": rng.choice(["", "0", "15", "99", "fire", "4,0"])},
    lambda rng, row: {"startdato": ""},
    lambda rng, row: {"startdato": rng.choice(["2019-02-30", "2019/01/01", "2019-1-1", " 2019-01-01"])},
    lambda rng, row: {"slutdato": "2007-01-01"},
    lambda rng, row: {"tilbudstype": "VPK", "cvr": "", "p_nummer": ""},
    lambda rng, row: {"timer_pr_uge": rng.choice(["60", "-1", "100"])},
    lambda rng, row: {"minutter_pr_uge": rng.choice(["60", "-5"])},
    lambda rng, row: {"timer_pr_uge": rng.choice(["7,5", "x", "1e1", "+3"])},
    lambda rng, row: {"ansvarlig_kommune": rng.choice(["", "0999", "101"])},
    lambda rng, row: {"startdato": "2006-12-31", "maalgruppe": "2"},
    lambda rng, row: {"startdato": "2099-01-01", "slutdato": "", "maalgruppe": "2"},
    lambda rng, row: {"aktivitet_id": ""},
    lambda rng, row: {"registreret_tidspunkt": ""},
    lambda rng, row: {"registreret_tidspunkt": rng.choice(["2019-01-01", "2019-01-01T24:00:00", "2019-01-01T10:00"])},
    lambda rng, row: {"cvr": dense_numbers.bad_cvr(rng, "10103940")},
    lambda rng, row: {"p_nummer": rng.choice(["123456789", "12345678901", "12345678ab"])},
    lambda rng, row: {"handling": rng.choice(["", "X", "o"])},
    lambda rng, row: {"startdato": "2007-06-01", "slutdato": "2007-06-30", "maalgruppe": "2"},
]

PAYROLL: list[Change] = [
    lambda rng, row: {"indberetningsart": rng.choice(["", "X", "i"])},
    lambda rng, row: {"indberetning_id": ""},
    lambda rng, row: {"post_nr": ""},
    lambda rng, row: {"indberettet_tidspunkt": ""},
    lambda rng, row: {"indberettet_tidspunkt": "2019-01-01 10:00:00"},
    lambda rng, row: {"cpr": dense_numbers.bad_cpr(rng, row["cpr"] or "6101501111")},
    lambda rng, row: {"se_nr": dense_numbers.bad_cvr(rng, "10103940")},
    lambda rng, row: {"indkomsttype": rng.choice(["", "0", "99", "000"])},
    lambda rng, row: {"dispositionsdato": ""},
    lambda rng, row: {"periode_fra": ""},
    lambda rng, row: {"periode_til": ""},
    lambda rng, row: {"periode_fra": "2019-06-02", "periode_til": "2019-06-01"},
    lambda rng, row: {"periode_fra": "2019-01-01", "periode_til": "2020-01-02"},
    lambda rng, row: {"felt_0200": rng.choice(["1000", "-1000", "1000,01"]), "kryds_0220": ""},
    lambda rng, row: {"felt_0200": "10", "kryds_0220": "X"},
    lambda rng, row: {"felt_0013": rng.choice(["1.000,00", "12.5", "abc", "1e3", ",5", "5,", "+5", " 1"])},
    lambda rng, row: {"felt_0016": "x"},
    lambda rng, row: {"kryds_0220": "x"},
    lambda rng, row: {"p_nummer": "12"},
    lambda rng, row: {"periode_fra": "2019-02-29"},
]

REVERSAL: list[Change] = [
    *PAYROLL[:6],
    lambda rng, row: {"reference_id": ""},
    lambda rng, row: {"felt_0013": "not read", "indkomsttype": "99"},
]


def spoil_placements(rng: random.Random, placed: list[Placed], people: People, share: float) -> list[Placed]:
    """Spoilt copies of some rows, registered a little earlier or later, and some of another person."""
    added = []
    for good in placed:
        if rng.random() >= share:
            continue
        moment = datetime.fromisoformat(good.row["registreret_tidspunkt"]) + timedelta(
            seconds=rng.choice([-61, 61, 86_407])
        )
        changed = {**good.row, "registreret_tidspunkt": moment.isoformat()}
        kind = rng.random()
        if kind < 0.1:
            changed |= {"cpr": rng.choice([*people.born, *people.strangers])}
        else:
            changed |= rng.choice(PLACEMENT)(rng, changed)
            if rng.random() < 0.2:
                changed |= rng.choice(PLACEMENT)(rng, changed)
        if rng.random() < 0.3 and changed["aktivitet_id"]:
            changed["aktivitet_id"] += "x"
        place = good.municipality if rng.random() < 0.9 else rng.choice([other.municipality for other in placed[:50]])
        added.append(Placed(place, good.month, changed))
    return added


def spoil_payroll(rng: random.Random, reported: list[Reported], share: float) -> list[Reported]:
    """Spoilt copies of some lines, under the same identity or one of their own."""
    added = []
    for good in reported:
        if rng.random() >= share:
            continue
        changed = dict(good.row)
        moment = datetime.fromisoformat(changed["indberettet_tidspunkt"]) + timedelta(seconds=61)
        changed["indberettet_tidspunkt"] = moment.isoformat()
        changed |= rng.choice(REVERSAL if changed["indberetningsart"] == "T" else PAYROLL)(rng, changed)
        if rng.random() < 0.5 and changed["indberetning_id"]:
            changed["indberetning_id"] += "x"
        added.append(Reported(good.month, changed))
    return added


def _body(document: dict[str, Any]) -> dict[str, Any]:
    return next(iter(document.values()))


def spoil_registry(rng: random.Random, registry: Registry, people: People) -> None:
    """Documents and rows that must be rejected, some of them with the number of a good one."""
    enterprises, units = registry.enterprise_documents, registry.unit_documents
    for change in (
        {"fejlRegistreret": True},
        {"fejlRegistreret": "true"},
        {"fejlRegistreret": 0},
        {"reklamebeskyttet": 1},
        {"cvrNummer": 12345678},
        {"cvrNummer": str(registry.enterprises[0])},
        {"navne": [{"navn": 5, "periode": {}}]},
        {"livsforloeb": [{"periode": {"gyldigFra": "2019-02-30"}}]},
        {"maanedsbeskaeftigelse": [{"aar": 2019, "maaned": 13, "antalAnsatte": 1}]},
        {"erstMaanedsbeskaeftigelse": [{"aar": 2019, "maaned": 1, "intervalKodeAntalAnsatte": "MANGE"}]},
        {"beliggenhedsadresse": [{"kommune": "0101"}]},
        {"hovedbranche": [{"periode": {}}]},
        {"virksomhedsform": {"virksomhedsformkode": 80}},
        {"penheder": [{"pNummer": "1"}]},
        {"attributter": [{"type": "SOCIAL_ØKONOMISK_VIRKSOMHED", "vaerdier": [{"vaerdi": True}]}]},
    ):
        spoilt = copy.deepcopy(rng.choice(enterprises[: len(registry.enterprises)]))
        _body(spoilt).update(change)
        enterprises.append(spoilt)
    for change in (
        {"fejlRegistreret": True},
        {"pNummer": 12},
        {"virksomhedsrelation": [{"cvrNummer": 12345678, "periode": {}}]},
        {"virksomhedsrelation": [{"periode": {}}]},
        {"livsforloeb": [{"periode": {"gyldigFra": 2019}}]},
    ):
        spoilt = copy.deepcopy(rng.choice(units[: len(registry.units)]))
        _body(spoilt).update(change)
        units.append(spoilt)
    units.append(copy.deepcopy(enterprises[0]))
    for row in rng.sample(registry.se_rows, 5):
        change = rng.choice(
            [{"se_nr": "1"}, {"cvr_nr": ""}, {"gyldig_fra": "01-01-2019"}, {"gyldig_til": "2019-06-31"}]
        )
        registry.se_rows.append(row | change)
    for row in rng.sample(people.rows, 8):
        change = rng.choice(
            [{"cpr": dense_numbers.bad_cpr(rng, row["cpr"])}, {"bopael_fra": "x"}, {"status_dato": "2020-13-01"}]
        )
        people.rows.append(row | change)
    for row in rng.sample(people.weeks, 4):
        people.weeks.append(dict(row))
    people.weeks.append(people.weeks[0] | {"cpr": "1"})


def add_oddities(rng: random.Random, country: Country) -> None:
    """Oddly spelt copies of rows and documents, under ids of their own or as later versions of good ones."""
    placed, reported = country.placed, country.reported
    for good in rng.sample(placed, min(len(placed), 250)):
        row = dense_oddities.odd_row(rng, good.row, dense_oddities.PLACEMENT)
        row["aktivitet_id"] += "o" if rng.random() < 0.7 else ""
        placed.append(Placed(good.municipality, good.month, row))
    for line in rng.sample(reported, min(len(reported), 600)):
        row = dense_oddities.odd_row(rng, line.row, dense_oddities.PAYROLL)
        row["indberetning_id"] += "o" if rng.random() < 0.7 else ""
        reported.append(Reported(line.month, row))
    registry, people = country.registry, country.people
    people.rows += [dense_oddities.odd_row(rng, row, dense_oddities.PERSONER) for row in rng.sample(people.rows, 25)]
    registry.se_rows += [
        dense_oddities.odd_row(rng, row, dense_oddities.SE_NUMRE) for row in rng.sample(registry.se_rows, 10)
    ]
    good_documents = [document for document in registry.enterprise_documents if "Vrvirksomhed" in document]
    registry.enterprise_documents += [dense_oddities.odd_enterprise(rng, rng.choice(good_documents)) for _ in range(60)]
    good_units = [document for document in registry.unit_documents if "VrproduktionsEnhed" in document]
    registry.unit_documents += [dense_oddities.odd_unit(rng, rng.choice(good_units)) for _ in range(30)]
