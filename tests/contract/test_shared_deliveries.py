"""Every delivery beside the project gives the tables that it says; without any, one of our own takes its place.

The documents of the real register that lie beside the project must be accepted, every one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.oracle import compute, dump
from tests.support.build import ROOT, build
from tests.support.comparison import differences, from_csv, from_frames, from_warehouse
from tests.support.dense import KEY, make_country
from tests.support.dense_files import write_country

SHARED = ROOT.parent / "shared" / "deliveries"


@dataclass
class Case:
    """A landing zone, how to build it, and the folder of tables that it must give."""

    name: str
    raw: Path
    as_of: date | None
    key: bytes
    expected: Path


def cases(folder: Path) -> Iterator[Case]:
    """The deliveries beside the project, else one of our own with the oracle's tables."""
    found = sorted(SHARED.glob("*/DELIVERY.json")) if SHARED.is_dir() else []
    for path in found:
        about = json.loads(path.read_text(encoding="utf-8"))
        as_of = date.fromisoformat(about["as_of"]) if about["as_of_given"] else None
        yield Case(
            path.parent.name, path.parent / "raw", as_of, bytes.fromhex(about["key_hex"]), path.parent / "expected"
        )
    if not found:
        country = make_country(1, 200, ties=True)
        raw = write_country(folder / "raw", country, 1, messy=True)
        dump(compute(raw, country.as_of, KEY), folder / "expected")
        yield Case("our own", raw, country.as_of, KEY, folder / "expected")


def test_a_build_gives_the_expected_tables_of_every_delivery(tmp_path: Path) -> None:
    """The contract read otherwise than by those who wrote the expected tables."""
    for number, case in enumerate(cases(tmp_path / "own")):
        found = from_warehouse(build(case.raw, tmp_path / str(number), case.as_of, case.key))
        assert differences(from_csv(case.expected), found) == [], case.name


def test_the_oracle_gives_the_expected_tables_of_every_delivery(tmp_path: Path) -> None:
    """An oracle that reads the contract otherwise would teach the product its own mistake."""
    for case in cases(tmp_path):
        found = from_frames(compute(case.raw, case.as_of, case.key))
        assert differences(from_csv(case.expected), found) == [], case.name


def register_documents() -> dict[str, str]:
    """Kind: documents of the real register, one a line; without them, documents of the same forms."""
    real = SHARED / "cvr"
    kinds = ("cvr_virksomheder", "cvr_produktionsenheder")
    if real.is_dir():
        return {kind: next(real.glob(f"{kind}_*.ndjson")).read_text(encoding="utf-8") for kind in kinds}
    entry = {
        "periode": {"gyldigFra": "2001-01-01", "gyldigTil": None},
        "sidstOpdateret": "2015-02-10T00:00:00.000+01:00",
    }
    company = {"cvrNummer": 10103940, "navne": [{"navn": "Æ", **entry}], "reklamebeskyttet": True, "samtId": 1}
    company |= {"virksomhedsstatus": [], "beliggenhedsadresse": [{"kommune": {"kommuneKode": 101, **entry}, **entry}]}
    unit = {"pNummer": 1009663777, "virksomhedsrelation": [{"cvrNummer": 10103940, **entry}], "livsforloeb": [entry]}
    return {
        "cvr_virksomheder": json.dumps({"Vrvirksomhed": company}) + "\n",
        "cvr_produktionsenheder": json.dumps({"VrproduktionsEnhed": unit}) + "\n",
    }


def test_every_document_of_the_real_register_is_accepted(tmp_path: Path) -> None:
    """A reader that rejects a real document does not read the register."""
    country, documents = make_country(2, 60, ties=False, defects=0), register_documents()
    raw = write_country(tmp_path / "raw", country, 2, messy=False)
    for kind, text in documents.items():
        for path in (raw / "registry").glob(f"{kind}_*"):
            path.unlink()
        (raw / "registry" / f"{kind}_{country.register_day}.ndjson").write_text(text, encoding="utf-8")
    found = from_warehouse(build(raw, tmp_path / "warehouse", country.as_of, KEY))
    counts = {
        row["kind"]: (row["rows_accepted"], row["rows_rejected"])
        for row in found["quality.fct_deliveries"]
        if row["kind"] in documents
    }
    assert counts == {kind: (text.count("\n"), 0) for kind, text in documents.items()}
    numbers = {
        str(json.loads(line)["Vrvirksomhed"]["cvrNummer"]) for line in documents["cvr_virksomheder"].splitlines()
    }
    assert numbers <= {row["enterprise_cvr"] for row in found["core.dim_enterprises"]}
