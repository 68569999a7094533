"""The counts of registry and placement files equal those of a delivery computed by another program, where it is at hand.

What a build decides (people, cut-off, other files) is asked in the build's own tests: here only what a file decides alone.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from assets.ingest import benefits, enterprises, persons, placement, se_numbers, units
from assets.ingest.keys import ProjectKey
from assets.ingest.landing import LandedFile, scan
from assets.ingest.reports import FileReport
from expectations.code_lists import CodeLists
from expectations.predicates.placement import DECIDED_IN_THE_BUILD

DELIVERY = Path(__file__).resolve().parents[4] / "shared" / "deliveries" / "one"
READERS = {module.KIND: module for module in (benefits, enterprises, persons, placement, se_numbers, units)}
CONTRADICTS = "placement.cvr_contradicts_p_number"
# A person born after the cut-off has no valid number in the build: these rules then count another way than the file alone can know.
OF_PEOPLE = {
    "personer.cpr_invalid",
    "dream.cpr_invalid",
    "dream.second_row",
    "placement.cpr_invalid",
    "placement.under_16",
}


def _reports(kind: str, module: ModuleType, out: Path) -> Iterator[tuple[LandedFile, FileReport]]:
    key = ProjectKey(bytes.fromhex(json.loads((DELIVERY / "DELIVERY.json").read_text())["key_hex"]))
    partitions: dict[str, list[LandedFile]] = defaultdict(list)
    for file in scan(DELIVERY / "raw").of_kind(kind):
        partitions[file.partition].append(file)
    for period, files in partitions.items():
        folder = out / period
        folder.mkdir()
        yield from zip(files, module.read_partition(files, folder, key, CodeLists()), strict=True)


def _expected(table: str) -> list[dict[str, str]]:
    with (DELIVERY / "expected" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("kind", READERS)
def test_what_a_file_decides_alone_counts_as_another_program_counts_it(kind: str, tmp_path: Path) -> None:
    """One misread sentence of the contract shows in a count before it shows in a measure."""
    if not DELIVERY.exists():
        return
    as_of = date.fromisoformat(json.loads((DELIVERY / "DELIVERY.json").read_text())["as_of"])
    deliveries = {row["file_name"]: row for row in _expected("quality.fct_deliveries")}
    rules: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in _expected("quality.fct_rule_results"):
        if row["severity"] not in ("check", "stop"):
            rules[row["file_name"]][row["rule"]] = (int(row["rows_looked_at"]), int(row["rows_failed"]))
    compared = 0
    for file, report in _reports(kind, READERS[kind], tmp_path):
        expected = deliveries[file.name]
        assert report.sha256 == expected["sha256"]
        if expected["outcome"] not in ("used", "refused"):
            continue
        compared += 1
        wanted = dict(rules[file.name])
        by_build = any(wanted.get(rule, (0, 0))[1] for rule in DECIDED_IN_THE_BUILD)
        is_born_later = report.latest_birth_date is not None and report.latest_birth_date > as_of
        skipped = {*DECIDED_IN_THE_BUILD, CONTRADICTS} | (OF_PEOPLE if is_born_later else set())
        got = {rule: report.rules[rule] for rule in wanted}
        assert {rule: counts for rule, counts in got.items() if rule not in skipped} == {
            rule: counts for rule, counts in wanted.items() if rule not in skipped
        }, file.name
        assert (report.refusal or "") == expected["refusal_reason"]
        assert report.rows_delivered == (int(expected["rows_delivered"]) if expected["rows_delivered"] else None)
        if not by_build and not is_born_later:
            assert report.rows_rejected == (int(expected["rows_rejected"]) if expected["rows_rejected"] else None)
            assert got.get(CONTRADICTS, (0, 0))[0] == wanted.get(CONTRADICTS, (0, 0))[0]
    assert compared > 0
