"""What refuses a payroll file whole, and what does not: bytes, header, trailer, line numbers."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from assets.ingest import payroll
from assets.ingest.payroll import COLUMNS
from assets.ingest.rules import rules_of
from tests.unit.ingest.landed import Read, read
from tests.unit.ingest.payroll_lines import HEADER, NAME, line, payroll_text, reversal

FILE_RULES = ["file.unreadable", "file.encoding", "file.missing_column", "file.duplicate_column"]


def one(tmp_path: Path, content: str | bytes, name: str = NAME) -> Read:
    return read(payroll, tmp_path, "payroll", {name: content})


def assert_refused(result: Read, rule: str, rows: int | None) -> None:
    """The file is refused by this rule, its rows are all rejected, and no rule after it looked at anything."""
    report = result.report
    assert (report.refusal, report.rows_delivered, report.rows_rejected) == (rule, rows, rows)
    assert result.failed() == {rule: 1}
    order = FILE_RULES + rules_of("eindkomst", "file")
    place = order.index(rule)
    assert [report.rules[name][0] for name in order] == [1] * (place + 1) + [0] * (len(order) - place - 1)
    assert all(report.rules[name] == (0, 0) for name in rules_of("eindkomst", "hard", "soft"))
    assert result.table() == result.table("rejected") == []
    assert report.counters == {}


def test_a_truncated_gz_is_refused_with_the_hash_of_its_bytes(tmp_path: Path) -> None:
    """Half a transfer read as a whole one loses people's work without a word."""
    import hashlib

    packed = gzip.compress(payroll_text(*[line()] * 50).encode())[:-20]
    result = one(tmp_path, packed, "eindkomst_2019-06.csv.gz")
    assert_refused(result, "file.unreadable", None)
    assert result.report.sha256 == hashlib.sha256(packed).hexdigest()


def test_a_gz_is_read_and_hashed_as_its_content(tmp_path: Path) -> None:
    """The same content packed and unpacked is one delivery."""
    import hashlib

    text = payroll_text(line())
    result = one(tmp_path, text, "eindkomst_2019-06.csv.gz")
    assert (result.report.refusal, result.report.sha256) == (None, hashlib.sha256(text.encode()).hexdigest())


def test_bytes_that_are_not_utf8_refuse_the_file(tmp_path: Path) -> None:
    """Windows-1252 is for placement files only."""
    assert_refused(one(tmp_path, payroll_text(line(post_nr="Ø")).encode("cp1252")), "file.encoding", None)


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    """The first column would not be found by its name."""
    result = one(tmp_path, b"\xef\xbb\xbf" + payroll_text(line()).encode())
    assert (result.report.refusal, result.report.rows_delivered) == (None, 1)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_contract_must_be_there(tmp_path: Path, column: str) -> None:
    """A column that is missing would be read as empty."""
    columns = [name for name in COLUMNS if name != column]
    # Without linje nobody can tell the trailer from a line.
    rows = 3 if column == "linje" else 2
    assert_refused(one(tmp_path, payroll_text(line(), line(), columns=columns)), "file.missing_column", rows)


def test_an_empty_file_has_no_column(tmp_path: Path) -> None:
    """An empty file is an incomplete transfer, not a month without pay."""
    assert_refused(one(tmp_path, ""), "file.missing_column", 0)


def test_two_columns_of_one_name_refuse_the_file(tmp_path: Path) -> None:
    """Nobody can say which of the two is meant."""
    assert_refused(one(tmp_path, payroll_text(line(), columns=[*COLUMNS, "cpr"])), "file.duplicate_column", 1)


def test_an_extra_column_is_allowed_and_told(tmp_path: Path) -> None:
    """A supplier who adds a column must not lose a month."""
    result = one(tmp_path, payroll_text(line(), columns=["felt_9999", *COLUMNS]))
    assert (result.report.refusal, result.report.extra_columns) == (None, ["felt_9999"])
    assert result.report.counters["unknown_extra_columns"] == 1


@pytest.mark.parametrize("text", [payroll_text(line(), has_trailer=False), HEADER + "\n"])
def test_a_file_without_a_trailer_is_refused(tmp_path: Path, text: str) -> None:
    """It is an incomplete transfer."""
    assert_refused(one(tmp_path, text), "payroll.trailer_missing", text.count("\n") - 1)


@pytest.mark.parametrize("count", ["1", "3", "", "2,0", "x"])
def test_the_trailer_must_name_the_number_of_lines(tmp_path: Path, count: str) -> None:
    """Lines lost on the way are not seen otherwise."""
    text = payroll_text(line(), line(), trailer={"indberetning_id": count})
    assert_refused(one(tmp_path, text), "payroll.trailer_count", 2)


@pytest.mark.parametrize(("column", "rule"), [("felt_0013", "trailer_sum_0013"), ("felt_0200", "trailer_sum_0200")])
@pytest.mark.parametrize("written", ["42000,01", "300,51", "", "abc", "42.000,00"])
def test_the_trailers_sums_must_hold_to_the_cent(tmp_path: Path, column: str, rule: str, written: str) -> None:
    """A line that was changed on the way is not seen otherwise."""
    text = payroll_text(line(), line(), trailer={column: written})
    assert_refused(one(tmp_path, text), f"payroll.{rule}", 2)


def test_the_sums_take_every_line_as_delivered(tmp_path: Path) -> None:
    """Rejected lines and reversals are summed too; an amount that cannot be read counts zero."""
    text = payroll_text(
        line(cpr=""),
        line(felt_0013="abc", felt_0200="1,5x"),
        line(felt_0013="-0,01"),
        reversal(felt_0013="100", felt_0200="7,5"),
        trailer={"felt_0013": "21099,99", "felt_0200": "308,00"},
    )
    result = one(tmp_path, text)
    assert (result.report.refusal, result.report.rows_delivered, result.report.rows_rejected) == (None, 4, 2)


def test_sums_are_compared_to_the_cent_not_beyond(tmp_path: Path) -> None:
    """Four decimals in the lines and two in the trailer agree."""
    text = payroll_text(line(felt_0013="1,0049"), line(felt_0013="1,0001"), trailer={"felt_0013": "2,01"})
    assert one(tmp_path, text).report.refusal is None


@pytest.mark.parametrize(
    "numbers", [("0000001", "0000003"), ("0000002", "0000001"), ("0000001", "0000001"), ("1", "x"), ("0x1", "0000002")]
)
def test_lines_must_be_numbered_from_1_in_order(tmp_path: Path, numbers: tuple[str, str]) -> None:
    """Lines lost or turned round on the way are not seen otherwise."""
    text = payroll_text(*(line(linje=number) for number in numbers))
    assert_refused(one(tmp_path, text), "payroll.line_numbers", 2)


def test_a_trailer_in_the_middle_is_a_line_with_a_wrong_number(tmp_path: Path) -> None:
    """Two files joined into one are not one delivery."""
    text = payroll_text(line(), line(linje="9999999", indberetning_id="1"), line(linje="0000003"))
    assert_refused(one(tmp_path, text), "payroll.line_numbers", 3)


def test_the_first_rule_that_fails_is_the_reason(tmp_path: Path) -> None:
    """The order of rules.csv decides, so that a reason does not change from run to run."""
    text = payroll_text(line(linje="7"), trailer={"indberetning_id": "9", "felt_0013": "9"})
    assert_refused(one(tmp_path, text), "payroll.trailer_count", 1)


def test_rows_with_too_few_or_too_many_fields_are_rejected_under_their_own_number(tmp_path: Path) -> None:
    """A row dropped in silence moves every line number after it, and quarantine shows another person's row."""
    good = payroll_text(*(line(post_nr=str(number)) for number in range(1, 6))).splitlines()
    good[2] = good[2].removesuffix(";2019-06-01T11:00:00")
    good[4] += ";extra"
    result = one(tmp_path, "\n".join(good) + "\n")
    assert (result.report.refusal, result.report.rows_delivered, result.report.rows_rejected) == (None, 5, 2)
    assert [(row["line_number"], row["has_right_fields"]) for row in result.table("rejected")] == [
        (2, False),
        (4, False),
    ]
    assert [(row["line_number"], row["line_id"]) for row in result.table(order="line_number")] == [
        (1, "1"),
        (3, "3"),
        (5, "5"),
    ]
    assert result.failed() == {"payroll.unreadable_value": 2}


def test_a_ragged_trailer_is_a_trailer(tmp_path: Path) -> None:
    """What ends the file is told by its linje, however many fields stand behind it."""
    text = payroll_text(line())
    assert one(tmp_path, text.rstrip("\n") + ";\n").report.refusal is None


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\n", "\r\n\r\n\r\n"])
def test_line_ends_and_empty_lines_are_no_records(tmp_path: Path, line_end: str) -> None:
    """Line numbers are records: an empty line must not shift them."""
    result = one(tmp_path, payroll_text(line(), line(cpr="", post_nr="2"), line(post_nr="3"), line_end=line_end))
    assert (result.report.refusal, result.report.rows_delivered) == (None, 3)
    assert [row["line_number"] for row in result.table("rejected")] == [2]


def test_quoted_fields_may_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    """RFC 4180: a line break inside quotes is content, and the record after it keeps its number."""
    text = payroll_text(line(post_nr='"a;b\n""c"""'), line(cpr="", post_nr="2"), line(post_nr="3"))
    result = one(tmp_path, text)
    assert (result.report.refusal, result.report.rows_delivered) == (None, 3)
    assert [row["line_id"] for row in result.table(order="line_number")] == ['a;b\n"c"', "3"]
    assert [row["line_number"] for row in result.table("rejected")] == [2]


def test_the_same_content_twice_in_a_month_stands_once(tmp_path: Path) -> None:
    """A join by content would count every line twice."""
    text = payroll_text(line())
    result = read(payroll, tmp_path, "payroll", {"eindkomst_2019-06_001.csv": text, "eindkomst_2019-06_002.csv": text})
    assert [report.rows_delivered for report in result.reports] == [1, 1]
    assert len(result.table()) == 1


def test_no_cpr_number_stands_in_the_lake(tmp_path: Path) -> None:
    """The lake is pseudonymised, rejected rows too."""
    from tests.unit.ingest.landed import WOMAN

    result = one(tmp_path, payroll_text(line(), line(se_nr="", felt_0016=WOMAN), line(cpr=f"{WOMAN}9")))
    assert result.report.rows_rejected == 2
    for path in result.folder.iterdir():
        assert WOMAN.encode() not in path.read_bytes()
    assert WOMAN not in str(result.report.to_json())
