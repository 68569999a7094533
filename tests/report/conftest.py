"""One public tier and its pages for all tests of the report: made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.report.model import Report
from assets.report.pages import make_pages
from assets.report.tier import Tier, read_tier
from tests.report.public_tier import write_public_tier

Made = tuple[Path, Report]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release's folder with a public tier."""
    used = {
        "kind": "forloeb",
        "files": 9,
        "files_used": 8,
        "rows_delivered": 40000,
        "rows_used": 39000,
        "rows_rejected": 120,
        "rows_of_files_not_used": 880,
    }
    unknown = dict.fromkeys(used, 0) | {"kind": None, "files": 3}
    return write_public_tier(tmp_path_factory.mktemp("release") / "2022-1", sources=[used, unknown])


@pytest.fixture(scope="session")
def tier(release: Path) -> Tier:
    """The same, read."""
    return read_tier(release)


@pytest.fixture(scope="session")
def made(release: Path) -> Made:
    """The folder of its pages, and what the maker reported."""
    return release / "pages", make_pages(release, release / "pages", is_preview=False)
