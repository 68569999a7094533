"""A whole release of the sample, made by the command: what is in it, and what it does not give away.

Belongs here: the release as a folder. Not here: when none is made (test_release_refusals.py), which figures are hidden (tests/disclosure), single formats (tests/formats).
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess

import duckdb

from assets.codebook import package
from assets.formats import archive_reader
from assets.formats.writer import FORMATS
from assets.publishing.audit import connect
from assets.release import restricted_tier
from assets.release.public_tier import FORMATS as PUBLIC_FORMATS
from assets.release.public_tier import NO_CUBE
from assets.release.restricted_rows import KEYS, QUERIES, read_table, release_key
from tests.conftest import SAMPLE, SAMPLE_KEY
from tests.release.sample import PROJECT_KEY, Again, Released, fixed_files
from transforms.release.design import read_design

TEN_DIGITS = re.compile(rb"(?<![0-9])[0-9]{6}-?[0-9]{4}(?![0-9])")


def test_the_same_inputs_give_the_same_bytes(released: Released, again: Again) -> None:
    """A release that nobody can make a second time is one that nobody can check."""
    assert fixed_files(released.folder) == fixed_files(again.folder)
    first, second = (
        json.loads((one.folder / "manifest.json").read_text(encoding="utf-8")) for one in (released, again)
    )
    assert first.pop("made_at") and second.pop("made_at")
    assert first == second
    assert set(first["files"]) == set(fixed_files(released.folder))
    assert "time" not in {how for system in first["protection"].values() for how in system["ended_by"]}


def test_every_file_is_the_one_of_the_sums_and_cannot_be_changed(released: Released) -> None:
    """A file beside those that were read back."""
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=released.folder,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    named = {
        line.split("  ", 1)[1] for line in (released.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    }
    files = [path for path in released.folder.rglob("*") if path.is_file()]
    assert named | {"SHA256SUMS"} == {path.relative_to(released.folder).as_posix() for path in files}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}
    hashed = {name: hashlib.sha256(content).hexdigest() for name, content in fixed_files(released.folder).items()}
    assert released.manifest["files"] == hashed


def test_every_table_is_there_in_every_format_of_its_tier(released: Released) -> None:
    """A format that is promised and missing is found by the one who needs it."""
    design = read_design()

    def wanted(name: str, formats: tuple[str, ...]) -> set[str]:
        return {
            f"{name}{FORMATS[key].ending.format(language='' if language == 'da' else '_en', suffix='_' + language)}"
            for key in formats
            for language, _ in FORMATS[key].files
        }

    public = {path.name for path in (released.folder / "public").iterdir()}
    for table in design.tables:
        cubes = {"px", "jsonstat"} if table.name in NO_CUBE else set()
        assert wanted(table.name, tuple(key for key in PUBLIC_FORMATS if key not in cubes)) <= public
    restricted = {path.name for path in (released.folder / "restricted").iterdir()}
    for name in QUERIES:
        assert wanted(name, restricted_tier.FORMATS) <= restricted
    assert set(released.manifest["rows"]) == {
        *(f"public/{table.name}" for table in design.tables),
        *(f"restricted/{name}" for name in QUERIES),
    }
    assert (released.folder / "pages" / "index.html").is_file()


def test_the_codebook_describes_the_tables_of_its_own_tier(released: Released) -> None:
    """A codebook of other tables, or one in which a portal finds restricted ones."""
    for tier, tables in (("public", {table.name for table in read_design().tables}), ("restricted", set(QUERIES))):
        folder = released.folder / tier
        described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        assert package.faults(described) == []
        assert {resource["path"].removesuffix(".csv") for resource in described["resources"]} == tables
        for resource in described["resources"]:
            assert resource["hash"] == f"sha256:{hashlib.sha256((folder / resource['path']).read_bytes()).hexdigest()}"
            header = (folder / resource["path"]).read_text(encoding="utf-8").split("\n", 1)[0].strip().split(",")
            assert [field["name"] for field in resource["schema"]["fields"]] == header
            assert all(field["description"] for field in resource["schema"]["fields"])
        assert {"codebook.html", "codebook.xlsx"} <= {path.name for path in folder.iterdir()}
    assert not (released.folder / "restricted" / "dcat.jsonld").exists()
    graph = json.loads((released.folder / "public" / "dcat.jsonld").read_text(encoding="utf-8"))["@graph"]
    linked_to = {
        place["dcat:downloadURL"]["@id"]
        for node in graph
        for place in node.get("dcat:distribution", [])
        if "dcat:downloadURL" in place
    }
    assert linked_to and all((released.folder / "public" / file).is_file() for file in linked_to)
    assert "effect_estimates.px" not in linked_to and "scope_by_municipality.px" in linked_to


def test_the_archives_package_is_whole_and_says_that_it_has_no_number(released: Released) -> None:
    """A placeholder that passes for the archives' number."""
    [folder] = (released.folder / "restricted").glob("FD.*")
    assert archive_reader.check(folder) == []
    index = (folder / "Indices" / "contextDocumentationIndex.xml").read_text(encoding="utf-8")
    assert "Forbehold" in index and "Kodebog" in index


def test_what_the_owner_has_not_filled_in_is_the_last_thing_said(released: Released) -> None:
    """A licence that nobody chose is found out after the release was given away."""
    unfilled = released.manifest["unfilled"]
    assert {"publisher.name", "licence.title", "archive.number", "archive.creators"} <= set(unfilled)
    last = released.said.strip().splitlines()[-1]
    assert last.startswith("Not filled in by the owner") and all(key in last for key in unfilled)


def test_every_system_was_audited_and_safe(released: Released) -> None:
    """A release whose audit nobody can see."""
    told = released.manifest["protection"]
    assert set(told) == set(read_design().systems)
    assert all(system["all_safe"] and system["counts_audited"] > 0 for system in told.values())


def test_restricted_keys_are_those_of_no_other_release_and_not_the_warehouses(released: Released) -> None:
    """Two releases, or a release and the warehouse, that can be put together are one file about a person."""
    checked = 0
    with connect(released.warehouse / "outcome.duckdb") as connection:
        known = {
            "person_key": _column(connection, "select person_key from core.dim_persons"),
            "enterprise_key": _column(connection, "select enterprise_cvr from core.dim_enterprises"),
            "spell_key": _column(connection, "select spell_id::varchar from core.fct_placement_spells"),
        }
        for name in ("spells", "person_months", "enterprises"):
            other = read_table(connection, name, release_key(PROJECT_KEY, "2026-2"))
            file = str(released.folder / "restricted" / f"{name}.parquet")
            for key in (key for key in KEYS if key in other):
                own = _column(connection, f"select {key} from read_parquet('{file}')")
                assert own and len(own) == other[key].nunique()
                assert not own & set(other[key]) and not own & known[key]
                checked += 1
    assert checked == 5


def _column(connection: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {row[0] for row in connection.execute(query).fetchall() if row[0] is not None}


def delivered_numbers() -> set[bytes]:
    """Ten digits in the first fields of the sample's files about persons."""
    found: set[bytes] = set()
    for pattern in ("personer_*", "dream_*", "forloeb_*", "eindkomst_*"):
        for path in SAMPLE.rglob(pattern):
            content = path.read_bytes()
            if path.suffix == ".gz":
                try:
                    content = gzip.decompress(content)
                except (OSError, EOFError):
                    continue
            found |= {number.replace(b"-", b"") for number in TEN_DIGITS.findall(content)}
    return found


def test_no_person_number_is_in_any_file(released: Released) -> None:
    """A release is copied to where no one can call it back. Files that are packed hold what the CSV files hold: each was read back."""
    numbers = delivered_numbers()
    assert len(numbers) > 100
    leaks = set()
    for path in released.folder.rglob("*"):
        if path.is_file():
            found = {number.replace(b"-", b"") for number in TEN_DIGITS.findall(path.read_bytes())}
            if found & numbers or SAMPLE_KEY.encode() in path.read_bytes():
                leaks.add(path.name)
    assert leaks == set()
