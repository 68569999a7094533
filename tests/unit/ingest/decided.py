"""A whole ingest of a small landing zone, and what it decided. Belongs here: what tests of decisions share. Not here: tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.ingest.decide import Decision
from assets.ingest.keys import ProjectKey
from assets.ingest.problems import BuildStopped
from assets.ingest.run import IngestReport, ingest
from tests.unit.ingest.landed import KEY
from tests.unit.ingest.tiny_landing import (
    AS_OF,
)


def taken(tmp_path: Path, as_of: date = AS_OF, key: ProjectKey = KEY) -> IngestReport:
    return ingest(tmp_path / "raw", tmp_path / "warehouse", as_of, key=key)


def outcomes(decision: Decision, kind: str = "") -> dict[str, str]:
    return {d.file.name: d.outcome for d in decision.deliveries if not kind or d.file.kind == kind}


def stopped_by(tmp_path: Path, as_of: date = AS_OF, key: ProjectKey = KEY) -> list[str]:
    with pytest.raises(BuildStopped) as stopped:
        taken(tmp_path, as_of, key)
    assert all(problem.remedy for problem in stopped.value.problems)
    return [problem.rule for problem in stopped.value.problems]
