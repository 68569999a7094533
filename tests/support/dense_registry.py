"""The registry of a dense country: enterprises, units, SE numbers whose periods overlap, touch, leave gaps and tie.

Rows that a rule must reject are added by `dense_defects`.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from . import dense_numbers

FORMS = [10, 15, 80, 60, 90, 110, 115, 230, 240, 250]
INDUSTRIES = ["681000", "941000", "881010", "561010", "620100", "1"]
RSV = "SOCIAL_ØKONOMISK_VIRKSOMHED"
CODES_BEFORE_2007 = [201, 711]


@dataclass
class Registry:
    """The numbers that placements and payroll use, and the documents and rows to be written."""

    municipalities: list[str]
    enterprises: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)  # valid CVR numbers that the register does not know
    units: list[str] = field(default_factory=list)
    se_numbers: list[str] = field(default_factory=list)
    enterprise_documents: list[dict[str, Any]] = field(default_factory=list)
    unit_documents: list[dict[str, Any]] = field(default_factory=list)
    se_rows: list[dict[str, str]] = field(default_factory=list)


def some_day(rng: random.Random, first: date, last: date) -> date:
    """A day between two, often the first of a month or a neighbour of it, so that edges collide."""
    day = first + timedelta(days=rng.randrange((last - first).days + 1))
    if rng.random() < 0.4:
        day = day.replace(day=1) + timedelta(days=rng.choice([-1, 0, 0, 1]))
    return min(max(day, first), last)


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def periods(rng: random.Random, first: date, last: date, most: int, ties: bool) -> list[dict[str, Any]]:
    """Some periods in any order: open, overlapping, touching, with gaps; with `ties` two may start on one day."""
    found: list[tuple[date | None, date | None]] = []
    for _ in range(rng.randint(1, most)):
        start = some_day(rng, first, last)
        if found and found[-1][1] and rng.random() < 0.5:
            start = found[-1][1] + timedelta(days=rng.choice([-20, 0, 1, 1, 1, 2, 40]))
        end = None if rng.random() < 0.4 else start + timedelta(days=rng.choice([0, 27, 30, 200, 365, 700]))
        if not ties and any(start == other for other, _ in found):
            continue
        found.append((start, end))
        if ties and rng.random() < 0.15:
            found.append((start, None if rng.random() < 0.5 else start + timedelta(days=90)))
    if rng.random() < 0.7:
        found.append(
            (None if rng.random() < 0.1 else date(2008, 1, 1), None if rng.random() < 0.8 else date(2018, 6, 30))
        )
    rng.shuffle(found)
    return [{"gyldigFra": _text(start), "gyldigTil": _text(end)} for start, end in found]


def _headcounts(rng: random.Random, first: date, last: date, ties: bool) -> list[dict[str, Any]]:
    found, month = [], first.replace(day=1)
    while month <= last:
        if rng.random() < 0.3:
            count = rng.choice([None, 0, 1, 9, 10, 49, 50, 199, 200, 4])
            interval = rng.choice([None, "ANTAL_0_0", "ANTAL_2_4", "ANTAL_10_19", "ANTAL_200_499"])
            entry = {
                "aar": month.year,
                "maaned": month.month,
                "antalAnsatte": count,
                "intervalKodeAntalAnsatte": interval,
            }
            found.append(entry)
            if ties and rng.random() < 0.05:
                found.append({**entry, "antalAnsatte": rng.randrange(60)})
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def _flags(rng: random.Random, first: date, last: date) -> list[dict[str, Any]]:
    values = []
    for period in periods(rng, first, last, 2, ties=True):
        if rng.random() < 0.15:
            period["gyldigFra"] = None
        values.append({"vaerdi": rng.choice(["true", "true", "true", "true", "false", None]), "periode": period})
    entries = [{"type": RSV, "vaerdier": values}, {"type": "FORMÅL", "vaerdier": [{"vaerdi": "x"}]}]
    return [*entries, {"type": RSV, "vaerdier": [{"vaerdi": "true", "periode": periods(rng, first, last, 1, True)[0]}]}]


def _enterprise(rng: random.Random, cvr: str, places: list[str], first: date, last: date, ties: bool) -> dict[str, Any]:
    def listed(most: int, make: Any) -> list[dict[str, Any]]:
        return [{**make(), "periode": period} for period in periods(rng, first, last, most, ties)]

    def address() -> dict[str, Any]:
        code = rng.choice([*(int(place) for place in places), *CODES_BEFORE_2007, None])
        return {"kommune": rng.choice([{"kommuneKode": code}] * 8 + [None])}

    body: dict[str, Any] = {
        "cvrNummer": int(cvr),
        "navne": listed(2, lambda: {"navn": rng.choice([f"Æblehuset {cvr}", f"Firma {cvr}", None])}),
        "beliggenhedsadresse": listed(3, address),
        "hovedbranche": listed(3, lambda: {"branchekode": rng.choice(INDUSTRIES)}),
        "virksomhedsform": listed(2, lambda: {"virksomhedsformkode": rng.choice(FORMS)}),
        "livsforloeb": [{"periode": period} for period in periods(rng, first, last, 2, ties)],
        "maanedsbeskaeftigelse": _headcounts(rng, first, last, ties),
        "erstMaanedsbeskaeftigelse": _headcounts(rng, first, last, ties),
        "reklamebeskyttet": rng.choice([True, False, None]),
        "fejlRegistreret": rng.choice([False, None]),
    }
    if rng.random() < 0.6:
        body["attributter"] = _flags(rng, first, last)
    for name in ("navne", "beliggenhedsadresse", "maanedsbeskaeftigelse", "fejlRegistreret"):
        if rng.random() < 0.05:
            del body[name]
    return {"Vrvirksomhed": body}


def make_registry(
    rng: random.Random, places: list[str], first: date, last: date, enterprises: int, ties: bool
) -> Registry:
    """Enterprises, units that change owner, SE numbers that change enterprise."""
    registry, taken = Registry(places), set()
    registry.enterprises = [dense_numbers.cvr(rng, taken) for _ in range(enterprises)]
    registry.outside = [dense_numbers.cvr(rng, taken) for _ in range(3)]
    owners = registry.enterprises + registry.outside
    for cvr in registry.enterprises:
        document = _enterprise(rng, cvr, places, first, last, ties)
        if ties and rng.random() < 0.1:
            registry.enterprise_documents.append(_enterprise(rng, cvr, places, first, last, ties))
        registry.enterprise_documents.append(document)
    for _ in range(2 * enterprises):
        number = dense_numbers.p_number(rng, taken)
        registry.units.append(number)
        relations = [
            {"cvrNummer": int(rng.choice(owners)), "periode": period} for period in periods(rng, first, last, 3, ties)
        ]
        registry.unit_documents.append(
            {"VrproduktionsEnhed": {"pNummer": int(number), "virksomhedsrelation": relations}}
        )
    for _ in range(enterprises):
        number = dense_numbers.cvr(rng, taken)
        registry.se_numbers.append(number)
        for period in periods(rng, first, last, 3, ties):
            start, end = period["gyldigFra"] or "", period["gyldigTil"] or ""
            row = {"se_nr": number, "cvr_nr": rng.choice(owners), "gyldig_fra": start, "gyldig_til": end}
            registry.se_rows.append(row)
    registry.se_numbers += rng.sample(registry.enterprises, enterprises // 2)
    registry.se_numbers += [dense_numbers.cvr(rng, taken), registry.outside[0]]
    return registry


def as_lines(documents: list[dict[str, Any]]) -> str:
    """One document a line."""
    return "".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
