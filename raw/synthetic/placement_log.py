"""Placements as the job centres' systems register them: activities, their versions, deletions.

Belongs here: from spells lived to registered rows. Not here: files and their encodings (placement_files.py), defects (placement_defects.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from raw.synthetic.calendar import day_number
from raw.synthetic.draws import Ints
from raw.synthetic.life import World
from raw.synthetic.lives import NO
from raw.synthetic.parameters import INSTRUMENT_CODES, INSTRUMENTS, STATES, TARGET_GROUPS, I, S
from raw.synthetic.placing import start_day
from raw.synthetic.simulate import Country

LAB_6 = day_number("2020-01-01")
PAID = {I["wage_subsidy"], I["job_rotation"], I["flex_job"]}
BENEFIT_NAMES = {
    "unemployment_insurance": "Dagpenge", "cash_job_ready": "Kontanthjælp", "cash_activity_ready": "Kontanthjælp", "education_help_ready": "Uddannelseshjælp",
    "education_help_activity": "Uddannelseshjælp", "sickness_benefit": "Sygedagpenge", "job_clarification": "Ressourceforløbsydelse",
    "resource_course": "Ressourceforløbsydelse", "unemployment_benefit_flex": "Ledighedsydelse", "rehabilitation": "Revalideringsydelse",
    "pre_rehabilitation": "Kontanthjælp", "flex_job": "Fleksløntilskud", "skaane_job": "Førtidspension", "disability_pension": "Førtidspension",
}  # fmt: skip
END_REASONS = (
    "Gennemført",
    "Ordinær beskæftigelse",
    "Sygdom",
    "Udeblivelse",
    "Afbrudt af virksomheden",
    "Overgået til andet forløb",
    "Påbegyndt uddannelse",
)
WEEKLY_HOURS = {
    "work_trial": (15, 37), "community_service": (10, 30), "wage_subsidy": (25, 37), "job_rotation": (30, 37), "guidance_upskilling": (4, 25), "mentor": (1, 4),
    "flex_job": (6, 25), "small_job": (2, 15),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One registered row; days since 1970, `second` of the day of registration."""

    activity: str
    person: int
    target_group: int
    benefit: str
    instrument: str
    cvr: str
    p_number: str
    start: int
    end: int | None
    hours: str
    minutes: str
    municipality: int  # code
    reason: str
    day: int
    second: int
    handling: str

    def version(self, **changes: object) -> Row:
        """The row with some values changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass
class PlacementLog:
    """Rows to deliver, and the dates of each spell (for the truth)."""

    rows: list[Row]
    spell: list[int]  # the spell of each row; NO for one that belongs to none
    activity_of_spell: list[
        str
    ]  # of its first activity; "" when nothing of it is registered inside the delivered months
    start_day: Ints
    end_day: Ints  # planned for later where it still runs


def placement_log(world: World, country: Country) -> PlacementLog:
    """The rows registered inside the delivered months."""
    calendar, draws, given, spells = world.calendar, world.draws, world.parameters["placement_log"], country.spells
    who = spells.person
    address = spells.month + 1000 * spells.slot  # with the person: of a spell
    first_day, last_day = int(calendar.first_day(calendar.first)), calendar.last_day
    start = start_day(calendar, draws, who, spells.month, spells.slot)
    runs = spells.last == NO
    end = calendar.first_day(np.where(runs, calendar.last + 1, spells.last)) + draws.integer(
        "end-day", 9, 27, who, address
    )
    end = np.where(runs, end + draws.integer("planned-on", 0, 60, who, address), end)
    end = np.maximum(end, start + 4)
    permanent = spells.slot >= 2  # flex jobs and small jobs have no planned end
    delivered = runs | (end >= first_day)
    codes = world.parameters.municipalities.code
    drawn = {
        name: draws.uniform("log-" + name, who, address)
        for name in (
            "prolonged",
            "split",
            "gap",
            "changed",
            "deleted",
            "open",
            "never",
            "late",
            "late-end",
            "reason",
            "hours",
            "p",
            "cvr",
            "unit",
            "second",
            "minutes",
        )
    }
    low, high = given["late_registration_days"]
    gap_low, gap_high = given["prolonged_gap_days"]
    rows: list[Row] = []
    spell_of: list[int] = []
    activity_of_spell = [""] * len(who)
    enterprises = world.enterprises
    by_wages = S["unemployment_insurance"]
    group_of = {state: TARGET_GROUPS.get(STATES[state], TARGET_GROUPS["none_idle"]) for state in range(len(STATES))}

    def register(row: Row, spell: int) -> None:
        if first_day <= row.day <= last_day:
            rows.append(row)
            spell_of.append(spell)

    for position in np.flatnonzero(delivered).tolist():
        mine = {name: float(values[position]) for name, values in drawn.items()}
        person, state, place = int(who[position]), int(spells.state[position]), int(spells.place[position])
        began, ended = int(start[position]), int(end[position])
        instrument = int(spells.instrument[position])
        shortest, longest = WEEKLY_HOURS[INSTRUMENTS[instrument]]
        cvr = p_number = ""
        if place != NO:
            cvr = str(enterprises.cvr[place])
            if mine["p"] < given["p_number_share"]:
                # The last unit of a larger enterprise may change owner (registry_documents.py): nobody is placed there.
                units = enterprises.units[place]
                p_number = str(units[int(mine["unit"] * max(len(units) - 1, 1))])
                if mine["cvr"] < given["cvr_missing_with_p_share"]:
                    cvr = ""
        still, forever = bool(runs[position]), bool(permanent[position])
        is_open = forever or mine["open"] < given["open_end_share"]
        known_end = None if is_open else ended
        day = max(began + low + int(mine["late"] ** 3 * (high - low)), first_day + int(mine["late"] * 20))
        second = 7 * 3600 + int(mine["second"] * 36_000)
        code = INSTRUMENT_CODES[instrument][0 if state == by_wages else 1]
        base = Row(
            f"A{person:07d}{int(address[position]) + 1000:05d}", person, group_of[state][0 if began < LAB_6 else 1], BENEFIT_NAMES.get(STATES[state], ""),
            code, cvr, p_number, began, known_end, str(shortest + int(mine["hours"] * (longest - shortest + 1))),
            "30" if mine["minutes"] < 0.1 else "" if mine["minutes"] > 0.9 else "0", int(codes[spells.home[position]]), "", day, second, "O",
        )  # fmt: skip
        reason = END_REASONS[min(int(mine["reason"] * len(END_REASONS)), len(END_REASONS) - 1)]
        pieces = [(base, ended, still)]
        if not forever and ended - began > 40 and mine["prolonged"] < given["prolonged_share"]:
            middle = began + 14 + int(mine["split"] * (ended - began - 30))
            # Who is paid is paid without a gap.
            gap = 0 if instrument in PAID else gap_low + int(mine["gap"] * (gap_high - gap_low + 1))
            again = middle + 1 + gap
            if again < ended:
                # A prolonged placement: two activities, which a spell's gap days join.
                regime = group_of[state][0 if again < LAB_6 else 1]
                second_row = base.version(
                    activity=base.activity + "B",
                    start=again,
                    target_group=regime,
                    day=max(again - 3 + int(mine["late"] * 20), first_day),
                )
                pieces = [(base.version(end=None if is_open else middle), middle, False), (second_row, ended, still)]
        for number, (row, last, goes_on) in enumerate(pieces):
            if number == 0 and first_day <= row.day <= last_day:
                activity_of_spell[position] = row.activity
            if row.start < first_day and not goes_on and last < first_day:
                continue  # over before the first delivered month: never delivered
            if not is_open and number == 0 and not goes_on and mine["changed"] < given["changed_share"]:
                # Planned longer than it became: the version A tells.
                register(row.version(end=last + 21), position)
            else:
                register(row, position)
            changed = mine["changed"] < given["changed_share"]
            if (
                not goes_on
                and (is_open or changed)
                and not (
                    is_open and not forever and instrument not in PAID and mine["never"] < given["never_ended_share"]
                )
            ):
                ended_on = max(last - 2 + int(mine["late-end"] ** 2 * 25), row.day)
                register(
                    row.version(
                        end=last,
                        reason=reason,
                        handling="A",
                        day=ended_on,
                        second=min(second + 60 * (number + 1), 86_399),
                    ),
                    position,
                )
        if mine["deleted"] < given["deleted_share"]:
            mistake = base.version(activity=base.activity + "X")
            gone = mistake.version(handling="S", day=day + 3 + int(mine["gap"] * 30))
            if gone.day <= last_day:
                register(mistake, NO)
                register(gone, NO)
    return PlacementLog(rows, spell_of, activity_of_spell, start, end)
