"""Settings and command line. Belongs here: what is read, and that it is light. Not here: builds."""

import datetime
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from pipelines.settings import ROOT, SettingsError, ensure_dagster_home, read_settings

HEAVY = ("dagster", "dagster_dbt", "dbt", "great_expectations", "pandas")


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A forgotten variable must not send a build into another warehouse."""
    monkeypatch.setenv("FODFAESTE_WAREHOUSE", "/elsewhere")
    monkeypatch.setenv("FODFAESTE_AS_OF", "2020-01-31")
    settings = read_settings(warehouse=tmp_path)
    assert settings.warehouse == tmp_path
    assert settings.as_of == datetime.date(2020, 1, 31)


@pytest.mark.parametrize("text", ["2022-6-1", "20220601", "yesterday", "2022-02-30"])
def test_a_cut_off_that_is_no_date_is_refused(text: str) -> None:
    """A cut-off guessed wrong gives numbers that look right."""
    with pytest.raises(SettingsError, match="2022-06-22"):
        read_settings(as_of=text)


def test_dagster_home_lies_in_the_warehouse_without_telemetry_and_pop_up(tmp_path: Path) -> None:
    """Telemetry from an authority's network is a leak; a pop-up is all a stakeholder would see first."""
    settings = read_settings(warehouse=tmp_path)
    home = ensure_dagster_home(settings)
    words = yaml.safe_load((home / "dagster.yaml").read_text())
    assert home == tmp_path / "dagster"
    assert words["telemetry"] == {"enabled": False} and words["nux"] == {"enabled": False}
    assert words["run_monitoring"]["max_runtime_seconds"] > 0 and words["retention"]
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    ensure_dagster_home(settings)
    assert "nux" not in (home / "dagster.yaml").read_text()


@pytest.mark.parametrize(
    "words", [["--help"], ["build", "--help"], ["check", "--help"], ["doctor", "--help"], ["synth", "--help"]]
)
def test_help_imports_no_framework(words: list[str]) -> None:
    """A command line that takes ten seconds to say what it can do is not used."""
    code = (
        "import sys\nfrom pipelines.cli import main\n"
        f"try: main({words!r})\nexcept SystemExit as end: assert end.code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shown.rstrip().endswith("[]")
    assert "Example" in shown


def test_help_answers_within_half_a_second() -> None:
    """The best of three, so that a busy machine does not decide."""
    seconds = []
    for _ in range(3):
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "--help"], cwd=ROOT, capture_output=True, check=True, env=os.environ
        )
        seconds.append(time.monotonic() - started)
    assert min(seconds) < 0.5
