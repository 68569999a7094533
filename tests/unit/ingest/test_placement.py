"""The rules of `forloeb` that a row and the code lists alone decide: classes of rows, every row rule."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from assets.ingest.reports import delivery_id
from assets.ingest.rules import bits_of
from expectations.predicates.placement import DECIDED_IN_THE_BUILD
from tests.unit.ingest.landed import CVR, KEY, WOMAN
from tests.unit.ingest.placement_lines import COLUMNS, UNREADABLE, broken, line, rows


def test_an_accepted_row_stands_in_the_lake_as_delivered(tmp_path: Path) -> None:
    """What is lost or turned here is wrong in every table about placements."""
    result = rows(tmp_path, line())
    (row,) = result.table()
    assert row == {
        "delivery_id": delivery_id(result.report.sha256, "0101"),
        "line_number": 1,
        "person_key": KEY.person_key(WOMAN),
        "birth_date": date(1980, 1, 1),
        "sex": "woman",
        "is_constructed": True,
        "has_modulus_11": False,
        "is_repaired": False,
        "activity_id": "A1",
        "handling": "O",
        "registered_at": datetime(2019, 6, 3, 8, 15),
        "target_group_number": 2,
        "benefit": "730",
        "instrument_code": "VPK",
        "cvr": CVR,
        "p_number": "1000000001",
        "start_date": date(2019, 6, 1),
        "end_date": date(2019, 8, 31),
        "planned_hours": 37,
        "planned_minutes": 30,
        "municipality_code": "0101",
        "end_reason": "Ordinær",
    }
    assert result.failed() == {}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"startdato": "2019-02-30"}, "unreadable_value"),
        ({"startdato": "20190601"}, "unreadable_value"),
        ({"slutdato": "2019/08/31"}, "unreadable_value"),
        ({"timer_pr_uge": "7,5"}, "unreadable_value"),
        ({"timer_pr_uge": "37 "}, "unreadable_value"),
        ({"timer_pr_uge": "+5"}, "unreadable_value"),
        ({"minutter_pr_uge": "x"}, "unreadable_value"),
        ({"minutter_pr_uge": "30,0"}, "unreadable_value"),
        ({"registreret_tidspunkt": "2019-06-03 08:15:00"}, "unreadable_value"),
        ({"registreret_tidspunkt": "2019-06-03T24:00:00"}, "unreadable_value"),
        ({"registreret_tidspunkt": "2019-06-03T08:15"}, "unreadable_value"),
        ({"registreret_tidspunkt": "03-06-2019T08:15:00"}, "unreadable_value"),
        ({"handling": "X"}, "unreadable_value"),
        ({"handling": "o"}, "unreadable_value"),
        ({"handling": ""}, "unreadable_value"),
        ({"cpr": ""}, "cpr_invalid"),
        ({"cpr": "9002791236"}, "cpr_invalid"),
        ({"tilbudstype": ""}, "instrument_unknown"),
        ({"tilbudstype": "vpk"}, "instrument_unknown"),
        ({"maalgruppe": ""}, "target_group_unknown"),
        ({"maalgruppe": "x"}, "target_group_unknown"),
        ({"maalgruppe": "2,0"}, "target_group_unknown"),
        ({"maalgruppe": "15"}, "target_group_unknown"),
        ({"maalgruppe": "0"}, "target_group_unknown"),
        ({"maalgruppe": "99999999999999999999"}, "target_group_unknown"),
        ({"startdato": ""}, "start_missing"),
        ({"slutdato": "2019-05-31"}, "end_before_start"),
        ({"cvr": "", "p_nummer": ""}, "enterprise_missing"),
        ({"timer_pr_uge": "60"}, "hours_out_of_range"),
        ({"timer_pr_uge": "-1"}, "hours_out_of_range"),
        ({"timer_pr_uge": "99999999999999999999"}, "hours_out_of_range"),
        ({"minutter_pr_uge": "60"}, "hours_out_of_range"),
        ({"ansvarlig_kommune": ""}, "municipality_unknown"),
        ({"ansvarlig_kommune": "101"}, "municipality_unknown"),
        ({"ansvarlig_kommune": "0411"}, "municipality_unknown"),
        ({"ansvarlig_kommune": "0147"}, "municipality_not_of_file"),
        ({"startdato": "2006-12-31"}, "start_before_2007"),
        ({"aktivitet_id": ""}, "id_missing"),
        ({"registreret_tidspunkt": ""}, "timestamp_missing"),
        ({"cvr": "25052944"}, "cvr_invalid"),
        ({"cvr": "2505294"}, "cvr_invalid"),
        ({"p_nummer": "100000001"}, "p_number_invalid"),
        ({"p_nummer": "1000000001x"}, "p_number_invalid"),
        ({"cpr": "6106034234", "startdato": "2019-05-31"}, "under_16"),
    ],
)
def test_each_rule_rejects_its_row_and_no_other_rule_counts_it(
    tmp_path: Path, changes: dict[str, str], rule: str
) -> None:
    """A value missing or unreadable breaks only the rule that says so; a row under the wrong rule misleads the municipality."""
    result = rows(tmp_path, line(**changes), line(aktivitet_id="A2"))
    assert result.failed() == {f"placement.{rule}": 1}
    assert result.column("line_number") == [2]
    assert result.column("broken_rules", "rejected") == [1 << bits_of("forloeb")[f"placement.{rule}"]]
    assert result.report.rows_delivered == 2 and result.report.rows_rejected == 1


def test_every_hard_rule_of_the_catalogue_has_a_predicate_or_is_decided_in_the_build() -> None:
    """A rule in the catalogue alone would never reject anything."""
    from expectations.predicates.placement import PREDICATES
    from expectations.predicates.placement import UNREADABLE as unreadable

    assert {*PREDICATES, unreadable, *DECIDED_IN_THE_BUILD} == set(bits_of("forloeb"))


def test_a_row_counts_under_every_rule_that_it_breaks(tmp_path: Path) -> None:
    """Counting the first rule alone hides how often the others fail."""
    result = rows(tmp_path, line(aktivitet_id="", timer_pr_uge="60", ansvarlig_kommune="0147", slutdato="x"))
    assert broken(result) == {"id_missing", "hours_out_of_range", "municipality_not_of_file", "unreadable_value"}
    assert result.report.rows_rejected == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"slutdato": ""},
        {"slutdato": "2019-06-01"},
        {"timer_pr_uge": "", "minutter_pr_uge": ""},
        {"timer_pr_uge": "59", "minutter_pr_uge": "0"},
        {"timer_pr_uge": "07"},
        {"cvr": ""},
        {"p_nummer": ""},
        {"tilbudstype": "MEK", "cvr": "", "p_nummer": ""},
        {"maalgruppe": "04"},
        {"maalgruppe": "14"},
        {"startdato": "2007-01-01"},
        {"ydelse": "", "afslutningsaarsag": ""},
        {"registreret_tidspunkt": "2025-01-01T23:59:59"},
        {"cpr": "610180-1234"},
        {"cpr": "6106034234", "startdato": "2019-06-01"},
        {"handling": "A"},
    ],
)
def test_what_the_contract_allows_is_accepted(tmp_path: Path, changes: dict[str, str]) -> None:
    """An edge on the wrong side loses placements that happened."""
    assert rows(tmp_path, line(**changes)).failed() == {}


def test_hours_stand_as_delivered_and_a_missing_one_is_null(tmp_path: Path) -> None:
    """Both empty is unknown, one empty is zero: the build decides that, so the lake may not fill anything in."""
    result = rows(tmp_path, line(timer_pr_uge=""), line(minutter_pr_uge=""), line(timer_pr_uge="", minutter_pr_uge=""))
    assert result.column("planned_hours") == [None, 37, None]
    assert result.column("planned_minutes") == [30, None, None]


@pytest.mark.parametrize(
    ("start", "number", "is_known"),
    [
        ("2019-12-31", "14", True),
        ("2020-01-01", "14", False),
        ("2020-01-01", "13", True),
        ("2013-06-01", "14", True),
        ("", "14", True),
        ("x", "14", True),
    ],
)
def test_the_regime_is_that_of_the_start_date(tmp_path: Path, start: str, number: str, is_known: bool) -> None:
    """The numbers changed their meaning on 1 January 2020; before 2014 the list of LAB_2 holds. Without a start nothing can be said."""
    result = rows(tmp_path, line(startdato=start, slutdato="", maalgruppe=number))
    assert ("target_group_unknown" not in broken(result)) == is_known


@pytest.mark.parametrize(
    ("start", "fails"),
    [("2020-02-28", True), ("2020-02-29", False), ("2019-02-28", True), ("2019-03-01", False)],
)
def test_sixteen_years_are_counted_by_birthday(tmp_path: Path, start: str, fails: bool) -> None:
    """A day's error at the sixteenth birthday rejects a lawful start."""
    cpr = "8902044234" if start.startswith("2020") else "6103034234"  # 29 February 2004; 1 March 2003
    result = rows(tmp_path, line(cpr=cpr, startdato=start, slutdato="", maalgruppe="2"))
    assert ("under_16" in broken(result)) == fails


def test_an_s_row_needs_only_id_municipality_and_timestamp_and_the_rest_is_not_read(tmp_path: Path) -> None:
    """A deletion lost because of a column that nobody reads leaves an activity that never was."""
    empty = dict.fromkeys(COLUMNS, "")
    needed = {
        "aktivitet_id": "A1",
        "ansvarlig_kommune": "0101",
        "registreret_tidspunkt": "2019-06-03T08:15:00",
        "handling": "S",
    }
    odd = dict.fromkeys(COLUMNS, "31-12-2019") | needed
    result = rows(tmp_path, line(**(empty | needed)), line(**odd), line(**needed, startdato="x"))
    assert result.failed() == {} and result.report.refusal is None
    for row in result.table():
        read_columns = {"delivery_id", "line_number", "activity_id", "handling", "registered_at", "municipality_code"}
        assert all(value is None for column, value in row.items() if column not in read_columns)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"aktivitet_id": ""}, "id_missing"),
        ({"registreret_tidspunkt": ""}, "timestamp_missing"),
        ({"registreret_tidspunkt": "x"}, "unreadable_value"),
        ({"ansvarlig_kommune": "0147"}, "municipality_not_of_file"),
        ({"ansvarlig_kommune": ""}, "municipality_unknown"),
    ],
)
def test_an_s_row_without_what_it_needs_is_rejected(tmp_path: Path, changes: dict[str, str], rule: str) -> None:
    """One municipality may not delete another's activity by a slip."""
    assert broken(rows(tmp_path, line(handling="S", **changes))) == {rule}


def test_rules_look_at_the_rows_of_their_class_with_the_right_number_of_fields(tmp_path: Path) -> None:
    """A share over rows that a rule never looks at is too small."""
    result = rows(
        tmp_path, line(), line(handling="A", cpr=""), line(handling="S"), line(handling="X"), "too;few", line() + ";"
    )
    assert result.looked_at(UNREADABLE) == 6 and result.report.rules[UNREADABLE] == (6, 3)
    assert result.report.rules["placement.cpr_invalid"] == (2, 1)
    assert result.looked_at("placement.cpr_changed") == 2 and result.looked_at("placement.start_too_late") == 2
    for rule in ("municipality_unknown", "municipality_not_of_file", "id_missing", "timestamp_missing"):
        assert result.looked_at(f"placement.{rule}") == 4
    assert result.looked_at("placement.cvr_contradicts_p_number") == 1  # accepted O and A rows
    assert result.column("has_right_fields", "rejected") == [True, True, False, False]
    assert result.column("start_date", "rejected")[2:] == [None, None]


def test_modulus_11_is_asked_of_accepted_activities_that_are_not_constructed(tmp_path: Path) -> None:
    """Numbers without modulus 11 have been issued since 2007: they are counted, never rejected."""
    with_it, without = "0101585018", "0101585010"  # born 1858: nobody's
    result = rows(
        tmp_path,
        line(cpr=with_it),
        line(cpr=without),
        line(cpr=without, timer_pr_uge="60"),
        line(cpr=without, handling="S"),
    )
    assert result.report.rules["placement.cpr_without_modulus_11"] == (2, 1)
    assert result.report.real_numbers == 3 and result.report.first_real_line == 1
    assert result.report.latest_birth_date == date(1858, 1, 1)
