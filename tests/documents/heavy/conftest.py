"""Commands that take minutes: `make test-documents-long`. Belongs here: when they are collected. Not here: tests."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Some take half an hour together, so a run over all of `tests` leaves this directory out."""
    return None if any("documents/heavy" in argument for argument in config.args) else True
