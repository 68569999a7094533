"""Files that are refused or count as nothing. Belongs here: alarm, quoted words, remedy, silence. Not here: the rules' edges (tests/unit/ingest)."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.ingest.check import check_files
from assets.ingest.dry_run import dry_run
from pipelines.settings import Settings
from tests.runbook.book import quoted
from tests.unit.ingest.payroll_lines import line, payroll_text
from tests.unit.ingest.tiny_landing import dream_text, placement_text, put


def payroll(**changes: object) -> str:
    return payroll_text(line(post_nr="1"), line(post_nr="2"), **changes)  # type: ignore[arg-type]


def placement_of_two_forms() -> str:
    return placement_text("A1", "A2").replace("2019-03-01", "01-03-2019", 1)


BROKEN: dict[str, tuple[str, str | bytes]] = {
    "file.unreadable": ("payroll/eindkomst_2019-05.csv.gz", gzip.compress(payroll().encode() * 9)[:60]),
    "file.encoding": ("registry/personer_2019-12-02.csv", "cpr;kommunekode;bopæl\n".encode("latin-1")),
    "file.missing_column": ("registry/se_numre_2019-12-02.csv", "se_nr;cvr_nr;gyldig_fra\n"),
    "file.duplicate_column": ("registry/se_numre_2019-12-03.csv", "se_nr;cvr_nr;gyldig_fra;gyldig_til;se_nr\n"),
    "dream.missing_week": ("registry/dream_2019-12-02.csv", "cpr;y_1901;y_1903\n"),
    "placement.mixed_date_forms": ("placement/forloeb_0101_2019-04.csv", placement_of_two_forms()),
    "payroll.trailer_missing": ("payroll/eindkomst_2019-06.csv", payroll(has_trailer=False)),
    "payroll.trailer_count": ("payroll/eindkomst_2019-07.csv", payroll(trailer={"indberetning_id": "3"})),
    "payroll.trailer_sum_0013": ("payroll/eindkomst_2019-08.csv", payroll(trailer={"felt_0013": "1,00"})),
    "payroll.trailer_sum_0200": ("payroll/eindkomst_2019-09.csv", payroll(trailer={"felt_0200": "1,00"})),
    "payroll.line_numbers": ("payroll/eindkomst_2019-10.csv", payroll_text(line(linje="0000002"))),
}
WHOLE = {"payroll": payroll(), "dream": dream_text(), "forloeb": placement_text("A1", "A2")}


def whole(name: str, settings: Settings) -> str | bytes:
    """What the supplier sends instead: the first delivery's content, or a good payroll."""
    kind = Path(name).name.split("_20")[0]
    earlier = sorted((settings.raw / "registry").glob(f"{kind}_2019-12-01*"))
    if earlier:
        return earlier[0].read_bytes()
    return WHOLE["forloeb"] if kind.startswith("forloeb") else WHOLE["payroll"]


def test_a_refused_file_is_told_by_its_rule_and_good_again_when_sent_whole(settings: Settings) -> None:
    """A refused file is a month or a municipality lost: who reads the message must find the section, and its remedy must work."""
    (settings.raw / "payroll" / "eindkomst_2019-05.csv").unlink()
    paths = {rule: put(settings.raw, name, content) for rule, (name, content) in BROKEN.items()}
    checks = {check.path: "\n".join(map(str, check.problems)) for check in check_files(paths.values())}
    found = dry_run(settings.raw, settings.warehouse, settings.as_of)
    told = "\n".join(str(warning) for warning in found.decision.warnings)
    for rule, path in paths.items():
        assert quoted(checks[path], rule), (rule, checks[path])
        assert f"{path.name}: the file is refused and not used at all [{rule}]" in told and quoted(told, rule)
    for name, _ in BROKEN.values():
        put(settings.raw, name, whole(name, settings))
    assert [check.path.name for check in check_files(paths.values()) if not check.is_good or check.problems] == []
    again = dry_run(settings.raw, settings.warehouse, settings.as_of)
    assert [delivery.file.name for delivery in again.decision.with_outcome("refused")] == []


def test_the_doctor_sees_empty_and_unreadable_files_without_reading(
    settings: Settings, doctor: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks before the build must hear of it then."""
    assert doctor() == ""
    path = put(settings.raw, "payroll/eindkomst_2019-05.csv", "")
    assert quoted(doctor(), "file.missing_column")
    put(settings.raw, "payroll/eindkomst_2019-05.csv", payroll())
    assert doctor() == ""
    access = os.access
    monkeypatch.setattr(os, "access", lambda file, mode: file != path and access(file, mode))
    assert quoted(doctor(), "file.unreadable")


def test_a_file_under_a_wrong_name_counts_as_nothing_until_it_is_renamed(
    settings: Settings, doctor: Callable[[], str]
) -> None:
    """A month that was delivered and counts as nothing."""
    right = settings.raw / "payroll" / "eindkomst_2019-05.csv"
    wrong = right.rename(right.with_name("eindkomst_201905.csv"))
    assert quoted(doctor(), "unrecognised")
    wrong.rename(right)
    assert doctor() == ""


def test_an_extra_column_is_told_to_the_supplier_and_harms_nothing(settings: Settings) -> None:
    """What nobody reads should not be sent of persons."""
    path = put(settings.raw, "registry/se_numre_2019-12-01.csv", "se_nr;cvr_nr;gyldig_fra;gyldig_til;navn\n")
    [check] = check_files([path])
    assert check.is_good and quoted("\n".join(map(str, check.problems)), "unknown_extra_columns")
    put(settings.raw, "registry/se_numre_2019-12-01.csv", "se_nr;cvr_nr;gyldig_fra;gyldig_til\n")
    assert check_files([path])[0].problems == []
