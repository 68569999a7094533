"""The rules of payroll lines that a file and the code lists alone decide, and what an accepted line becomes in the lake."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from assets.ingest import payroll
from assets.ingest.payroll import COLUMNS
from assets.ingest.reports import delivery_id
from assets.ingest.rules import bits_of, rules_of
from tests.unit.ingest.landed import CVR, KEY, MAN, WOMAN, Read, read
from tests.unit.ingest.payroll_lines import NAME, line, payroll_text, reversal

UNREADABLE = "unreadable_value"


def lines(tmp_path: Path, *rows: dict[str, str]) -> Read:
    return read(payroll, tmp_path, "payroll", {NAME: payroll_text(*rows)})


def broken(result: Read) -> set[str]:
    return {rule.removeprefix("payroll.") for rule in result.failed()}


def test_an_accepted_line_stands_in_the_lake_as_delivered(tmp_path: Path) -> None:
    """What is lost or turned here is wrong in every table about hours and pay."""
    result = lines(tmp_path, line())
    (row,) = result.table()
    content_hash = row.pop("content_hash")
    assert row == {
        "delivery_id": delivery_id(result.report.sha256),
        "line_number": 1,
        "report_id": "R1",
        "line_id": "1",
        "line_kind": "I",
        "reference_id": None,
        "se_number": CVR,
        "p_number": "1000000001",
        "person_key": KEY.person_key(WOMAN),
        "birth_date": date(1980, 1, 1),
        "cpr_flags": 1 + (2 if row["cpr_flags"] & 2 else 0),
        "income_type": "00",
        "payment_date": date(2019, 5, 31),
        "period_from": date(2019, 5, 1),
        "period_to": date(2019, 5, 31),
        "a_income_amount": 210_000_000,
        "a_income_other_amount": 125_000,
        "hours": 1_502_500,
        "is_hours_missing": False,
        "reported_at": datetime(2019, 6, 1, 11, 0, 0),
    }
    assert 0 <= content_hash < 2**63
    assert result.table("rejected") == []


def test_a_reversal_is_read_in_its_ids_its_person_and_its_timestamp_alone(tmp_path: Path) -> None:
    """A reversal with odd values in columns that are not read must not be rejected: the pay it takes back would stand."""
    odd = dict.fromkeys(("se_nr", "p_nummer", "indkomsttype", "dispositionsdato", "periode_fra", "felt_0013"), "abc")
    result = lines(tmp_path, reversal(cpr=MAN, kryds_0220="Q", felt_0200="5000", **odd), reversal(post_nr="2"))
    first, second = result.table(order="line_number")
    assert broken(result) == set()
    assert (first["reference_id"], first["person_key"], first["line_kind"]) == ("R1", KEY.person_key(MAN), "T")
    assert second["person_key"] is None
    unread = (
        "se_number",
        "p_number",
        "income_type",
        "payment_date",
        "period_from",
        "a_income_amount",
        "hours",
        "is_hours_missing",
    )
    assert [first[column] for column in unread] == [None] * len(unread)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (UNREADABLE, {"dispositionsdato": "31-05-2019"}),
        (UNREADABLE, {"dispositionsdato": "2019-02-30"}),
        (UNREADABLE, {"periode_fra": "2019-5-1"}),
        (UNREADABLE, {"periode_til": "20190531"}),
        (UNREADABLE, {"kryds_0220": "x", "felt_0200": ""}),
        (UNREADABLE, {"indberettet_tidspunkt": "2019-06-01 11:00:00"}),
        (UNREADABLE, {"indberettet_tidspunkt": "2019-06-01T24:00:00"}),
        (UNREADABLE, {"indberettet_tidspunkt": "2019-06-01T11:00"}),
        (UNREADABLE, {"indberettet_tidspunkt": "2019-06-01T11:00:00Z"}),
        ("kind_unknown", {"indberetningsart": "X"}),
        ("kind_unknown", {"indberetningsart": ""}),
        ("kind_unknown", {"indberetningsart": "i"}),
        ("report_id_missing", {"indberetning_id": ""}),
        ("line_id_missing", {"post_nr": ""}),
        ("timestamp_missing", {"indberettet_tidspunkt": ""}),
        ("cpr_invalid", {"cpr": ""}),
        ("cpr_invalid", {"cpr": "61018-01234"}),
        ("cpr_invalid", {"cpr": "6113801234"}),
        ("se_invalid", {"se_nr": ""}),
        ("se_invalid", {"se_nr": "01234567"}),
        ("se_invalid", {"se_nr": "25052944"}),
        ("income_type_unknown", {"indkomsttype": ""}),
        ("income_type_unknown", {"indkomsttype": "77"}),
        ("payment_date_missing", {"dispositionsdato": ""}),
        ("period_missing", {"periode_fra": ""}),
        ("period_missing", {"periode_fra": "", "periode_til": ""}),
        ("period_reversed", {"periode_fra": "2019-06-01"}),
        ("period_too_long", {"periode_fra": "2018-05-30"}),
        ("hours_out_of_range", {"felt_0200": "1000"}),
        ("hours_out_of_range", {"felt_0200": "-1000,00"}),
        ("hours_with_cross", {"kryds_0220": "X"}),
        ("hours_with_cross", {"kryds_0220": "X", "felt_0200": "0,00"}),
        ("amount_no_number", {"felt_0013": "1.500,00"}),
        ("amount_no_number", {"felt_0014": "12.50"}),
        ("amount_no_number", {"felt_0016": "abc"}),
        ("amount_no_number", {"felt_0200": "+5"}),
        ("amount_no_number", {"felt_0200": "abc", "kryds_0220": "X"}),
        ("p_number_invalid", {"p_nummer": "123456789"}),
    ],
)
def test_a_line_that_breaks_a_rule_is_rejected_under_that_rule_alone(
    tmp_path: Path, rule: str, changes: dict[str, str]
) -> None:
    """A value missing or unreadable that breaks other rules too would point the supplier to what is right."""
    result = lines(tmp_path, line(**changes), line(post_nr="2"))
    assert broken(result) == {rule}
    (rejected,) = result.table("rejected")
    assert rejected["broken_rules"] == 1 << bits_of("eindkomst")[f"payroll.{rule}"]
    assert (rejected["line_number"], rejected["has_right_fields"]) == (1, True)
    assert result.column("line_number") == [2]
    assert (result.report.rows_delivered, result.report.rows_rejected) == (2, 1)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("reference_missing", {"reference_id": ""}),
        ("reversal_cpr_invalid", {"cpr": "6113801234"}),
        ("report_id_missing", {"indberetning_id": ""}),
        ("line_id_missing", {"post_nr": ""}),
        ("timestamp_missing", {"indberettet_tidspunkt": ""}),
        (UNREADABLE, {"indberettet_tidspunkt": "yesterday"}),
    ],
)
def test_a_reversal_that_breaks_a_rule_is_rejected_under_that_rule_alone(
    tmp_path: Path, rule: str, changes: dict[str, str]
) -> None:
    """A reversal that slips through would take back pay that stands."""
    assert broken(lines(tmp_path, reversal(**changes))) == {rule}


@pytest.mark.parametrize(
    "changes",
    [
        {"periode_fra": "2018-05-31"},  # 366 days, both ends counted
        {"periode_fra": "2019-05-31"},  # one day
        {"felt_0200": "999,9999"},
        {"felt_0200": "-999,99"},
        {"felt_0200": "", "kryds_0220": "X"},
        {"felt_0200": ""},
        {"felt_0013": "-21000"},
        {"felt_0013": "7,5"},
        {"felt_0013": "", "felt_0014": "", "felt_0016": ""},
        {"p_nummer": ""},
        {"cpr": "610180-1234"},
        {"post_nr": "a text"},
        {"reference_id": "not read in a report"},
    ],
)
def test_a_line_at_the_edge_of_a_rule_is_accepted(tmp_path: Path, changes: dict[str, str]) -> None:
    """A rule that rejects one day or one hour too much loses work that was done."""
    result = lines(tmp_path, line(**changes))
    assert broken(result) - {"hours_over_400"} == set()
    assert result.report.rows_rejected == 0


def test_a_line_counts_under_every_rule_that_it_breaks(tmp_path: Path) -> None:
    """Counting only the first rule hides the others until the supplier has corrected it."""
    result = lines(tmp_path, line(cpr="", se_nr="", felt_0013="x"))
    assert broken(result) == {"cpr_invalid", "se_invalid", "amount_no_number"}
    assert result.report.rows_rejected == 1


def test_rules_look_at_the_rows_of_their_class_with_the_right_number_of_fields(tmp_path: Path) -> None:
    """A share over the wrong rows warns too early or too late."""
    text = payroll_text(line(), line(), reversal(), line(indberetningsart="X"), line(felt_0200="401"))
    rows = text.splitlines()
    rows[2] = rows[2].removesuffix(";2019-06-01T11:00:00")
    result = read(payroll, tmp_path, "payroll", {NAME: "\n".join(rows)})
    looked_at = {
        rule.removeprefix("payroll."): result.looked_at(rule) for rule in rules_of("eindkomst", "hard", "soft")
    }
    assert looked_at["unreadable_value"] == 5
    assert looked_at["kind_unknown"] == looked_at["timestamp_missing"] == 4
    assert looked_at["cpr_invalid"] == looked_at["p_number_invalid"] == 2
    assert looked_at["reference_missing"] == looked_at["reversal_cpr_invalid"] == 1
    assert looked_at["hours_over_400"] == looked_at["cpr_not_in_personer"] == 2
    assert looked_at["cpr_without_modulus_11"] == 0
    assert result.failed() == {"payroll.unreadable_value": 1, "payroll.kind_unknown": 1, "payroll.hours_over_400": 1}


@pytest.mark.parametrize(("felt_0200", "is_over"), [("400", False), ("400,01", True), ("-500", False)])
def test_more_than_400_hours_are_counted_and_kept(tmp_path: Path, felt_0200: str, is_over: bool) -> None:
    """A soft rule must not lose the line, nor count exactly 400."""
    result = lines(tmp_path, line(felt_0200=felt_0200))
    assert result.report.rules["payroll.hours_over_400"] == (1, int(is_over))
    assert result.report.rows_rejected == 0


def test_modulus_11_is_asked_of_numbers_that_are_not_constructed(tmp_path: Path) -> None:
    """Constructed numbers never have it: counting them would drown the real ones."""
    result = lines(tmp_path, line(), line(cpr="0101800001"), line(cpr="0101800117"))
    assert result.report.rules["payroll.cpr_without_modulus_11"][0] == 2
    assert result.report.real_numbers == 2
    assert result.report.first_real_line == 2


def test_real_numbers_are_seen_in_rejected_lines_and_after_repair_too(tmp_path: Path) -> None:
    """A build with the public key must meet no number that could be a person's, wherever it stands."""
    result = lines(
        tmp_path, line(se_nr=""), line(cpr="101800117", se_nr=""), reversal(cpr="010180-0117", reference_id="")
    )
    assert (result.report.real_numbers, result.report.first_real_line) == (2, 2)


def test_nine_digits_and_a_hyphen_are_the_same_person(tmp_path: Path) -> None:
    """A lost leading zero would make two people of one."""
    result = lines(tmp_path, line(cpr="0101800117"), line(cpr="010180-0117"), line(cpr="101800117"))
    assert len(set(result.column("person_key"))) == 1
    assert [flags & 4 for flags in result.column("cpr_flags")] == [0, 0, 4]
    assert result.report.counters["cpr_leading_zero"] == 1


def test_the_latest_birth_date_of_a_file_is_kept(tmp_path: Path) -> None:
    """Whether someone is born after the cut-off is decided in each build, and must not be forgotten."""
    assert lines(tmp_path, line(), line(cpr=MAN)).report.latest_birth_date == date(1990, 2, 2)


def test_equal_content_has_one_hash_whatever_its_line_number(tmp_path: Path) -> None:
    """The same line delivered twice counts once; any other column that differs makes it another content."""
    result = lines(tmp_path, line(), line(), line(felt_0016="1680,01"), line(cpr=MAN), line(felt_0013="21000,0"))
    hashes = result.column("content_hash")
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 4


def test_columns_are_found_by_name_in_any_order(tmp_path: Path) -> None:
    """A supplier who moves a column must not turn hours into pay."""
    result = read(payroll, tmp_path, "payroll", {NAME: payroll_text(line(), columns=COLUMNS[::-1])})
    moved = result.table()
    (tmp_path / "straight").mkdir()
    straight = lines(tmp_path / "straight", line()).table()
    assert [row | {"delivery_id": 0} for row in moved] == [row | {"delivery_id": 0} for row in straight]


def test_a_longer_code_list_accepts_its_income_type(tmp_path: Path) -> None:
    """A user extends one file; a list copied into the code would go on rejecting."""
    from expectations.code_lists import SEEDS, CodeLists

    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for path in SEEDS.glob("*.csv"):
        (seeds / path.name).write_bytes(path.read_bytes())
    with (seeds / "income_types.csv").open("a", encoding="utf-8") as file:
        file.write("77;Ny indkomsttype;true;test\n")
    text = payroll_text(line(indkomsttype="77"))
    assert read(payroll, tmp_path, "payroll", {NAME: text}, CodeLists(seeds)).report.rows_rejected == 0


@pytest.mark.parametrize("chunk_rows", [1, 3, 250_000])
def test_chunks_do_not_change_a_months_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk_rows: int) -> None:
    """A file cut in two, or several joined, must give the same rows, counts and line numbers."""
    monkeypatch.setattr(payroll, "CHUNK_ROWS", chunk_rows)
    first = payroll_text(*(line(post_nr=str(number), felt_0200=str(number)) for number in range(1, 8)))
    second = payroll_text(line(indberetning_id="R9"), line(cpr=""), reversal())
    files = {"eindkomst_2019-06_001.csv": first, "eindkomst_2019-06_002.csv": second}
    result = read(payroll, tmp_path, "payroll", files)
    assert [report.rows_delivered for report in result.reports] == [7, 3]
    assert [report.rows_rejected for report in result.reports] == [0, 1]
    assert [(row["line_number"], row["hours"]) for row in result.table(order="report_id, line_number")][:7] == [
        (number, number * 10_000) for number in range(1, 8)
    ]
    assert [row["line_number"] for row in result.table("rejected")] == [2]


def test_a_file_without_lines_leaves_two_tables_with_their_columns(tmp_path: Path) -> None:
    """dbt reads every partition: a missing table or column would stop the build."""
    result = lines(tmp_path)
    assert (result.report.refusal, result.report.rows_delivered, result.report.has_data_lines) == (None, 0, False)
    assert result.table() == result.table("rejected") == []
