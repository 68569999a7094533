"""Where a build reads and writes, and how strict it is: from the environment or the command line.

Belongs here: folders, the cut-off, the profile and what they decide (the Dagster home). Not here: anything that reads data, any framework's import.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TRANSFORMS = ROOT / "transforms"

ENVIRONMENT = {
    "raw": "FODFAESTE_RAW",
    "warehouse": "FODFAESTE_WAREHOUSE",
    "as_of": "FODFAESTE_AS_OF",
    "strict": "FODFAESTE_STRICT",
    "threads": "FODFAESTE_DBT_THREADS",
    "failure_command": "FODFAESTE_ON_FAILURE_COMMAND",
    "failure_url": "FODFAESTE_ON_FAILURE_URL",
}

DAGSTER_YAML = """\
# Written by fodfaeste when missing; yours to change. See the Dagster documentation for every key.
telemetry:
  enabled: false
nux:
  enabled: false
run_monitoring:
  enabled: true
  start_timeout_seconds: 600
  # A killed or hanging run frees its slot by itself.
  max_runtime_seconds: 21600
  free_slots_after_run_end_seconds: 60
run_retries:
  enabled: true
  max_retries: 1
  # What fails for its data fails again: only a run whose process died is tried again.
  retry_on_asset_or_op_failure: false
concurrency:
  runs:
    # One writer.
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: {skipped: 7, started: 90}
  sensor:
    purge_after_days: {skipped: 2, started: 90}
"""


class SettingsError(ValueError):
    """A setting that cannot be read; says which and what it should look like."""


@dataclass(frozen=True)
class Settings:
    """The folders and choices of one build. Paths are absolute."""

    raw: Path = field(default_factory=lambda: ROOT / "raw" / "incoming")
    warehouse: Path = field(default_factory=lambda: ROOT / "warehouse")
    as_of: datetime.date | None = None
    strict: bool = False
    threads: int = 2
    failure_command: str | None = None
    failure_url: str | None = None
    # The evaluation as stated before its results are seen.
    protocol: Path = field(default_factory=lambda: TRANSFORMS / "protocol.yml")

    @property
    def lake(self) -> Path:
        """The cache of accepted rows."""
        return self.warehouse / "lake"

    @property
    def build_folder(self) -> Path:
        """What a build in progress writes."""
        return self.warehouse / "build"

    @property
    def build_file(self) -> Path:
        """The file that dbt writes and publish reads."""
        return self.build_folder / "outcome.duckdb"

    @property
    def inputs(self) -> Path:
        """What the landing zone and the cut-off decide, for dbt."""
        return self.build_folder / "inputs"

    @property
    def stamp(self) -> Path:
        """What the build in the build folder is made of."""
        return self.build_folder / "stamp.json"

    @property
    def dbt_target(self) -> Path:
        """dbt's own folder: manifest, run results, partial parse."""
        return self.warehouse / "dbt"

    @property
    def dagster_home(self) -> Path:
        """Runs, checks and metadata that the two webservers show."""
        return self.warehouse / "dagster"

    @property
    def published(self) -> Path:
        """The link that readers open."""
        return self.warehouse / "outcome.duckdb"

    @property
    def latest(self) -> Path:
        """What the newest published file is, in words."""
        return self.warehouse / "LATEST.json"

    def variables(self) -> dict[str, str]:
        """The environment in which a child process (or dbt in this one) sees the same settings."""
        values = {
            "FODFAESTE_ROOT": str(ROOT),
            "FODFAESTE_RAW": str(self.raw),
            "FODFAESTE_WAREHOUSE": str(self.warehouse),
            "FODFAESTE_DBT_THREADS": str(self.threads),
            "FODFAESTE_STRICT": "1" if self.strict else "",
            "FODFAESTE_AS_OF": self.as_of.isoformat() if self.as_of else "",
            "DAGSTER_HOME": str(self.dagster_home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
        }
        return values


def read_date(text: str, name: str) -> datetime.date:
    """Reads a date as the contract writes it.

    Raises:
        SettingsError: when it is no date.
    """
    try:
        if len(text) != 10:
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name}: a date looks like 2022-06-22, not like {text!r}") from None


def read_settings(
    raw: str | Path | None = None,
    warehouse: str | Path | None = None,
    as_of: str | datetime.date | None = None,
    strict: bool | None = None,
) -> Settings:
    """Settings from what is given, else from the environment, else the defaults.

    Raises:
        SettingsError: when one cannot be read.
    """
    environment = {name: os.environ.get(variable) or None for name, variable in ENVIRONMENT.items()}
    day = as_of or environment["as_of"]
    if isinstance(day, str):
        day = read_date(day, "as-of")
    threads = environment["threads"] or "2"
    if not threads.isdecimal() or int(threads) < 1:
        raise SettingsError(f"FODFAESTE_DBT_THREADS: a whole number from 1, not {threads!r}")
    given_strict = strict if strict is not None else (environment["strict"] or "").lower() in ("1", "true", "yes", "on")
    return Settings(
        raw=Path(raw or environment["raw"] or ROOT / "raw" / "incoming").expanduser().absolute(),
        warehouse=Path(warehouse or environment["warehouse"] or ROOT / "warehouse").expanduser().absolute(),
        as_of=day,
        strict=given_strict,
        threads=int(threads),
        failure_command=environment["failure_command"],
        failure_url=environment["failure_url"],
    )


def ensure_dagster_home(settings: Settings) -> Path:
    """Makes the Dagster home and its configuration when missing; returns it."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(DAGSTER_YAML, encoding="utf-8")
    return home
