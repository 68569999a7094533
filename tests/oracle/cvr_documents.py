"""The register's documents, one JSON object a line: what is read, which types it must have, which documents are rejected.

What an enterprise is on a day belongs to `enterprises`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from .identifiers import is_cvr, is_p_number
from .landing import Delivery
from .time_units import EVER_SINCE, FOR_EVER
from .values import UNREADABLE, read_date

RSV_TYPE = "SOCIAL_ØKONOMISK_VIRKSOMHED"
RSV_LAW = read_date("2015-01-01")

Period = tuple[int, int, Any]  # first day, last day, value


class NotReadable(Exception):
    """A value is not of its type."""


@dataclass
class Enterprise:
    """One accepted enterprise document; every list keeps the order of the file."""

    cvr: str
    names: list[Period] = field(default_factory=list)
    municipalities: list[Period] = field(default_factory=list)  # four digits as delivered, or None
    industries: list[Period] = field(default_factory=list)
    forms: list[Period] = field(default_factory=list)
    life: list[Period] = field(default_factory=list)
    flags: list[Period] = field(default_factory=list)  # the periods with "true"
    headcounts: dict[int, int] = field(default_factory=dict)  # month: employees


@dataclass
class Unit:
    """One accepted unit document."""

    p_number: str
    owners: list[Period] = field(default_factory=list)


def _of_type(value: Any, kind: type, may_be_missing: bool = False) -> Any:
    if value is None and may_be_missing:
        return None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise NotReadable
    return value


def _entries(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = _of_type(holder.get(name), list, may_be_missing=True) or []
    return [_of_type(entry, dict) for entry in entries]


def _day(text: Any) -> int | None:
    if _of_type(text, str, may_be_missing=True) is None:
        return None
    day = read_date(text)
    if day is UNREADABLE or day is None:
        raise NotReadable
    return day


def _period(entry: dict[str, Any], start: int = EVER_SINCE) -> tuple[int, int]:
    period = _of_type(entry.get("periode"), dict, may_be_missing=True) or {}
    first, last = _day(period.get("gyldigFra")), _day(period.get("gyldigTil"))
    return (start if first is None else first, FOR_EVER if last is None else last)


def _values(holder: dict[str, Any], name: str, key: str, kind: type, may_be_missing: bool = False) -> list[Period]:
    return [
        (*_period(entry), _of_type(entry.get(key), kind, may_be_missing=may_be_missing))
        for entry in _entries(holder, name)
    ]


def _flag(holder: dict[str, Any], name: str) -> bool:
    return bool(_of_type(holder.get(name), bool, may_be_missing=True))


def _addresses(holder: dict[str, Any]) -> list[Period]:
    found = []
    for entry in _entries(holder, "beliggenhedsadresse"):
        municipality = _of_type(entry.get("kommune"), dict, may_be_missing=True) or {}
        code = _of_type(municipality.get("kommuneKode"), int, may_be_missing=True)
        found.append((*_period(entry), None if code is None else f"{code:04d}"))
    return found


def _headcounts(holder: dict[str, Any], name: str) -> dict[int, int]:
    found = {}
    for entry in _entries(holder, name):
        year, month = _of_type(entry.get("aar"), int), _of_type(entry.get("maaned"), int)
        if not (1 <= year <= 9999 and 1 <= month <= 12):
            raise NotReadable
        count = _of_type(entry.get("antalAnsatte"), int, may_be_missing=True)
        interval = _of_type(entry.get("intervalKodeAntalAnsatte"), str, may_be_missing=True)
        if interval is not None:
            bounds = re.fullmatch("ANTAL_([0-9]+)_([0-9]+)", interval)
            if not bounds:
                raise NotReadable
            count = int(bounds.group(1)) if count is None else count
        if count is not None:
            found[12 * year + month - 1] = count
    return found


def _rsv_flags(holder: dict[str, Any]) -> list[Period]:
    found = []
    for attribute in _entries(holder, "attributter"):
        if _of_type(attribute.get("type"), str) != RSV_TYPE:
            continue
        for entry in _entries(attribute, "vaerdier"):
            value = _of_type(entry.get("vaerdi"), str, may_be_missing=True)
            period = _period(entry, start=RSV_LAW)
            if value == "true":
                found.append((*period, True))
    return found


def _document(line: str, kind: str) -> dict[str, Any]:
    def no_constant(_: str) -> None:
        raise NotReadable

    try:
        document = json.loads(line, parse_constant=no_constant)
    except ValueError as error:
        raise NotReadable from error
    return _of_type(_of_type(document, dict).get(kind), dict)


def _enterprise(body: dict[str, Any]) -> tuple[Enterprise, bool]:
    """The enterprise and whether it was registered by mistake."""
    number = _of_type(body.get("cvrNummer"), int)
    mistake = _flag(body, "fejlRegistreret")
    _flag(body, "reklamebeskyttet")
    _values(body, "virksomhedsstatus", "status", str, may_be_missing=True)
    _values(body, "penheder", "pNummer", int)
    enterprise = Enterprise(
        str(number),
        names=_values(body, "navne", "navn", str, may_be_missing=True),
        municipalities=_addresses(body),
        industries=_values(body, "hovedbranche", "branchekode", str),
        forms=_values(body, "virksomhedsform", "virksomhedsformkode", int),
        life=[(*_period(entry), True) for entry in _entries(body, "livsforloeb")],
        flags=_rsv_flags(body),
        headcounts=_headcounts(body, "maanedsbeskaeftigelse") | _headcounts(body, "erstMaanedsbeskaeftigelse"),
    )
    return enterprise, mistake


def _unit(body: dict[str, Any]) -> tuple[Unit, bool]:
    """The unit and whether it was registered by mistake."""
    number = _of_type(body.get("pNummer"), int)
    mistake = _flag(body, "fejlRegistreret")
    _addresses(body)
    _values(body, "hovedbranche", "branchekode", str)
    for entry in _entries(body, "livsforloeb"):
        _period(entry)
    owners = _values(body, "virksomhedsrelation", "cvrNummer", int)
    return Unit(str(number), [(start, end, str(cvr)) for start, end, cvr in owners]), mistake


def _lines(text: str) -> list[str]:
    return [line for line in (line.removesuffix("\r") for line in text.split("\n")) if line != ""]


def read_enterprises(delivery: Delivery, text: str) -> tuple[dict[str, Enterprise], list[Enterprise]]:
    """The enterprises by CVR number (of two documents the later) and every accepted document."""
    known: dict[str, Enterprise] = {}
    accepted: list[Enterprise] = []
    lines = _lines(text)
    for line in lines:
        delivery.looked_at["cvr_virksomheder.unreadable_value"] += 1
        try:
            enterprise, mistake = _enterprise(_document(line, "Vrvirksomhed"))
        except NotReadable:
            delivery.failed["cvr_virksomheder.unreadable_value"] += 1
            continue
        broken = {
            "cvr_virksomheder.cvr_invalid": not is_cvr(enterprise.cvr),
            "cvr_virksomheder.registered_by_mistake": mistake,
        }
        for rule, fails in broken.items():
            delivery.looked_at[rule] += 1
            delivery.failed[rule] += fails
        if not any(broken.values()):
            accepted.append(enterprise)
            known[enterprise.cvr] = enterprise
    delivery.rows_delivered, delivery.rows_accepted = len(lines), len(accepted)
    return known, accepted


def read_units(delivery: Delivery, text: str) -> dict[str, Unit]:
    """The units by P-number, of two documents the later."""
    known: dict[str, Unit] = {}
    lines = _lines(text)
    accepted = 0
    for line in lines:
        delivery.looked_at["cvr_produktionsenheder.unreadable_value"] += 1
        try:
            unit, mistake = _unit(_document(line, "VrproduktionsEnhed"))
        except NotReadable:
            delivery.failed["cvr_produktionsenheder.unreadable_value"] += 1
            continue
        broken = {
            "cvr_produktionsenheder.p_number_invalid": not is_p_number(unit.p_number),
            "cvr_produktionsenheder.registered_by_mistake": mistake,
            "cvr_produktionsenheder.owner_cvr_invalid": any(not is_cvr(cvr) for _, _, cvr in unit.owners),
        }
        for rule, fails in broken.items():
            delivery.looked_at[rule] += 1
            delivery.failed[rule] += fails
        if not any(broken.values()):
            accepted += 1
            known[unit.p_number] = unit
    delivery.rows_delivered, delivery.rows_accepted = len(lines), accepted
    return known
