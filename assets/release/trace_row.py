"""A row of the restricted tier traced: its person or spell in the build, found again by the release's own key, and the delivered lines.

Belongs here: restricted tables whose rows are of one person, finding the row again, the proof that it is the same. Not here: figures of public tables (trace_figure.py), lines (trace_lines.py).
Needs the project key: a release's keys lead back to nobody without it. What is shown holds no key.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from assets.release.restricted_rows import KEYS, QUERIES, key_maker, release_key
from assets.release.trace_behind import Behind
from assets.release.trace_build import Build
from assets.release.trace_figure import Figure, Measure, Release, nearest, read_released, refuse
from assets.release.trace_lines import ACTIVITIES, MONTHS, lines_of, months_of_spells
from assets.release.trace_members import MEMBERS, WITH_PAY, Proof
from assets.release.trace_rule import Meaning, Rule, described, rule_of_models
from transforms.release.design import PublicTable

WORDS: Final = Path(__file__).with_name("restricted.yml")
BEFORE: Final = (-3, -2, -1)  # the months of a spell's baseline


@dataclass(frozen=True)
class RowTable:
    """A restricted table. `keys`: its keys that are made anew -> the values of the build that they may be of."""

    keys: Mapping[str, str]
    months: tuple[str, ...] = ()


TABLES: Final = {
    "spells": RowTable({"spell_key": "select spell_id from core.fct_placement_spells"}),
    "person_months": RowTable({"person_key": "select person_key from core.dim_persons"}, ("month",)),
}


def find_row(
    release: Release, name: str, given: Mapping[str, str], measure: str | None, manifest: Mapping[str, Any]
) -> tuple[Figure, pd.Series]:
    """The row that `given` names, as the release has it, and as a figure without its keys.

    Raises:
        TraceError: keys that are missing or not the table's, no such row, a file that was changed.
    """
    place, keys = f"{name}.parquet", (*TABLES[name].keys, *TABLES[name].months)
    for key in given:
        if key not in keys:
            refuse(place, "dimension_unknown", f"{key} is no key of {name}{nearest(key, keys)}", f"name {', '.join(keys)}")  # fmt: skip
    missing = [key for key in keys if key not in given]
    if missing:
        refuse(place, "dimension_missing", f"{', '.join(missing)} is not given", f"name the row by {', '.join(keys)}")
    rows = read_released(release, "restricted", name)
    for key in TABLES[name].keys:
        rows = rows[rows[key] == given[key]]
    for key in TABLES[name].months:
        rows = rows[pd.to_datetime(rows[key]).dt.strftime("%Y-%m") == given[key][:7]]
    if len(rows) != 1:
        refuse(place, "row_missing", f"{len(rows)} rows have that key: it is none of this release's", f"take {', '.join(keys)} from restricted/{place}; months as YYYY-MM")  # fmt: skip
    columns = [column for column in rows.columns if column not in KEYS]
    if measure is not None and measure not in columns:
        refuse(place, "measure_unknown", f"{measure} is no column of {name}{nearest(measure, columns)}", f"name one of {', '.join(columns)}")  # fmt: skip
    words, row = _words(name), rows.iloc[0]
    labels = described(manifest)
    shown = tuple(
        Measure(column, _label(words, labels, column), "", plain(row[column]), False)
        for column in columns
        if measure in (None, column)
    )
    label, text = words["label"], words["description"]
    table = PublicTable(name, (label[0], label[1]), (text[0], text[1]), keys, tuple(columns), None, {})
    return Figure(table, {}, shown, measure), row


def _words(name: str) -> Mapping[str, Any]:
    return dict(yaml.safe_load(WORDS.read_text(encoding="utf-8"))[name])


def _label(words: Mapping[str, Any], labels: Mapping[tuple[str, str], Mapping[str, Any]], column: str) -> str:
    own = words["columns"].get(column)
    return str(own[0] if own else labels[words["source"], column]["label_da"])


def rule_of_row(release: Release, figure: Figure, manifest: Mapping[str, Any]) -> Rule:
    """The rule behind a row: the model whose rows these are, and what its columns mean."""
    words, codebook = _words(figure.table.name), described(manifest)
    meanings = []
    for one in figure.measures:
        row, own = codebook.get((words["source"], one.name), {}), words["columns"].get(one.name)
        english = own[2] if own else row.get("description") or ""
        meanings.append(Meaning(one.name, "", english, row.get("rule") or "", row.get("source_fields") or ""))
    return rule_of_models(release, [words["source"]], meanings, manifest, is_protected=False)


def behind_row(build: Build, release: Release, figure: Figure, row: pd.Series, project_key: bytes, most: int) -> Behind:
    """What is behind the row in the build.

    Raises:
        TraceError: the project key is not the release's, the build's row is another one, lines that do not add up.
    """
    name = figure.table.name
    table, made = TABLES[name], key_maker(release_key(project_key, str(release.manifest["name"])))
    (key, query), connection = next(iter(table.keys.items())), build.connection
    value = next((one for (one,) in connection.execute(query).fetchall() if made(key, one) == row[key]), None)
    if value is None:
        refuse(f"{name}.parquet", "key_other", "nobody of the build has this key: the release was made with another project key", "set OUTCOME_PSEUDONYM_KEY to the one of the release")  # fmt: skip
    month = pd.Timestamp(row["month"]).date() if table.months else None
    where, values = (f"{key} = ? and month = ?", [value, month]) if table.months else (f"{key} = ?", [value])
    ours = connection.execute(f"select * from ({QUERIES[name]}) where {where}", values).df()
    differing = [one.name for one in figure.measures if len(ours) != 1 or plain(ours.iloc[0][one.name]) != one.value]
    if differing:
        refuse(f"{name}.parquet", "row_differs", f"the build has another {', '.join(differing)}", "take the build that the release was made from")  # fmt: skip
    if month is None:
        _take_spell(build, value)
    else:
        _take_month(build, value, month)
    lines = tuple(lines_of(build, WITH_PAY, most))
    proof = _activities(build, value) if month is None else _pay(build, value, month)
    if not proof.holds:
        refuse(proof.table, "members_differ", f"{proof.column} is {proof.counted:g} in the table and its lines add up to {proof.members:g}", "build and release anew; when it stays, it is a fault of the programme: report it with this line")  # fmt: skip
    spells, enterprises = build.connection.execute(f"select count(distinct spell_id), count(distinct enterprise_cvr) from {MEMBERS}").fetchone() or (0, 0)  # fmt: skip
    return Behind("the row", spells, 1, enterprises, (proof,), lines)


def _take_spell(build: Build, spell: str) -> None:
    build.connection.execute(f"create or replace temp table {MEMBERS} as select spell_id, person_key, enterprise_cvr from core.fct_placement_spells where spell_id = ?", [spell])  # fmt: skip
    months_of_spells(build, BEFORE)


def _activities(build: Build, spell: str) -> Proof:
    """The activities of the spell, and the delivered lines that are theirs."""
    counted = build.one("select activities from core.fct_placement_spells where spell_id = ?", [spell])
    return Proof("core.fct_placement_spells", "activities", float(counted), float(build.one(f"select count(*) from {ACTIVITIES}")))  # fmt: skip


def _take_month(build: Build, person: object, month: datetime.date) -> None:
    """The person's month and, since they make hours supported, the spells that were active in it."""
    connection, values = build.connection, [person, month]
    connection.execute(
        f"""
        create or replace temp table {MEMBERS} as
        select spell_id, person_key, enterprise_cvr from core.fct_placement_spells
        where person_key = $1 and start_date <= last_day($2) and coalesce(end_date, $2) >= $2
        union all select null, $1::uuid, null
        """,
        values,
    )
    connection.execute(f"create or replace temp table {MONTHS} as select $1::uuid as person_key, $2::date as month", values)  # fmt: skip


def _pay(build: Build, person: object, month: datetime.date) -> Proof:
    """The pay of the month, and the sum of the parts of lines that lie in it."""
    counted = build.one("select wage_dkk from core.fct_person_months where person_key = $1 and month = $2", [person, month])  # fmt: skip
    paid = build.one("select cast(coalesce(sum(wage_amount), 0) as double) / 10000 from intermediate.int_payroll_pieces where person_key = $1 and month = $2", [person, month])  # fmt: skip
    return Proof("core.fct_person_months", "wage_dkk", float(counted), float(paid))


def plain(value: Any) -> Any:
    """A value as it is shown and compared: None for what is missing, months as YYYY-MM."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime.date | pd.Timestamp):
        return f"{value:%Y-%m}"
    return value.item() if hasattr(value, "item") else value
