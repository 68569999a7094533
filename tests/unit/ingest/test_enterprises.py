"""The rules of `cvr_virksomheder`: strict types, periods, RSV, headcounts, which document counts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.ingest import enterprises
from tests.unit.ingest.landed import CVR, OTHER_CVR, Read, read

NAME = "cvr_virksomheder_2022-06-01.ndjson"
UNREADABLE = "cvr_virksomheder.unreadable_value"
REAL = Path(__file__).resolve().parents[4] / "shared" / "deliveries" / "cvr" / "cvr_virksomheder_2020-01-01.ndjson"
SINCE_2010 = {"gyldigFra": "2010-01-01", "gyldigTil": None}


def document(**changes: Any) -> str:
    """Return an acceptable document with some of its values changed; a value of `...` takes the key away."""
    values: dict[str, Any] = {
        "cvrNummer": int(CVR),
        "reklamebeskyttet": False,
        "fejlRegistreret": False,
        "navne": [{"navn": "Værkstedet Ærø", "periode": SINCE_2010}],
        "beliggenhedsadresse": [{"kommune": {"kommuneKode": 101}, "periode": SINCE_2010}],
        "hovedbranche": [{"branchekode": "620200", "periode": SINCE_2010}],
        "virksomhedsform": [{"virksomhedsformkode": 80, "periode": SINCE_2010}],
        "livsforloeb": [{"periode": SINCE_2010}],
        "virksomhedsstatus": [{"status": "NORMAL", "periode": SINCE_2010}],
        "maanedsbeskaeftigelse": [],
        "erstMaanedsbeskaeftigelse": [],
        "penheder": [{"pNummer": 1000000001, "periode": SINCE_2010}],
        "attributter": [],
    }
    values |= changes
    return json.dumps({"Vrvirksomhed": {key: value for key, value in values.items() if value is not ...}})


def lines(tmp_path: Path, *documents: str) -> Read:
    return read(enterprises, tmp_path, "registry", {NAME: "".join(f"{line}\n" for line in documents)})


def rsv(
    *periods: tuple[str | None, str | None], value: Any = "true", kind: str = enterprises.RSV_TYPE
) -> dict[str, Any]:
    values = [{"vaerdi": value, "periode": {"gyldigFra": begin, "gyldigTil": end}} for begin, end in periods]
    return {"type": kind, "vaerdier": values}


def attribute(result: Read, name: str) -> list[tuple[Any, ...]]:
    rows = [row for row in result.table("attributes", "position") if row["attribute"] == name]
    return [(row["value"], row["valid_from"], row["valid_to"]) for row in rows]


def test_an_accepted_document_stands_in_the_lake_as_delivered(tmp_path: Path) -> None:
    """A value lost or turned on the way would be wrong in every table that names an enterprise."""
    result = lines(tmp_path, document())
    (row,) = result.table()
    assert (row["enterprise_cvr"], row["is_advertising_protected"], row["line_number"]) == (CVR, False, 1)
    day = date(2010, 1, 1)
    assert attribute(result, "name") == [("Værkstedet Ærø", day, None)]
    assert attribute(result, "municipality") == [("0101", day, None)]
    assert attribute(result, "industry") == [("620200", day, None)]
    assert attribute(result, "legal_form") == [("80", day, None)]
    assert attribute(result, "life") == [(None, day, None)]
    assert attribute(result, "status") == [("NORMAL", day, None)]
    assert result.failed() == {} and result.report.rows_delivered == 1 and result.report.rows_rejected == 0


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '"text"',
        "{}",
        '{"VrproduktionsEnhed": {}}',
        '{"Vrvirksomhed": []}',
        '{"Vrvirksomhed": null}',
        document()[:-1],
        document() + "x",
        document(cvrNummer=float("nan")),
        document(unread=float("inf")),
        "   ",
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_document_of_this_kind_is_unreadable(tmp_path: Path, line: str) -> None:
    """A broken line that stops the reader loses every document after it."""
    result = lines(tmp_path, line, document())
    assert result.failed() == {UNREADABLE: 1}
    assert result.column("line_number") == [2] and result.column("line_number", "rejected") == [1]
    assert result.column("has_right_fields", "rejected") == [False]


@pytest.mark.parametrize(
    "change",
    [
        {"cvrNummer": float(CVR)},
        {"cvrNummer": CVR},
        {"cvrNummer": True},
        {"cvrNummer": None},
        {"cvrNummer": ...},
        {"reklamebeskyttet": 0},
        {"reklamebeskyttet": "false"},
        {"fejlRegistreret": 1},
        {"fejlRegistreret": "true"},
        {"navne": {}},
        {"navne": [None]},
        {"navne": [{"navn": 5, "periode": SINCE_2010}]},
        {"navne": [{"navn": "\ud800", "periode": SINCE_2010}]},
        {"navne": [{"navn": "x", "periode": []}]},
        {"navne": [{"navn": "x", "periode": {"gyldigFra": "2019-02-30"}}]},
        {"navne": [{"navn": "x", "periode": {"gyldigTil": "20190201"}}]},
        {"navne": [{"navn": "x", "periode": {"gyldigTil": "2019-2-1"}}]},
        {"navne": [{"navn": "x", "periode": {"gyldigTil": "2019-02-01T00:00:00"}}]},
        {"navne": [{"navn": "x", "periode": {"gyldigTil": 20190201}}]},
        {"beliggenhedsadresse": [{"kommune": "0101", "periode": SINCE_2010}]},
        {"beliggenhedsadresse": [{"kommune": {"kommuneKode": "0101"}, "periode": SINCE_2010}]},
        {"beliggenhedsadresse": [{"kommune": {"kommuneKode": 101.0}, "periode": SINCE_2010}]},
        {"hovedbranche": [{"branchekode": 620200, "periode": SINCE_2010}]},
        {"hovedbranche": [{"branchekode": None, "periode": SINCE_2010}]},
        {"hovedbranche": [{"periode": SINCE_2010}]},
        {"virksomhedsform": [{"virksomhedsformkode": "80", "periode": SINCE_2010}]},
        {"virksomhedsform": [{"periode": SINCE_2010}]},
        {"virksomhedsstatus": [{"status": 1, "periode": SINCE_2010}]},
        {"penheder": [{"pNummer": "1000000001", "periode": SINCE_2010}]},
        {"penheder": [{"pNummer": None}]},
        {"maanedsbeskaeftigelse": [{"aar": 2019, "maaned": 13, "antalAnsatte": 1}]},
        {"maanedsbeskaeftigelse": [{"aar": 2019, "maaned": 0, "antalAnsatte": 1}]},
        {"maanedsbeskaeftigelse": [{"aar": "2019", "maaned": 1, "antalAnsatte": 1}]},
        {"maanedsbeskaeftigelse": [{"maaned": 1, "antalAnsatte": 1}]},
        {"erstMaanedsbeskaeftigelse": [{"aar": 2019, "maaned": 1, "antalAnsatte": 1.0}]},
        {"erstMaanedsbeskaeftigelse": [{"aar": 2019, "maaned": 1, "antalAnsatte": True}]},
        {"erstMaanedsbeskaeftigelse": [{"aar": 2019, "maaned": 1, "intervalKodeAntalAnsatte": "2-4"}]},
        {"erstMaanedsbeskaeftigelse": [{"aar": 2019, "maaned": 1, "intervalKodeAntalAnsatte": "ANTAL_2_"}]},
        {"erstMaanedsbeskaeftigelse": [{"aar": 2019, "maaned": 1, "antalAnsatte": 1, "intervalKodeAntalAnsatte": 2}]},
        {"attributter": [rsv((None, None), value=True)]},
        {"attributter": [rsv((None, None), value=1)]},
        {"attributter": [{"vaerdier": []}]},
        {"attributter": [{"type": enterprises.RSV_TYPE, "vaerdier": "true"}]},
    ],
)
def test_a_value_that_is_not_of_its_type_rejects_the_document_and_breaks_nothing_else(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    """A reader that guesses (5.0 is 5, "true" is true) gives another register than the one delivered."""
    result = lines(tmp_path, document(**change), document(cvrNummer=int(OTHER_CVR)))
    assert result.failed() == {UNREADABLE: 1}
    assert result.column("enterprise_cvr") == [OTHER_CVR]
    assert result.looked_at(UNREADABLE) == 2 and result.looked_at("cvr_virksomheder.cvr_invalid") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"reklamebeskyttet": None},
        {"reklamebeskyttet": ...},
        {"fejlRegistreret": None},
        {"fejlRegistreret": ...},
        {"navne": None},
        {"navne": ...},
        {"navne": [{"navn": None}]},
        {"navne": [{}]},
        {"beliggenhedsadresse": [{"kommune": None}]},
        {"beliggenhedsadresse": [{}]},
        {"beliggenhedsadresse": [{"kommune": {"kommuneKode": None}}]},
        {"beliggenhedsadresse": [{"kommune": {}}]},
        {"beliggenhedsadresse": [{"kommune": {"kommuneKode": 101, "periode": "not read"}}]},
        {"virksomhedsstatus": [{"status": None}]},
        {"virksomhedsstatus": [{}]},
        {"livsforloeb": [{"periode": None}]},
        {"livsforloeb": [{}]},
        {"maanedsbeskaeftigelse": [{"aar": 2019, "maaned": 1}]},
        {"attributter": [{"type": enterprises.RSV_TYPE, "vaerdier": [{"vaerdi": None}, {}]}]},
        {"attributter": [{"type": enterprises.RSV_TYPE}]},
        {"attributter": [{"type": "KAPITAL", "vaerdier": [{"vaerdi": 125000}]}]},
        {"unread": {"deep": [1.5, None]}},
    ],
)
def test_what_may_be_missing_or_null_and_what_is_not_read_rejects_nothing(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    """Real documents have nulls and lists outside the contract: a reader that is too strict loses the register."""
    result = lines(tmp_path, document(**change))
    assert result.failed() == {} and result.column("enterprise_cvr") == [CVR]


@pytest.mark.parametrize("number", ["25052944", "5", "-5", "0", "123456789", "1" + "0" * 5000])
def test_an_invalid_cvr_number_rejects_the_document(tmp_path: Path, number: str) -> None:
    """An enterprise under a number that cannot exist joins with nothing, or with the wrong one."""
    result = lines(tmp_path, document().replace(CVR, number))
    assert result.failed() == {"cvr_virksomheder.cvr_invalid": 1}
    assert result.column("broken_rules", "rejected") == [2] and result.column("enterprise_cvr", "rejected") == [None]


def test_a_document_registered_by_mistake_is_rejected_and_the_one_before_stands(tmp_path: Path) -> None:
    """A mistake of the register must not replace the enterprise."""
    result = lines(tmp_path, document(), document(fejlRegistreret=True))
    assert result.failed() == {"cvr_virksomheder.registered_by_mistake": 1}
    assert result.column("line_number") == [1] and result.column("enterprise_cvr", "rejected") == [CVR]


def test_a_document_counts_under_every_rule_that_it_breaks(tmp_path: Path) -> None:
    """Counting the first rule alone hides how often the others fail."""
    result = lines(tmp_path, document(cvrNummer=1, fejlRegistreret=True))
    assert result.failed() == {"cvr_virksomheder.cvr_invalid": 1, "cvr_virksomheder.registered_by_mistake": 1}
    assert result.column("broken_rules", "rejected") == [6] and result.report.rows_rejected == 1


def test_the_later_document_of_a_number_counts_in_every_table(tmp_path: Path) -> None:
    """Periods of two versions of one enterprise side by side would count its history twice."""
    old = document(
        attributter=[rsv(("2019-01-01", None))], maanedsbeskaeftigelse=[{"aar": 2019, "maaned": 1, "antalAnsatte": 1}]
    )
    result = lines(tmp_path, old, document(cvrNummer=int(OTHER_CVR)), document(navne=[{"navn": "Ny"}]))
    assert [(row["enterprise_cvr"], row["line_number"]) for row in result.table(order="line_number")] == [
        (OTHER_CVR, 2),
        (CVR, 3),
    ]
    assert {row["line_number"] for row in result.table("attributes")} == {2, 3}
    assert result.table("rsv") == [] and result.table("headcounts") == []
    assert result.report.rows_delivered == 3 and result.report.rows_rejected == 0  # replaced, not rejected


def test_rsv_periods_of_every_entry_count_and_a_missing_start_is_the_day_of_the_law(tmp_path: Path) -> None:
    """An entry overlooked, or a flag held to begin with the enterprise, moves RSV years."""
    entries = [
        rsv(("2019-01-01", "2019-12-31"), kind="ANDET"),
        rsv((None, "2018-12-31"), ("2012-01-01", "2014-12-31")),
        rsv(("2020-01-01", None), value="false"),
        rsv(("2020-01-01", None), value="TRUE"),
        rsv(("2021-01-01", None)),
    ]
    result = lines(tmp_path, document(attributter=entries))
    assert [(row["valid_from"], row["valid_to"], row["position"]) for row in result.table("rsv", "position")] == [
        (date(2015, 1, 1), date(2018, 12, 31), 0),
        (date(2012, 1, 1), date(2014, 12, 31), 1),
        (date(2021, 1, 1), None, 4),
    ]


def test_a_null_headcount_is_the_lower_bound_of_its_interval(tmp_path: Path) -> None:
    """Real documents of small enterprises give the interval alone: without it they have no employees."""
    old = [
        {"aar": 2019, "maaned": 1, "antalAnsatte": None, "intervalKodeAntalAnsatte": "ANTAL_2_4"},
        {"aar": 2019, "maaned": 2, "antalAnsatte": 3, "intervalKodeAntalAnsatte": "ANTAL_2_4"},
        {"aar": 2019, "maaned": 3, "intervalKodeAntalAnsatte": "ANTAL_1000_999999"},
        {"aar": 2019, "maaned": 4, "antalAnsatte": None, "intervalKodeAntalAnsatte": None},
    ]
    new = [{"aar": 2019, "maaned": 10, "antalAnsatte": 0, "intervalKodeAntalAnsatte": "ANTAL_1_1"}]
    result = lines(tmp_path, document(maanedsbeskaeftigelse=old, erstMaanedsbeskaeftigelse=new))
    assert [(row["month"], row["employees"], row["list"]) for row in result.table("headcounts", "month")] == [
        (date(2019, 1, 1), 2, "old"),
        (date(2019, 2, 1), 3, "old"),
        (date(2019, 3, 1), 1000, "old"),
        (date(2019, 4, 1), None, "old"),
        (date(2019, 10, 1), 0, "new"),
    ]


def test_empty_lines_are_no_records_and_the_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    """A line number that counts empty lines sends the supplier to the wrong document."""
    text = f"\ufeff\n\r\n{document()}\r\n\n{document(cvrNummer=int(OTHER_CVR))}"
    result = read(enterprises, tmp_path, "registry", {NAME: text})
    assert result.column("line_number") == [1, 2] and result.report.rows_delivered == 2


def test_only_a_line_feed_ends_a_document(tmp_path: Path) -> None:
    """A line separator of Unicode inside a name must not cut the document in two."""
    line = document().replace("V\\u00e6rkstedet", "a\u2028b\u0085c")
    result = lines(tmp_path, line)
    assert result.failed() == {} and attribute(result, "name")[0][0] == "a\u2028b\u0085c \u00c6r\u00f8"


def test_of_a_key_that_stands_twice_the_later_counts(tmp_path: Path) -> None:
    """Which of two values counts must not hang on the JSON reader in use."""
    line = document().replace('"reklamebeskyttet": false', '"reklamebeskyttet": "x", "reklamebeskyttet": true')
    assert lines(tmp_path, line).column("is_advertising_protected") == [True]


def test_bytes_that_are_no_utf8_refuse_the_file(tmp_path: Path) -> None:
    """A file in another encoding read all the same would carry broken names."""
    result = read(enterprises, tmp_path, "registry", {NAME: document().encode() + b"\n\xe6\n"})
    assert result.report.refusal == "file.encoding" and result.report.rows_delivered is None
    assert result.report.rules["file.encoding"] == (1, 1) and result.looked_at(UNREADABLE) == 0
    assert result.table() == [] and result.table("rejected") == []


def test_a_broken_gz_refuses_the_file_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    """Half a register is no register."""
    result = read(enterprises, tmp_path, "registry", {f"{NAME}.gz": b"\x1f\x8b\x08\x00broken"})
    assert result.report.refusal == "file.unreadable" and result.report.rules["file.encoding"] == (0, 0)


def test_the_same_content_under_two_names_stands_once(tmp_path: Path) -> None:
    """Two deliveries of one content share their identity: rows twice would count every enterprise twice."""
    result = read(enterprises, tmp_path, "registry", {NAME: document() + "\n", f"{NAME}.gz": document() + "\n"})
    assert [report.file_name for report in result.reports] == [NAME, f"{NAME}.gz"]
    assert len({report.sha256 for report in result.reports}) == 1 and len(result.table()) == 1


FORM_80, FORM_10 = {"virksomhedsformkode": 80}, {"virksomhedsformkode": 10}


@pytest.mark.parametrize(
    ("forms", "periods", "fails"),
    [
        ([{"virksomhedsformkode": 10, "periode": SINCE_2010}], [("2019-01-01", None)], 1),
        ([{"virksomhedsformkode": 15, "periode": SINCE_2010}], [("2019-01-01", "2019-01-01")], 1),
        ([{"virksomhedsformkode": 10, "periode": {"gyldigTil": "2018-12-31"}}], [("2019-01-01", None)], 0),
        ([{"virksomhedsformkode": 10, "periode": {"gyldigTil": "2019-01-01"}}], [("2019-01-01", None)], 1),
        ([{"virksomhedsformkode": 10, "periode": {"gyldigTil": "2014-12-31"}}], [(None, None)], 0),
        # The later start wins from its start on, and the earlier comes back after its end.
        ([FORM_10, {"virksomhedsformkode": 80, "periode": SINCE_2010}], [("2019-01-01", None)], 0),
        ([FORM_10, {"virksomhedsformkode": 80, "periode": {"gyldigFra": "2010-01-01", "gyldigTil": "2020-01-01"}}], [("2019-01-01", None)], 1),
        ([FORM_10, FORM_80], [("2019-01-01", None)], 0),
        ([FORM_80, FORM_10], [("2019-01-01", None)], 1),
        ([FORM_10], [("2019-01-01", "2018-01-01")], 0),
    ],
)  # fmt: skip
def test_a_flag_with_a_day_on_form_10_or_15_is_counted(
    tmp_path: Path, forms: list[dict[str, Any]], periods: list[tuple[str | None, str | None]], fails: int
) -> None:
    """The flag of a sole proprietor is impossible by law; a hole in the flag must be found, and none be made up."""
    result = lines(tmp_path, document(virksomhedsform=forms, attributter=[rsv(*periods)]), "x")
    assert result.report.rules["cvr_virksomheder.rsv_on_sole_proprietor"] == (1, fails)
    assert result.column("enterprise_cvr") == [CVR]  # the enterprise is kept


@pytest.mark.parametrize(
    ("form", "industry", "flag", "fails"),
    [
        (110, "681000", ("2019-01-01", None), 1),
        (115, "949900", ("2019-01-01", None), 1),
        (90, "681000", ("2019-01-01", None), 0),
        (110, "620200", ("2019-01-01", None), 0),
        (110, "681000", ("2008-01-01", "2009-12-31"), 0),
    ],
)
def test_an_association_in_real_estate_with_the_flag_is_counted_as_implausible(
    tmp_path: Path, form: int, industry: str, flag: tuple[str | None, str | None], fails: int
) -> None:
    """The counter exists to find flags given by mistake."""
    changes = {
        "virksomhedsform": [{"virksomhedsformkode": form, "periode": SINCE_2010}],
        "hovedbranche": [{"branchekode": industry, "periode": SINCE_2010}],
        "attributter": [rsv(flag)],
    }
    assert lines(tmp_path, document(**changes)).report.rules["cvr_virksomheder.rsv_implausible"] == (1, fails)


def test_every_real_document_is_accepted(tmp_path: Path) -> None:
    """A reader that rejects a real document does not read the register (asked only where the documents are at hand)."""
    if REAL.exists():
        result = read(enterprises, tmp_path, "registry", {NAME: REAL.read_bytes()})
        assert result.failed() == {} and len(result.table()) == 8
