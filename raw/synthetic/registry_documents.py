"""The business register: enterprises and production units as the distribution service gives them, and SE numbers.

Belongs here: documents with their histories. Not here: people, defects.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from raw.synthetic.calendar import day_number
from raw.synthetic.draws import Floats, Ints
from raw.synthetic.enterprises import FAR, Enterprises
from raw.synthetic.life import World

ERST_FROM = "2019-10"
SE_HEADER = "se_nr;cvr_nr;gyldig_fra;gyldig_til\n"
_INTERVALS = (
    (0, 0),
    (1, 1),
    (2, 4),
    (5, 9),
    (10, 19),
    (20, 49),
    (50, 99),
    (100, 199),
    (200, 499),
    (500, 999),
    (1000, 9999),
)
_FORM_TEXT = {10: "Enkeltmandsvirksomhed", 30: "Interessentskab", 60: "Aktieselskab", 80: "Anpartsselskab", 81: "Iværksætterselskab", 90: "Fond", 110: "Forening",
              115: "Frivillig forening", 230: "Statslig enhed", 240: "Region", 250: "Kommune"}  # fmt: skip
IVS_FROM, IVS_TO = day_number("2019-04-15"), day_number("2021-10-15")


def iso(day: int) -> str | None:
    """YYYY-MM-DD, or None for a day that never comes."""
    return None if day >= FAR else str(np.datetime64(int(day), "D"))


def period(begin: int, end: int = FAR) -> dict[str, str | None]:
    """A period of the register."""
    return {"gyldigFra": iso(begin), "gyldigTil": iso(end)}


def interval(count: int) -> tuple[str, int]:
    """The interval code of a headcount, and its lower bound."""
    for low, high in _INTERVALS:
        if count <= high:
            return f"ANTAL_{low}_{high}", low
    return "ANTAL_1000_9999", 1000


def headcounts(world: World, months: Ints, scale_rsv: float) -> Ints:
    """Employees by enterprise and month: a size of its own, a slow trend, small steps; an RSV's before its registration too.

    `scale_rsv` holds the RSV to the published share of ordinarily employed. Nobody is employed where there is no staff.
    """
    enterprises, draws = world.enterprises, world.draws
    who = np.arange(len(enterprises))
    is_rsv = enterprises.rsv_from < FAR
    size = np.where(is_rsv, np.maximum(enterprises.size * scale_rsv, 1.0), np.minimum(enterprises.size, 40_000.0))
    trend = draws.normal("headcount-trend", who) * 0.03
    years = (months - world.calendar.first) / 12.0
    step = np.stack([draws.normal("headcount", who, int(month) // 4) for month in months], axis=1) * 0.06
    count = np.rint(size[:, None] * np.exp(trend[:, None] * years[None, :] + step)).astype(np.int64)
    count = np.where(is_rsv[:, None] & (count < 1), 1, count)
    return np.where(enterprises.has_staff[:, None], count, 0)


class RegisterWriter:
    """Documents of all enterprises, with their histories."""

    def __init__(self, world: World, scale_rsv: float) -> None:
        self.world, self.enterprises, self.given = world, world.enterprises, world.parameters["enterprises"]
        calendar = world.calendar
        self.months = np.arange(calendar.first - 6, calendar.last + 1)
        self.count = headcounts(world, self.months, scale_rsv)
        self.month_days = calendar.first_day(self.months)
        self.stamps = [(int(text[:4]), int(text[5:])) for text in (calendar.name(int(month)) for month in self.months)]
        self.is_new_list = self.months >= calendar.index(ERST_FROM)
        who = np.arange(len(self.enterprises))
        self.interval_only = (
            np.stack([world.draws.uniform("interval-only", who, int(month)) for month in self.months], axis=1)
            < self.given["headcount_interval_only"]
        )
        self.both = world.draws.chosen("both-lists", self.given["headcount_both_lists"], who)
        self.history = {
            name: world.draws.uniform("history-" + name, who)
            for name in (
                "name",
                "move",
                "industry",
                "form",
                "when-name",
                "when-move",
                "when-industry",
                "when-form",
                "to",
                "protected",
                "old",
                "split",
            )
        }

    def _change(self, at: int, name: str, rate: float) -> int | None:
        """Day of one change inside the delivered years, or None."""
        calendar = self.world.calendar
        years = (calendar.last - calendar.first + 1) / 12
        if self.history[name][at] >= rate * years:
            return None
        begin = max(int(calendar.first_day(calendar.first)), int(self.enterprises.founded[at]) + 40)
        end = min(calendar.last_day, int(self.enterprises.closed[at])) - 40
        return begin + int(self.history["when-" + name][at] * (end - begin)) if end > begin else None

    def forms(self, at: int) -> list[tuple[int, int, int]]:
        """Legal forms with first and last day. An entrepreneur company (81) had to become an ApS (80) by October 2021; most did in time."""
        enterprises = self.enterprises
        form, begin = int(enterprises.form[at]), int(enterprises.founded[at])
        if form == 81 and self.history["form"][at] < self.given["ivs_to_aps_share"]:
            day = IVS_FROM + int(self.history["when-form"][at] * (IVS_TO - IVS_FROM))
            if begin + 30 < day <= self.world.calendar.last_day:
                return [(81, begin, day - 1), (80, day, FAR)]
        return [(form, begin, FAR)]

    def enterprise(self, at: int) -> dict[str, Any]:
        """One document."""
        enterprises, places = self.enterprises, self.world.parameters.municipalities
        begin, closed = int(enterprises.founded[at]), int(enterprises.closed[at])
        name = enterprises.name[at]
        names = [{"navn": name, "periode": period(begin)}]
        if (day := self._change(at, "name", self.given["name_change_rate"])) is not None:
            names = [
                {"navn": f"{name} (tidligere navn)", "periode": period(begin, day - 1)},
                {"navn": name, "periode": period(day)},
            ]
        home = int(enterprises.municipality[at])
        addresses = [self._address(home, begin, FAR)]
        is_own = enterprises.form[at] in (240, 250)
        if not is_own and (day := self._change(at, "move", self.given["move_rate"])) is not None:
            earlier = int(
                np.flatnonzero(places.region == places.region[home])[
                    int(self.history["to"][at] * (places.region == places.region[home]).sum())
                ]
            )
            addresses = [self._address(earlier, begin, day - 1), self._address(home, day, FAR)]
        elif begin < day_number("2006-06-01") and self.history["old"][at] < 0.3:
            # A municipality that the reform of 2007 closed: no code of the 98.
            addresses = [
                self._address(-1, begin, day_number("2006-12-31")),
                self._address(home, day_number("2007-01-01"), FAR),
            ]
        industry = enterprises.industry[at]
        industries = [{"branchekode": industry, "periode": period(begin)}]
        if (day := self._change(at, "industry", self.given["industry_change_rate"])) is not None:
            industries = [
                {"branchekode": "889990", "periode": period(begin, day - 1)},
                {"branchekode": industry, "periode": period(day)},
            ]
        document: dict[str, Any] = {
            "cvrNummer": int(enterprises.cvr[at]), "reklamebeskyttet": bool(self.history["protected"][at] < 0.15), "navne": names, "beliggenhedsadresse": addresses,
            "hovedbranche": industries,
            "virksomhedsform": [{"virksomhedsformkode": form, "langBeskrivelse": _FORM_TEXT.get(form, "Andet"), "periode": period(first, last)} for form, first, last in self.forms(at)],
            "livsforloeb": [{"periode": period(begin, closed)}],
            "virksomhedsstatus": [{"status": "NORMAL", "periode": period(begin, closed)}] + ([{"status": "OPHØRT", "periode": period(closed + 1)}] if closed < FAR else []),
        }  # fmt: skip
        document["maanedsbeskaeftigelse"], document["erstMaanedsbeskaeftigelse"] = self._headcounts(at, begin, closed)
        document["penheder"] = [{"pNummer": unit, "periode": period(begin, closed)} for unit in enterprises.units[at]]
        document["attributter"] = self._flag(at)
        document["fejlRegistreret"] = False
        return {"Vrvirksomhed": document}

    def _address(self, home: int, begin: int, end: int) -> dict[str, Any]:
        places = self.world.parameters.municipalities
        code, name = (int(places.code[home]), places.name[home].upper()) if home >= 0 else (189, "VÆRLØSE")
        return {
            "landekode": "DK",
            "kommune": {"kommuneKode": code, "kommuneNavn": name, "periode": period(day_number("2007-01-01"))},
            "periode": period(begin, end),
        }

    def _headcounts(self, at: int, begin: int, closed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        old: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        counts = self.count[at].tolist()
        for place in np.flatnonzero((self.month_days + 31 > begin) & (self.month_days <= closed)).tolist():
            year, month = self.stamps[place]
            code, _ = interval(counts[place])
            known = None if self.interval_only[at, place] else counts[place]
            entry = {"aar": year, "maaned": month, "antalAnsatte": known, "intervalKodeAntalAnsatte": code}
            (new if self.is_new_list[place] else old).append(entry)
            # Some months around October 2019 stand in both lists; the second one counts, so the first may be off.
            if self.both[at] and self.is_new_list[place] and (year, month) <= (2020, 3):
                old.append(
                    {
                        "aar": year,
                        "maaned": month,
                        "antalAnsatte": counts[place] + 1,
                        "intervalKodeAntalAnsatte": interval(counts[place] + 1)[0],
                    }
                )
        return old, new

    def _flag(self, at: int) -> list[dict[str, Any]]:
        begin, end = int(self.enterprises.rsv_from[at]), int(self.enterprises.rsv_to[at])
        other = {
            "sekvensnr": 0,
            "type": "KAPITAL",
            "vaerditype": "decimal",
            "vaerdier": [{"vaerdi": "40000.00", "periode": period(int(self.enterprises.founded[at]))}],
        }
        attributes = [other] if self.enterprises.form[at] in (60, 80) else []
        if begin < FAR:
            values = [{"vaerdi": "true", "periode": period(begin, end)}]
            if self.history["split"][at] < 0.1 and min(end, self.world.calendar.last_day) - begin > 400:
                # The same flag in two periods that meet.
                values = [
                    {"vaerdi": "true", "periode": period(begin, begin + 299)},
                    {"vaerdi": "true", "periode": period(begin + 300, end)},
                ]
            attributes.append(
                {"sekvensnr": 0, "type": "SOCIAL_ØKONOMISK_VIRKSOMHED", "vaerditype": "boolean", "vaerdier": values}
            )
        return attributes

    def units(self, at: int) -> list[dict[str, Any]]:
        """Documents of its production units. The last unit of some larger enterprises came from another owner."""
        enterprises = self.enterprises
        begin, closed = int(enterprises.founded[at]), int(enterprises.closed[at])
        documents = []
        numbers = enterprises.units[at]
        for place, number in enumerate(numbers):
            owners = [{"cvrNummer": int(enterprises.cvr[at]), "periode": period(begin, closed)}]
            draw = float(self.world.draws.uniform("unit-owner", number)[0])
            if place and place == len(numbers) - 1 and draw < self.given["unit_owner_change_share"] * 10:
                day = max(
                    begin + 100, int(self.world.calendar.first_day(self.world.calendar.first)) + int(draw * 10_000)
                )
                before = int(draw * 1e6) % len(enterprises)
                if begin + 100 < day < min(closed, self.world.calendar.last_day):
                    owners = [
                        {"cvrNummer": int(enterprises.cvr[before]), "periode": period(begin, day - 1)},
                        {"cvrNummer": int(enterprises.cvr[at]), "periode": period(day, closed)},
                    ]
            documents.append(
                {
                    "VrproduktionsEnhed": {
                        "pNummer": number,
                        "reklamebeskyttet": False,
                        "virksomhedsrelation": owners,
                        "beliggenhedsadresse": [self._address(int(enterprises.municipality[at]), begin, FAR)],
                        "hovedbranche": [{"branchekode": enterprises.industry[at], "periode": period(begin)}],
                        "livsforloeb": [{"periode": period(begin, closed)}],
                        "fejlRegistreret": False,
                    }
                }
            )
        return documents


def documents_text(documents: list[dict[str, Any]], extra: list[str]) -> bytes:
    """One document a line."""
    lines = [json.dumps(document, ensure_ascii=False, separators=(",", ":")) for document in documents]
    return ("\n".join([*lines, *extra]) + "\n").encode()


def se_text(enterprises: Enterprises, extra: list[str]) -> bytes:
    """SE numbers: those that are no CVR number, and every third of those that are."""
    lines = []
    for at in range(len(enterprises)):
        own = int(enterprises.se[at]) != int(enterprises.cvr[at])
        if own or at % 3 == 0:
            lines.append(f"{enterprises.se[at]};{enterprises.cvr[at]};{iso(int(enterprises.founded[at]) - 10)};")
    return (SE_HEADER + "".join(line + "\n" for line in [*lines, *extra])).encode()


def staff_scale(employees: Floats, supported: int, unpaid: int, share: float) -> float:
    """The factor on headcounts such that (employees - supported) / (employees + unpaid) is `share`; at least so many that nobody has less than one."""
    wanted = (share * unpaid + supported) / (1.0 - share)
    low, high = 0.001, 1000.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        total = float(np.maximum(np.rint(employees * middle), 1.0).sum())
        low, high = (middle, high) if total < wanted else (low, middle)
    return high
