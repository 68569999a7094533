"""The rules of `cvr_produktionsenheder`: strict types, P-numbers, owners, which document counts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.ingest import units
from tests.unit.ingest.landed import CVR, OTHER_CVR, Read, read

NAME = "cvr_produktionsenheder_2022-06-01.ndjson"
UNREADABLE = "cvr_produktionsenheder.unreadable_value"
REAL = (
    Path(__file__).resolve().parents[4] / "shared" / "deliveries" / "cvr" / "cvr_produktionsenheder_2020-01-01.ndjson"
)
SINCE_2010 = {"gyldigFra": "2010-01-01", "gyldigTil": None}
P_NUMBER, OTHER_P_NUMBER = "1000000001", "1000000002"


def document(**changes: Any) -> str:
    """Return an acceptable document with some of its values changed; a value of `...` takes the key away."""
    values: dict[str, Any] = {
        "pNummer": int(P_NUMBER),
        "fejlRegistreret": False,
        "virksomhedsrelation": [{"cvrNummer": int(CVR), "periode": SINCE_2010}],
        "beliggenhedsadresse": [{"kommune": {"kommuneKode": 461}, "periode": SINCE_2010}],
        "hovedbranche": [{"branchekode": "620200", "periode": SINCE_2010}],
        "livsforloeb": [{"periode": SINCE_2010}],
    }
    values |= changes
    return json.dumps({"VrproduktionsEnhed": {key: value for key, value in values.items() if value is not ...}})


def lines(tmp_path: Path, *documents: str) -> Read:
    return read(units, tmp_path, "registry", {NAME: "".join(f"{line}\n" for line in documents)})


def test_an_accepted_document_stands_in_the_lake_as_delivered(tmp_path: Path) -> None:
    """A unit lost is a placement at an unknown enterprise."""
    owners = [
        {"cvrNummer": int(CVR), "periode": {"gyldigFra": "2010-01-01", "gyldigTil": "2018-09-10"}},
        {"cvrNummer": int(OTHER_CVR), "periode": {"gyldigFra": "2018-09-11"}},
    ]
    result = lines(tmp_path, document(virksomhedsrelation=owners))
    assert result.column("p_number") == [P_NUMBER]
    assert [
        (row["enterprise_cvr"], row["valid_from"], row["valid_to"]) for row in result.table("owners", "position")
    ] == [
        (CVR, date(2010, 1, 1), date(2018, 9, 10)),
        (OTHER_CVR, date(2018, 9, 11), None),
    ]
    assert [(row["attribute"], row["value"]) for row in result.table("attributes", "attribute")] == [
        ("industry", "620200"),
        ("life", None),
        ("municipality", "0461"),
    ]
    assert result.failed() == {}


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        '{"Vrvirksomhed": {}}',
        document(pNummer=P_NUMBER),
        document(pNummer=...),
        document(pNummer=1000000001.0),
        document(fejlRegistreret=0),
        document(virksomhedsrelation=[{"cvrNummer": CVR}]),
        document(virksomhedsrelation=[{}]),
        document(virksomhedsrelation=[{"cvrNummer": int(CVR), "periode": {"gyldigFra": "2019-13-01"}}]),
        document(hovedbranche=[{"branchekode": 620200}]),
        document(livsforloeb=[{"periode": {"gyldigTil": "01-01-2019"}}]),
    ],
)
def test_a_value_that_is_not_of_its_type_rejects_the_document_and_breaks_nothing_else(
    tmp_path: Path, line: str
) -> None:
    """A reader that guesses gives another register than the one delivered."""
    result = lines(tmp_path, line, document(pNummer=int(OTHER_P_NUMBER)))
    assert result.failed() == {UNREADABLE: 1} and result.column("p_number") == [OTHER_P_NUMBER]
    assert result.looked_at("cvr_produktionsenheder.p_number_invalid") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"reklamebeskyttet": 0},
        {"reklamebeskyttet": "not read"},
        {"virksomhedsrelation": None},
        {"virksomhedsrelation": ...},
        {"virksomhedsrelation": [{"cvrNummer": int(CVR)}]},
        {"beliggenhedsadresse": [{"kommune": None}]},
    ],
)
def test_what_may_be_missing_or_null_and_what_is_not_read_rejects_nothing(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    """The flag of advertising is not read of a unit: its form must not cost the unit."""
    assert lines(tmp_path, document(**change)).failed() == {}


@pytest.mark.parametrize("number", [999999999, 10000000000, 0, -1000000001])
def test_a_p_number_that_is_not_ten_digits_rejects_the_document(tmp_path: Path, number: int) -> None:
    """A number that cannot exist joins with nothing."""
    result = lines(tmp_path, document(pNummer=number))
    assert result.failed() == {"cvr_produktionsenheder.p_number_invalid": 1}


def test_a_document_registered_by_mistake_is_rejected_and_the_one_before_stands(tmp_path: Path) -> None:
    """A mistake of the register must not take the unit's owner away."""
    result = lines(tmp_path, document(), document(fejlRegistreret=True))
    assert result.failed() == {"cvr_produktionsenheder.registered_by_mistake": 1}
    assert result.column("line_number") == [1] and result.column("p_number", "rejected") == [P_NUMBER]


def test_one_invalid_owner_among_several_rejects_the_document_once(tmp_path: Path) -> None:
    """A unit with a broken owner would place people at an enterprise that does not exist."""
    owners = [{"cvrNummer": int(CVR)}, {"cvrNummer": int(CVR) + 1}, {"cvrNummer": 5}]
    result = lines(tmp_path, document(), document(virksomhedsrelation=owners))
    assert result.report.rules["cvr_produktionsenheder.owner_cvr_invalid"] == (2, 1)
    assert result.column("line_number") == [1] and result.column("broken_rules", "rejected") == [8]


def test_the_later_document_of_a_number_counts_in_every_table(tmp_path: Path) -> None:
    """Owners of two versions of one unit side by side would give it two owners."""
    result = lines(tmp_path, document(), document(virksomhedsrelation=[{"cvrNummer": int(OTHER_CVR)}]))
    assert result.column("enterprise_cvr", "owners") == [OTHER_CVR]
    assert {row["line_number"] for row in result.table("attributes")} == {2}


def test_every_real_document_is_accepted(tmp_path: Path) -> None:
    """A reader that rejects a real document does not read the register (asked only where the documents are at hand)."""
    if REAL.exists():
        result = read(units, tmp_path, "registry", {NAME: REAL.read_bytes()})
        assert result.failed() == {} and len(result.table()) == 10
