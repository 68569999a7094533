"""A release of the sample. Belongs here: what its tests share. Not here: fixtures (conftest.py), tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click.testing

from assets.ingest.keys import read_key
from pipelines.release import command
from tests.conftest import SAMPLE_KEY, SampleBuild
from transforms.release.public import PublicTables

NAME = "2026-1"
KEY = {"OUTCOME_PSEUDONYM_KEY": SAMPLE_KEY}
PROJECT_KEY = read_key(KEY).value


@dataclass(frozen=True)
class Released:
    """The release that the command made, and what it said."""

    folder: Path
    warehouse: Path
    said: str

    @property
    def manifest(self) -> dict[str, Any]:
        """Its manifest."""
        return dict(json.loads((self.folder / "manifest.json").read_text(encoding="utf-8")))


def linked(build: SampleBuild, folder: Path) -> Path:
    """A warehouse with the published file of the sample and nothing else."""
    folder.mkdir()
    (folder / "outcome.duckdb").symlink_to((build.warehouse / "outcome.duckdb").resolve())
    return folder


def release(warehouse: Path, name: str = NAME) -> click.testing.Result:
    """`fodfaeste release NAME`, in this process."""
    return click.testing.CliRunner().invoke(command, [name, "--warehouse", str(warehouse)], env=KEY)


@dataclass(frozen=True)
class Again:
    """The same release, made in another folder, and its public tables."""

    folder: Path
    warehouse: Path
    tables: PublicTables


class NoPages:
    """As many pages as none."""

    pages = 0


def no_pages(*_: object, **__: object) -> NoPages:
    """In the place of `make_pages`."""
    return NoPages()


def fixed_files(folder: Path) -> dict[str, bytes]:
    """Parquet and CSV by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.suffix in (".parquet", ".csv")
    }
