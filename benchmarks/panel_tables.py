"""What was lived, as the tables that reading the deliveries would give, had nothing gone wrong on the way.

Belongs here: from lives to the tables before the models of people, benefits, spells and months. Not here: the rules of a life (raw/synthetic), those models (cohort_models.py runs the product's own).

What a delivery changes is not here: corrections of payroll that come too late, hours that could not be given and are imputed, pay from the 20th to the 19th, rows refused, persons without
benefits, municipalities without a file. So hours are those worked. Observed months are those of `make run`: the last is delivered in part, and two more wait for corrections.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from raw.synthetic.country import person_keys
from raw.synthetic.draws import Ints
from raw.synthetic.enterprises import FAR
from raw.synthetic.life import World
from raw.synthetic.placement_log import PlacementLog
from raw.synthetic.registry_people import residences, week_codes, week_states
from raw.synthetic.simulate import LINE_ORDINARY, Country

LAST_MONTHS_UNOBSERVED = 3
CHUNK = 8_192

GIVEN = {
    "intermediate.int_build": "as_of date, observed_from date, observed_through date, placement_first_month date",
    "staging.stg_build": "as_of date, observed_from date, observed_through date, placement_first_month date, payroll_first_month date",
    "staging.stg_benefits__runs": "person_key uuid, first_week date, last_week date, code varchar, is_unknown boolean",
    "staging.stg_people__residences": (
        "person_key uuid, birth_date date, sex varchar, municipality_code varchar, residence_from date, residence_to date, status varchar, status_date date, line_number integer"
    ),
    "intermediate.int_placement_versions": (
        "activity_id varchar, person_key uuid, birth_date date, sex varchar, handling varchar, registered_at timestamp, instrument_code varchar, target_group_number integer,"
        "benefit varchar, cvr varchar, p_number varchar, owner_cvr varchar, start_date date, end_date date, planned_hours integer, planned_minutes integer,"
        "municipality_code varchar, end_reason varchar, file_name varchar, line_number integer, is_standing boolean"
    ),
    "intermediate.int_enterprises": "enterprise_cvr varchar",
    "intermediate.int_enterprise_rsv_periods": "enterprise_cvr varchar, valid_from date, valid_to date",
    "intermediate.int_enterprise_attribute_periods": "enterprise_cvr varchar, attribute varchar, value varchar, valid_from date, valid_to date",
    "intermediate.int_placement_coverage": "municipality_code varchar, month date, is_delivered boolean",
    "intermediate.int_person_month_hours": (
        "person_key uuid, month date, ordinary_hours decimal(18, 4), supported_hours decimal(18, 4), imputed_hours decimal(18, 4), wage_dkk decimal(18, 4), employers integer"
    ),
}
NAMES = {relation.split(".")[1]: columns for relation, columns in GIVEN.items()}
OPEN = np.datetime64("9999-12-31", "s")


def given_tables(world: World, country: Country, log: PlacementLog) -> dict[str, pd.DataFrame]:
    """The rows of every table of `GIVEN`."""
    calendar, enterprises = world.calendar, world.enterprises
    keys = np.array(person_keys(world.people.cpr), dtype=object)
    sex = np.where(world.people.is_woman == 1, "woman", "man").astype(object)
    people = {"person_key": keys, "birth_date": _dates(world.people.birth_day), "sex": sex}
    codes = np.array([f"{code:04d}" for code in world.parameters.municipalities.code], dtype=object)
    cvr = np.array([str(number) for number in enterprises.cvr], dtype=object)
    first, last = calendar.first, calendar.last
    build = {
        "as_of": _dates(calendar.last_day), "observed_from": _dates(calendar.first_day(first + 1)), "observed_through": _dates(calendar.first_day(last - LAST_MONTHS_UNOBSERVED)),
        "placement_first_month": _dates(calendar.first_day(first)),
    }  # fmt: skip
    months = np.arange(first, last + 1)
    rsv = np.flatnonzero(enterprises.rsv_from < FAR)
    return {
        "intermediate.int_build": pd.DataFrame(build, index=[0]),
        "staging.stg_build": pd.DataFrame(build | {"payroll_first_month": _dates(calendar.first_day(first))}, index=[0]),
        "staging.stg_benefits__runs": _benefit_runs(world, country, keys),
        "staging.stg_people__residences": _residences(world, country, people, codes),
        "intermediate.int_placement_versions": _versions(world, log, people),
        "intermediate.int_enterprises": pd.DataFrame({"enterprise_cvr": cvr}),
        "intermediate.int_enterprise_rsv_periods": pd.DataFrame(
            {"enterprise_cvr": cvr[rsv], "valid_from": _dates(enterprises.rsv_from[rsv]), "valid_to": _open(enterprises.rsv_to[rsv])}
        ),
        "intermediate.int_enterprise_attribute_periods": pd.DataFrame(
            {"enterprise_cvr": cvr, "attribute": "legal_form", "value": enterprises.form.astype(str).astype(object), "valid_from": _dates(enterprises.founded), "valid_to": OPEN}
        ),
        "intermediate.int_placement_coverage": pd.DataFrame(
            {"municipality_code": np.repeat(codes, len(months)), "month": np.tile(_dates(calendar.first_day(months)), len(codes)), "is_delivered": True}
        ),
        "intermediate.int_person_month_hours": _hours(world, country, keys),
    }  # fmt: skip


def _dates(days: Any) -> Any:
    return np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[s]")


def _open(days: Ints) -> Any:
    return np.where(days >= FAR, OPEN, _dates(np.minimum(days, FAR)))


def _some_dates(days: Ints, known: Any) -> Any:
    return np.where(known, _dates(np.where(known, days, 0)), np.datetime64("NaT", "s"))


def _benefit_runs(world: World, country: Country, keys: Any) -> pd.DataFrame:
    """Weeks of one code in a row, by their Thursdays; empty weeks are runs without a code."""
    _, thursdays = world.calendar.weeks()
    pieces = []
    for begin in range(0, len(keys), CHUNK):
        chosen = np.arange(begin, min(begin + CHUNK, len(keys)))
        codes = week_codes(world, week_states(country, world, thursdays, chosen), thursdays, chosen)
        starts = np.ones(codes.shape, dtype=bool)
        starts[:, 1:] = codes[:, 1:] != codes[:, :-1]
        person, week = np.nonzero(starts)
        ends = np.append(week[1:], 0)
        ends = np.where(np.append(person[1:] == person[:-1], False), ends - 1, len(thursdays) - 1)
        pieces.append((chosen[person], week, ends, codes[person, week]))
    person, first, last, code = (np.concatenate(column) for column in zip(*pieces, strict=True))
    text = np.array([None, *(str(number) for number in range(1, 1000))], dtype=object)
    return pd.DataFrame(
        {
            "person_key": keys[person],
            "first_week": _dates(thursdays[first]),
            "last_week": _dates(thursdays[last]),
            "code": text[code],
            "is_unknown": False,
        }
    )


def _residences(world: World, country: Country, people: Mapping[str, Any], codes: Any) -> pd.DataFrame:
    found = residences(world, country)
    who = found.person
    day = found.status_day[who]
    return pd.DataFrame(
        {name: values[who] for name, values in people.items()}
        | {
            "municipality_code": codes[found.home], "residence_from": _dates(found.begin), "residence_to": _some_dates(found.to, found.to >= 0),
            "status": np.char.zfill(found.status[who].astype(str), 2).astype(object), "status_date": _some_dates(day, day >= 0), "line_number": np.arange(len(who)),
        }
    )  # fmt: skip


def _versions(world: World, log: PlacementLog, people: Mapping[str, Any]) -> pd.DataFrame:
    """The registered rows; of one activity the latest stands."""
    names = ("activity", "person", "target_group", "benefit", "instrument", "cvr", "p_number", "start", "end", "hours", "minutes", "municipality", "reason", "day", "second", "handling")  # fmt: skip
    rows = pd.DataFrame({name: [getattr(row, name) for row in log.rows] for name in names})
    owner = {
        str(unit): str(cvr)
        for cvr, units in zip(world.enterprises.cvr, world.enterprises.units, strict=True)
        for unit in units
    }
    ended = rows["end"].notna().to_numpy()
    latest = (
        rows.sort_values(["activity", "day", "second"], kind="stable").drop_duplicates("activity", keep="last").index
    )
    person = rows["person"].to_numpy()
    return pd.DataFrame(
        {name: values[person] for name, values in people.items()}
        | {
            "activity_id": rows["activity"], "handling": rows["handling"], "registered_at": _dates(rows["day"]) + rows["second"].to_numpy().astype("timedelta64[s]"),
            "instrument_code": rows["instrument"], "target_group_number": rows["target_group"], "benefit": rows["benefit"], "cvr": rows["cvr"].replace("", None),
            "p_number": rows["p_number"].replace("", None), "owner_cvr": rows["p_number"].map(owner).astype(object).where(rows["p_number"] != "", None),
            "start_date": _dates(rows["start"]), "end_date": _some_dates(rows["end"].fillna(0).to_numpy(dtype=np.int64), ended),
            "planned_hours": rows["hours"].astype(int), "planned_minutes": rows["minutes"].replace("", "0").astype(int),
            "municipality_code": rows["municipality"].map("{:04d}".format), "end_reason": rows["reason"], "file_name": "", "line_number": np.arange(len(rows)),
            "is_standing": rows.index.isin(latest),
        }
    )  # fmt: skip


def _hours(world: World, country: Country, keys: Any) -> pd.DataFrame:
    """Hours and pay of a person's month as they were worked; nothing is imputed. Pay is by the wage of the employer, as payroll_log.py has it; a subsidy's first and last month are not cut to its days."""
    lines, calendar, work = country.lines, world.calendar, world.parameters["work"]
    hours = lines.quarters / 4.0
    wage = work["hourly_wage"] * np.exp(
        work["wage_skill"] * world.people.skill[lines.person]
        + work["wage_spread"] * world.draws.normal("wage", lines.person, lines.employer)
        + work["wage_growth"] * (lines.month - calendar.first) / 12.0
    )
    is_ordinary = lines.kind == LINE_ORDINARY
    months = calendar.last + 1
    place = lines.person * months + lines.month
    found, back = np.unique(place, return_inverse=True)
    sums = {
        "ordinary_hours": np.bincount(back, hours * is_ordinary), "supported_hours": np.bincount(back, hours * ~is_ordinary), "imputed_hours": np.zeros(len(found)),
        "wage_dkk": np.bincount(back, np.rint(hours * wage * 100) / 100), "employers": np.bincount(back),
    }  # fmt: skip
    return pd.DataFrame(
        {"person_key": keys[found // months], "month": _dates(calendar.first_day(found % months)), **sums}
    )
