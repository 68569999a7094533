"""The cohorts of the effect, counted in plain loops over the tables before them: written from evaluation.md and the models' descriptions, never from their SQL.

Belongs here: eligibility, arms, reasons, controls, covariates, outcomes for a small warehouse. Not here: what is compared (test_cohorts.py).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from datetime import date, timedelta

from tests.effect.oracle_tables import Row, Warehouse, first_day, last_day, number
from transforms.evaluation.protocol import Protocol


def age_at(birth: date, day: date) -> int:
    """Whole years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def draw_of(purpose: str, seed: int, person: object, month: int) -> int:
    """A number of the MD5 of a text: its first half as a little-endian number, halved."""
    digest = hashlib.md5(f"{purpose}|{seed}|{person}|{first_day(month)}".encode()).digest()
    return int.from_bytes(digest[:8], "little") // 2


def days_of(first: date, end: date) -> list[date]:
    """Every day from the first to the one before the end."""
    return [first + timedelta(days=day) for day in range((end - first).days)]


class Cohorts:
    """The cohorts of a protocol in a warehouse."""

    def __init__(self, warehouse: Warehouse, protocol: Protocol) -> None:
        """Counts everything."""
        self.warehouse, self.protocol = warehouse, protocol
        self.spells: dict[object, list[Row]] = defaultdict(list)
        for spell in warehouse.spells:
            self.spells[spell["person_key"]].append(spell)
        self.eligible = {
            (person, month): entry
            for person, months in warehouse.months.items()
            for month in range(min(months), max(months) + 2)
            if (entry := self._eligible(person, month)) is not None
        }
        self.starts = {spell["spell_id"]: self._start(spell) for spell in warehouse.spells}
        self.controls = list(self._controls())

    # Eligibility

    def why_not(self, person: object, month: int) -> str | None:
        """What of a person's own eligibility fails first, in the order of the reasons; None when nothing does."""
        rules, warehouse = self.protocol.eligibility, self.warehouse
        before = range(month - rules.months_before, month)
        first, last = warehouse.build["observed_from"], warehouse.build["observed_through"]
        if first is None or before[0] < number(first) or month > number(last):
            return "month_not_observed"
        if not rules.age_from <= age_at(warehouse.people[person]["birth_date"], first_day(month)) <= rules.age_to:
            return "age"
        day = first_day(before[0])
        while day < first_day(month):
            if self._residence(person, day) is None:
                return "not_resident"
            day += timedelta(days=1)
        if any(one not in warehouse.months.get(person, {}) for one in before):
            return "not_in_panel"
        if (person, month - 1) not in warehouse.target_months or (person, month) not in warehouse.target_months:
            return "no_target_benefit"
        return None

    def _residence(self, person: object, day: date) -> str | None:
        return next(
            (
                row["municipality_code"]
                for row in self.warehouse.residences[person]
                if row["valid_from"] <= day <= row["valid_to"]
            ),
            None,
        )

    def _family(self, person: object, month: int) -> str | None:
        hours = [
            self.warehouse.months[person][one]["ordinary_hours"]
            for one in range(month - self.protocol.eligibility.months_before, month)
        ]
        if all(one == 0 for one in hours):
            family = "A"
        elif all(0 < one <= self.protocol.small_job_hours for one in hours):
            family = "B"
        else:
            return None
        return family if family in self.protocol.families else None

    def _eligible(self, person: object, month: int) -> Row | None:
        if self.why_not(person, month) is not None or self._earlier_rsv(person, month):
            return None
        family = self._family(person, month)
        if family is None:
            return None
        return {"family": family, "benefit_group": self.warehouse.months[person][month - 1]["benefit_group"]}

    def _earlier_rsv(self, person: object, month: int) -> bool:
        return any(
            spell["enterprise_kind"] == "rsv" and number(spell["start_date"]) < month for spell in self.spells[person]
        )

    def _same_instrument(self, person: object, month: int, instrument: str) -> bool:
        first = month - self.protocol.eligibility.months_before
        return any(
            spell["instrument"] == instrument and first <= number(spell["start_date"]) < month
            for spell in self.spells[person]
        )

    # Starts

    def _start(self, spell: Row) -> Row:
        month = number(spell["start_date"])
        reason = self._reason(spell, month)
        arm = None if reason else "R" if spell["enterprise_kind"] == "rsv" else "O"
        return {"spell": spell, "month": month, "reason": reason, "arm": arm}

    def _reason(self, spell: Row, month: int) -> str | None:
        person, start = spell["person_key"], spell["start_date"]
        in_month = [one["start_date"] for one in self.spells[person] if number(one["start_date"]) == month]
        if start != min(in_month):
            return "later_in_the_month"
        if in_month.count(start) > 1:
            return "two_on_the_same_day"
        if spell["instrument"] not in self.protocol.instruments:
            return "instrument_not_in_protocol"
        kind = spell["enterprise_kind"]
        if kind == "unknown":
            return "enterprise_unknown"
        if kind != "rsv" and kind not in self.protocol.comparator_kinds:
            return "enterprise_not_compared"
        if kind != "rsv" and any(begin <= start for begin, _ in self.warehouse.rsv.get(spell["enterprise_cvr"], [])):
            return "enterprise_was_rsv_before"
        if self._earlier_rsv(person, month):
            return "earlier_rsv_start"
        reason = self.why_not(person, month)
        if reason:
            return reason
        if self._same_instrument(person, month, spell["instrument"]):
            return "same_instrument_before"
        if (spell["municipality_code"], month) not in self.warehouse.delivered:
            return "municipality_not_delivered"
        return None if (person, month) in self.eligible else "hours_outside_families"

    # Controls

    def cell_of(self, family: str, instrument: str, group: str, month: int, municipality: str) -> tuple:
        """What starts and controls of a cell share."""
        quarter = f"{month // 12}Q{month % 12 // 3 + 1}"
        return family, instrument, group, quarter, self.warehouse.groups[municipality] in self.protocol.town_groups

    def _controls(self) -> list[Row]:
        cells: dict[tuple, list[tuple[date, str]]] = defaultdict(list)
        for start in self.starts.values():
            if start["arm"] == "R":
                spell, entry = start["spell"], self.eligible[start["spell"]["person_key"], start["month"]]
                cell = self.cell_of(
                    entry["family"],
                    spell["instrument"],
                    entry["benefit_group"],
                    start["month"],
                    spell["municipality_code"],
                )
                cells[cell].append((spell["start_date"], spell["spell_id"]))
        waiting: dict[tuple, list[tuple[object, int, str]]] = defaultdict(list)
        for (person, month), entry in self.eligible.items():
            if any(number(spell["start_date"]) == month for spell in self.spells[person]):
                continue
            municipality = self._residence(person, first_day(month))
            if municipality is not None and (municipality, month) in self.warehouse.delivered:
                cell = self.cell_of(entry["family"], "", entry["benefit_group"], month, municipality)
                waiting[cell].append((person, month, municipality))
        chosen: list[Row] = []
        for cell, rsv_starts in cells.items():
            rsv_starts.sort()
            candidates = []
            for person, month, municipality in waiting[cell[0], "", *cell[2:]]:
                if self._same_instrument(person, month, cell[1]):
                    continue
                order = draw_of("control", self.protocol.seeds.sampling, person, month)
                day = rsv_starts[order % len(rsv_starts)][0].day
                pseudo = min(first_day(month) + timedelta(days=day - 1), last_day(month))
                thursday = pseudo + timedelta(days=4 - pseudo.isoweekday())
                if any(first <= thursday <= last for first, last in self.warehouse.target_runs[person]):
                    candidates.append((order, str(person), month, person, pseudo, municipality))
            candidates.sort(key=lambda one: one[:3])
            wanted = self.protocol.controls_per_treated * len(rsv_starts)
            for _, _, month, person, pseudo, municipality in candidates[:wanted]:
                chosen.append(
                    {
                        "person": person,
                        "month": month,
                        "pseudo": pseudo,
                        "cell": cell,
                        "municipality": municipality,
                        "weight": len(candidates) / min(len(candidates), wanted),
                    }
                )
        return chosen

    # Trials

    def trials(self) -> dict[tuple, Row]:
        """By arm, person, month and instrument: what int_effect_trials says."""
        found: dict[tuple, Row] = {}
        for start in self.starts.values():
            if start["arm"]:
                spell, month = start["spell"], start["month"]
                entry = self.eligible[spell["person_key"], month]
                found[start["arm"], spell["person_key"], month, spell["instrument"]] = {
                    "cell": self.cell_of(
                        entry["family"], spell["instrument"], entry["benefit_group"], month, spell["municipality_code"]
                    ),
                    "start_date": spell["start_date"],
                    "municipality_code": spell["municipality_code"],
                    "sampling_weight": 1.0,
                    "spell_id": spell["spell_id"],
                    "target_group": spell["target_group"],
                    "enterprise_kind": spell["enterprise_kind"],
                    "cluster_id": (spell["p_number"] if spell["enterprise_kind"] == "public" else None)
                    or spell["enterprise_cvr"],
                    "is_rsv_later": spell["enterprise_kind"] != "rsv"
                    and any(
                        begin > spell["start_date"] for begin, _ in self.warehouse.rsv.get(spell["enterprise_cvr"], [])
                    ),
                }
        for control in self.controls:
            found["N", control["person"], control["month"], control["cell"][1]] = {
                "cell": control["cell"],
                "start_date": control["pseudo"],
                "municipality_code": control["municipality"],
                "sampling_weight": control["weight"],
                "spell_id": None,
                "target_group": None,
                "enterprise_kind": None,
                "cluster_id": None,
                "is_rsv_later": False,
            }
        firsts: dict[tuple, int] = {}
        families = {name: family for family, names in self.protocol.instrument_families.items() for name in names}
        for (arm, person, month, instrument), trial in found.items():
            key = (arm, person, trial["cell"][0], families[instrument])
            firsts[key] = min(firsts.get(key, month), month)
        for (arm, person, month, instrument), trial in found.items():
            trial["is_primary"] = arm == "N" or firsts[arm, person, trial["cell"][0], families[instrument]] == month
            trial |= self._facts(person, month) | self._covariates(person, month)
        return found

    def _facts(self, person: object, month: int) -> Row:
        out = self.warehouse.exits[person]
        observed = number(self.warehouse.build["observed_through"]) - month
        return {
            "age": age_at(self.warehouse.people[person]["birth_date"], first_day(month)),
            "sex": self.warehouse.people[person]["sex"],
            "last_h": min(observed, self.protocol.horizons.last_month),
            "exit_reason": out["exit_reason"],
            "exit_h": number(out["exit_month"]) - month if out["exit_month"] else None,
        }

    def _months_on_group(self, person: object, month: int) -> int:
        """Months up to this one with one benefit group, at most 24; the panel begins nothing before it."""
        months, count = self.warehouse.months[person], 0
        group = months[month]["benefit_group"] if month in months else None
        while group and count < 24 and months.get(month - count, {}).get("benefit_group") == group:
            count += 1
        return count

    def _covariates(self, person: object, month: int) -> Row:
        found: Row = {"x_age": float(age_at(self.warehouse.people[person]["birth_date"], first_day(month)))}
        for prefix, back in (("x", 0), ("xp", 12)):
            for nearest, farthest in ((1, 3), (4, 6), (7, 12), (13, 24)):
                named = [month - one - back for one in range(nearest, farthest + 1)]
                rows = [self.warehouse.months[person][one] for one in named if one in self.warehouse.months[person]]
                window = f"{nearest}_{farthest}"
                found[f"{prefix}_hours_{window}"] = (
                    float(sum(row["ordinary_hours"] for row in rows)) / len(rows) if rows else 0.0
                )
                weeks = sum(row["weeks"] for row in rows)
                found[f"{prefix}_benefit_{window}"] = (
                    sum(row["benefit_weeks"] for row in rows) / weeks if weeks else 0.0
                )
                if (prefix, window) != ("x", "1_3"):
                    found[f"{prefix}_missing_{window}"] = float(len(rows) < len(named))
            found[f"{prefix}_months_on_group"] = float(self._months_on_group(person, month - 1 - back))
            thursdays = [
                day for day in days_of(first_day(month - 3 - back), first_day(month - back)) if day.isoweekday() == 4
            ]
            ready = [day for day in thursdays if day in self.warehouse.activity_ready_weeks[person]]
            found[f"{prefix}_activity_ready"] = len(ready) / len(thursdays)
            starts = Counter(
                spell["instrument"] if spell["instrument"] in self.protocol.instruments else "other"
                for spell in self.spells[person]
                if month - 24 - back <= number(spell["start_date"]) <= month - 1 - back
            )
            for kind in (*self.protocol.instruments, "other"):
                found[f"{prefix}_earlier_{kind}"] = float(starts[kind])
            found[f"{prefix}_missing_earlier"] = float(
                month - 24 - back < number(self.warehouse.build["placement_first_month"])
            )
        return found
