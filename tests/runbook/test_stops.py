"""What stops a build, and what it says without stopping. Belongs here: alarm, quoted words, remedy, silence. Not here: every edge (tests/unit/ingest, tests/properties)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from assets.ingest.build_inputs import account
from assets.ingest.decide import outcomes
from assets.ingest.dry_run import dry_run
from assets.ingest.landing import scan
from assets.ingest.problems import BuildStopped
from assets.ingest.run import Context, ingest, require_files
from expectations.code_lists import SEEDS, CodeLists
from pipelines.settings import Settings
from tests.runbook.book import quoted
from tests.unit.ingest.tiny_landing import dream_text, payroll_of, persons_text, placement_text, put


def said(settings: Settings, lists: CodeLists | None = None) -> tuple[str, str]:
    """What a build would stop for, and what it would warn of."""
    decision = dry_run(settings.raw, settings.warehouse, settings.as_of, code_lists=lists).decision
    return "\n".join(map(str, decision.stops)), "\n".join(map(str, decision.warnings))


def taken_in(settings: Settings) -> str:
    """Takes everything in and decides; what was said about it."""
    report = ingest(settings.raw, settings.warehouse, settings.as_of)
    assert report.decision is not None
    return "\n".join(map(str, report.decision.warnings))


def test_a_landing_zone_that_is_gone_nested_or_thinned_is_told_and_mended(
    settings: Settings, doctor: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unmounted share, a transfer with a folder of its own, a tidy colleague: each changes every number, and none is a file's fault."""
    aside = settings.raw.rename(settings.raw.with_name("aside"))
    assert len(quoted(doctor(), "landing_zone")) == 1
    settings.raw.mkdir()
    assert "holds no file with a name of the contract" in quoted(doctor(), "landing_zone")[0]
    with pytest.raises(BuildStopped):
        require_files(scan(settings.raw))
    settings.raw.rmdir()
    aside.rename(settings.raw)
    nested = settings.raw / "payroll" / "2019"
    nested.mkdir()
    assert quoted(doctor(), "landing_zone")
    nested.rmdir()
    assert doctor() == ""
    assert taken_in(settings) == ""
    late, kept = settings.raw / "payroll" / "eindkomst_2019-11.csv", settings.raw / "kept"
    late.rename(kept)
    put(settings.raw, "payroll/eindkomst_2019-10.csv", payroll_of("2019-10", 1, 2))
    assert len(quoted(taken_in(settings), "landing_zone")) == 2
    kept.rename(late)
    assert taken_in(settings) == ""
    with monkeypatch.context() as patched:
        patched.setattr("assets.ingest.lake.Hashes.sha256", lambda _, file: f"{file.name:0<64}"[:64])
        with pytest.raises(BuildStopped) as stopped:
            taken_in(settings)
        assert quoted(str(stopped.value), "landing_zone")
    assert taken_in(settings) == ""


def test_a_month_without_a_part_warns_and_is_whole_when_it_comes(settings: Settings) -> None:
    """Months after it are not observed, though every table looks finished."""
    month = settings.raw / "payroll" / "eindkomst_2019-05.csv"
    month.rename(month.with_name("eindkomst_2019-05_002.csv"))
    stops, warnings = said(settings)
    assert stops == "" and quoted(warnings, "payroll_month")
    put(settings.raw, "payroll/eindkomst_2019-05_001.csv", payroll_of("2019-05", 7))
    assert said(settings) == ("", "")


def test_the_first_month_without_a_part_stops_until_its_files_are_taken_away(settings: Settings) -> None:
    """Nobody would know from when on hours are known."""
    month = settings.raw / "payroll" / "eindkomst_2019-01.csv"
    part = month.rename(month.with_name("eindkomst_2019-01_002.csv"))
    assert quoted(said(settings)[0], "build.first_payroll_month_incomplete")
    part.unlink()
    assert said(settings) == ("", "")


def test_a_kind_that_is_missing_stops_until_it_is_delivered(settings: Settings, doctor: Callable[[], str]) -> None:
    """Without people every number would be a count of nobody."""
    path = settings.raw / "registry" / "personer_2019-12-01.csv"
    path.unlink()
    assert quoted(said(settings)[0], "build.kind_missing") and quoted(doctor(), "build.kind_missing")
    path.write_text("cpr;kommunekode\n", encoding="utf-8")
    assert "(refused: personer_2019-12-01.csv)" in said(settings)[0]
    assert any("(refused: <files>)" in line for line in quoted(said(settings)[0], "build.kind_missing"))
    path.write_text(persons_text(), encoding="utf-8")
    assert said(settings) == ("", "") and doctor() == ""


def test_what_is_overdue_is_told_until_it_comes(settings: Settings, doctor: Callable[[], str]) -> None:
    """Nothing arrives, nothing runs, nothing is red."""
    november = settings.raw / "payroll" / "eindkomst_2019-11.csv"
    content = november.read_text(encoding="utf-8")
    november.unlink()
    put(settings.raw, "placement/forloeb_0147_2019-10.csv", placement_text(municipality="0147"))
    assert len(quoted(doctor(), "overdue")) == 2
    november.write_text(content, encoding="utf-8")
    put(settings.raw, "placement/forloeb_0147_2019-11.csv", placement_text(municipality="0147"))
    assert doctor() == ""


def test_unknown_codes_stop_until_they_stand_in_the_list(settings: Settings, tmp_path: Path) -> None:
    """Weeks with an unknown code are lost for everybody who has them."""
    put(settings.raw, "registry/dream_2019-12-01.csv", dream_text(code="119"))
    assert quoted(said(settings)[0], "dream.unknown_code_share")
    seeds = Path(shutil.copytree(SEEDS, tmp_path / "seeds"))
    with (seeds / "benefit_codes.csv").open("a", encoding="utf-8") as file:
        file.write("119;119;unemployment_insurance;Dagpenge;true;true;false;40;assumed;false\n")
    assert said(settings, CodeLists(seeds)) == ("", "")


def test_a_lake_that_lost_rows_is_told_and_made_anew_after_it_is_deleted(settings: Settings) -> None:
    """A lost row is the one fault that no later check can see."""
    taken_in(settings)
    rows = settings.lake / "personer" / "2019-12-01" / "rows.parquet"
    duckdb.execute(f"copy (select * from read_parquet('{rows}') limit 1) to '{rows}.new' (format parquet)")
    Path(f"{rows}.new").replace(rows)
    context, landing = Context.open(settings.warehouse), scan(settings.raw, settings.as_of)
    assert account(outcomes(landing, context), settings.warehouse).wrong == ("personer_2019-12-01.csv",)
    shutil.rmtree(settings.lake)
    with pytest.raises(BuildStopped) as stopped:
        outcomes(landing, Context.open(settings.warehouse))
    assert quoted(str(stopped.value), "lake")
    taken_in(settings)
    assert account(outcomes(landing, Context.open(settings.warehouse)), settings.warehouse).wrong == ()
