"""A build as the tests need it: landing zone in, the published file out, in this process or with the files of a copied house.

What a build does belongs to the product; only how a test starts one stands here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("pipelines", "assets", "expectations", "transforms", "raw/synthetic", "pyproject.toml")
CALL = "import sys; from pipelines.stages import build_bare; build_bare(sys.argv[1], sys.argv[2], sys.argv[3] or None)"


def build(raw: Path, warehouse: Path, as_of: date | None, key: bytes) -> Path:
    """Builds in this process; gives the published file. Raises what the product raises."""
    from pipelines.stages import build_bare

    before = os.environ.get("OUTCOME_PSEUDONYM_KEY")
    os.environ["OUTCOME_PSEUDONYM_KEY"] = key.hex()
    try:
        return build_bare(raw, warehouse, as_of)
    finally:
        if before is None:
            del os.environ["OUTCOME_PSEUDONYM_KEY"]
        else:
            os.environ["OUTCOME_PSEUDONYM_KEY"] = before


def copy_of_the_house(folder: Path) -> Path:
    """The product's files, so that a test may change one as a user would; gives the folder."""
    for room in ROOMS:
        source, target = ROOT / room, folder / room
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "target", "logs", "*.duckdb*"))
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for package in ("raw",):
        (folder / package / "__init__.py").write_text("")
    return folder


def build_in(house: Path, raw: Path, warehouse: Path, as_of: date | None, key: bytes) -> Path:
    """Builds with the code and code lists of a copied house, in a process of its own; gives the published file."""
    environment = os.environ | {
        "OUTCOME_PSEUDONYM_KEY": key.hex(),
        "PYTHONPATH": str(house),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    outcome = subprocess.run(
        [sys.executable, "-c", CALL, str(raw), str(warehouse), as_of.isoformat() if as_of else ""],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        raise AssertionError(f"the build failed:\n{outcome.stdout[-2000:]}\n{outcome.stderr[-4000:]}")
    return warehouse / "outcome.duckdb"
