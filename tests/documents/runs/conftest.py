"""Commands that are run, and servers that are started: `make test-documents`. Belongs here: when they are collected. Not here: tests."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The room that they share takes a build and a release, so `make test` leaves this directory out."""
    return None if any("documents/runs" in argument for argument in config.args) else True
