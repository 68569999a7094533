"""Defects in the registers: rows of personer, dream and se_numre, documents of the business register.

Belongs here: broken rows and documents, each breaking one rule. Not here: broken files (defect_files.py).
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from raw.synthetic.calendar import day_number
from raw.synthetic.defects import Defects
from raw.synthetic.draws import Ints
from raw.synthetic.numbers import cvr_numbers
from raw.synthetic.registry_documents import RegisterWriter, iso, period
from raw.synthetic.registry_people import Residences, week_codes, week_states
from raw.synthetic.simulate import Country


def person_rows(planted: Defects, found: Residences) -> list[str]:
    """Extra lines of `personer`: rows that cannot be read, numbers that are none, residences that overlap (the later start wins, so nothing changes)."""
    world, people = planted.world, planted.world.people
    codes = world.parameters.municipalities.code
    count = planted.many("registry_row_share", len(found.person))
    lines = []
    broken = (
        "{cpr};0101;2012-1-1;;01;",
        "{cpr};0101;2012-01-01;;01;;",
        "{cpr};0101;01-02-2012;;01;",
        "{cpr};0101;2012-01-01;;01",
    )
    for number, person in enumerate(planted.some("personer-unreadable", people.who, count).tolist()):
        lines.append(broken[number % len(broken)].format(cpr=f"{people.cpr[person]:010d}"))
    planted.count("personer.unreadable_value", "personer", len(lines))
    wrong = ["", "6113991234", "99", "9201701234"]
    lines += [f"{wrong[number % len(wrong)]};0101;2012-01-01;;01;" for number in range(count)]
    planted.count("personer.cpr_invalid", "personer", count)
    first = np.flatnonzero(np.concatenate([[True], found.person[1:] != found.person[:-1]]))
    overlapping = planted.some("residence-overlap", first, planted.many("residence_overlap_share", len(people)))
    for at in overlapping.tolist():
        person = found.person[at]
        day = "" if found.status_day[person] < 0 else iso(int(found.status_day[person]))
        lines.append(
            f"{people.cpr[person]:010d};{codes[(found.home[at] + 1) % 98]:04d};{iso(int(found.begin[at]) - 200)};{iso(int(found.begin[at]) + 30)};{found.status[person]:02d};{day}"
        )
    planted.count("residence overlap", "personer", len(overlapping))
    return lines


def dream_rows(planted: Defects, country: Country) -> tuple[Ints, dict[tuple[int, int], str], list[str]]:
    """People without a row, weeks with a code outside the list, extra lines."""
    world, people = planted.world, planted.world.people
    calendar = world.calendar
    names, thursdays = calendar.weeks()
    without = planted.some("no-dream-row", people.who, planted.many("no_dream_row_share", len(people)))
    planted.count("no dream row", "", len(without))
    unknown: dict[tuple[int, int], str] = {}
    if planted.rates["unknown_code_share"] > 0:
        # Of some people's coded weeks a few: so many that the share holds.
        sample = planted.some("unknown-code", np.setdiff1d(people.who, without), min(len(people), 4_000))
        codes = week_codes(world, week_states(country, world, thursdays, sample), thursdays, sample)
        coded = int((codes > 0).sum()) * len(people) // len(sample)
        wanted = max(1, round(planted.rates["unknown_code_share"] * coded))
        place, week = np.nonzero(codes > 0)
        for number, at in enumerate(planted.some("unknown-week", np.arange(len(place)), wanted).tolist()):
            unknown[int(sample[place[at]]), int(week[at])] = ("900", "555", "12", "XX")[number % 4]
        planted.count("dream.unknown_code", "", len(unknown))
    count = planted.many("registry_row_share", len(people))
    lines = []
    with_row = np.setdiff1d(people.who, without)
    empty = ";" * len(names)
    for person in planted.some("dream-unreadable", with_row, count).tolist():
        lines.append(f"{people.cpr[person]:010d};130;130")
    planted.count("dream.unreadable_value", "dream", len(lines))
    lines += [("1234" if number % 2 else "6013701234") + empty for number in range(count)]
    planted.count("dream.cpr_invalid", "dream", count)
    twice = planted.some("dream-second", with_row, count)
    lines += [f"{people.cpr[person]:010d}{empty}" for person in twice.tolist()]
    planted.count("dream.second_row", "dream", len(twice))
    return without, unknown, lines


def se_rows(planted: Defects) -> list[str]:
    """Extra lines of `se_numre`."""
    count = planted.many("registry_row_share", len(planted.world.enterprises))
    cvr = planted.world.enterprises.cvr
    unreadable = [f"{cvr[number]};{cvr[number]};2010-01-01" + (";x;y" if number % 2 else "") for number in range(count)]
    planted.count("se_numre.unreadable_value", "se_numre", count)
    planted.count("se_numre.se_invalid", "se_numre", count)
    planted.count("se_numre.cvr_invalid", "se_numre", count)
    return [
        *unreadable,
        *(f"{12_345_678 if number % 2 else ''};{cvr[number]};2010-01-01;" for number in range(count)),
        *(f"{cvr[number]};{'' if number % 2 else 87_654_321};2010-01-01;" for number in range(count)),
    ]


def enterprise_documents(planted: Defects, register: RegisterWriter) -> list[str]:
    """Extra documents of `cvr_virksomheder`: enterprises of their own, so that none of the country is touched."""
    count = planted.many("registry_row_share", len(planted.world.enterprises))
    numbers = iter(cvr_numbers(planted.world.draws, "defect-cvr", 50_000_000, 59_999_999, 4 * count + 1).tolist())
    lines = []

    def document(**changes: Any) -> str:
        body: dict[str, Any] = {
            "cvrNummer": next(numbers), "reklamebeskyttet": False, "navne": [{"navn": "Syntetisk forsøg", "periode": period(day_number("2010-01-01"))}],
            "beliggenhedsadresse": [{"kommune": {"kommuneKode": 101}, "periode": period(day_number("2010-01-01"))}],
            "hovedbranche": [{"branchekode": "561010", "periode": period(day_number("2010-01-01"))}],
            "virksomhedsform": [{"virksomhedsformkode": 80, "periode": period(day_number("2010-01-01"))}], "livsforloeb": [{"periode": period(day_number("2010-01-01"))}],
            "virksomhedsstatus": [], "maanedsbeskaeftigelse": [], "erstMaanedsbeskaeftigelse": [], "penheder": [], "attributter": [], "fejlRegistreret": False,
        }  # fmt: skip
        return json.dumps({"Vrvirksomhed": body | changes}, ensure_ascii=False, separators=(",", ":"))

    headcount = {"aar": 2018, "maaned": 5, "antalAnsatte": "tre", "intervalKodeAntalAnsatte": "ANTAL_2_4"}
    for number in range(count):
        lines.append(document(maanedsbeskaeftigelse=[headcount]) if number % 2 else '{"Vrvirksomhed": {"cvrNummer": ')
        lines.append(document(cvrNummer=12_345_678))
        lines.append(document(fejlRegistreret=True))
        form = [{"virksomhedsformkode": 10, "periode": period(day_number("2010-01-01"))}]
        flag = [
            {
                "type": "SOCIAL_ØKONOMISK_VIRKSOMHED",
                "vaerdier": [{"vaerdi": "true", "periode": period(day_number("2016-03-01"))}],
            }
        ]
        lines.append(document(virksomhedsform=form, attributter=flag))
    # A flag that is kept must not be among the registered on a published day: it lasts two months between two of them.
    if count:
        flag = [
            {
                "type": "SOCIAL_ØKONOMISK_VIRKSOMHED",
                "vaerdier": [{"vaerdi": "true", "periode": period(day_number("2018-01-10"), day_number("2018-03-10"))}],
            }
        ]
        form = [{"virksomhedsformkode": 110, "periode": period(day_number("2010-01-01"))}]
        lines.append(
            document(
                virksomhedsform=form,
                attributter=flag,
                hovedbranche=[{"branchekode": "949900", "periode": period(day_number("2010-01-01"))}],
            )
        )
        planted.count("cvr_virksomheder.rsv_implausible", "cvr_virksomheder", 1)
    for rule in ("unreadable_value", "cvr_invalid", "registered_by_mistake", "rsv_on_sole_proprietor"):
        planted.count(f"cvr_virksomheder.{rule}", "cvr_virksomheder", count)
    return lines


def unit_documents(planted: Defects) -> list[str]:
    """Extra documents of `cvr_produktionsenheder`."""
    count = planted.many("registry_row_share", len(planted.world.enterprises))
    cvr = planted.world.enterprises.cvr
    lines = []
    for number in range(count):
        owner = [{"cvrNummer": int(cvr[number]), "periode": period(day_number("2012-01-01"))}]
        unit = {
            "pNummer": 1_890_000_000 + number,
            "virksomhedsrelation": owner,
            "livsforloeb": [{"periode": period(day_number("2012-01-01"))}],
        }
        for changes in (
            {"virksomhedsrelation": [{"cvrNummer": "ukendt", "periode": period(day_number("2012-01-01"))}]}, {"pNummer": 1234}, {"fejlRegistreret": True},
            {"virksomhedsrelation": [{"cvrNummer": 12_345_678, "periode": period(day_number("2012-01-01"))}]},
        ):  # fmt: skip
            lines.append(json.dumps({"VrproduktionsEnhed": unit | changes}, separators=(",", ":")))
    for rule in ("unreadable_value", "p_number_invalid", "registered_by_mistake", "owner_cvr_invalid"):
        planted.count(f"cvr_produktionsenheder.{rule}", "cvr_produktionsenheder", count)
    return lines
