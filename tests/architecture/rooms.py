"""Which rooms there are, in the order in which they may import each other, and what the picture says of them.

Belongs here: names, order, one sentence each, as data. Not here: finding imports (imports.py), reading Dagster's graph (graph.py), drawing (draw.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOUSE: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ("raw", "expectations", "transforms", "assets", "pipelines")

# A room imports itself and rooms above it. The first folder or file that fits a module is its room.
ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "raw": ("raw",),
    "expectations": ("expectations",),
    "ingest": ("assets/ingest",),
    "dbt": ("transforms/plugins", "transforms/codebook.py", "transforms/__init__.py"),
    "estimators": ("transforms/estimators",),
    "evaluation": ("transforms/evaluation",),
    "disclosure": ("transforms/disclosure",),
    "release rules": ("transforms/release",),
    "publishing": ("assets/publishing",),
    "formats": ("assets/formats",),
    "codebook": ("assets/codebook",),
    "report": ("assets/report",),
    "release": ("assets/release",),
    "stages": (),  # the modules of pipelines/ that assets/*.py rest on
    "graph": ("assets",),
    "doors": (),  # the other modules of pipelines/: what a person or Dagster starts
}

# The frameworks, and the rooms that may know them.
FRAMEWORKS: Final[dict[str, frozenset[str]]] = {
    "dagster": frozenset({"stages", "graph", "doors"}),
    "dagster_dbt": frozenset({"stages", "graph", "doors"}),
    "dbt": frozenset({"dbt", "stages", "doors"}),
    "great_expectations": frozenset({"expectations"}),
}


@dataclass(frozen=True)
class Box:
    """A box of the picture: rooms of code, or (without rooms) what is kept."""

    title: str
    says: str
    rooms: tuple[str, ...] = ()


BOXES: Final[dict[str, Box]] = {
    "raw": Box("raw/synthetic", "a country with known truth, in the formats of the real extracts", ("raw",)),
    "expectations": Box("expectations", "says what is right, holds lake and marts to it, mends nothing", ("expectations",)),
    "ingest": Box("assets/ingest", "reads and judges each row, pseudonymises; loses none", ("ingest",)),
    "staging": Box("staging", "a source as dbt reads it"),
    "steps": Box("intermediate", "one rule a model"),
    "marts": Box("marts", "a number has one definition"),
    "estimates": Box("transforms/evaluation, estimators", "cohorts in, effects out, each with its gate", ("estimators", "evaluation")),
    "publishing": Box("assets/publishing", "audits, then swaps: a reader never waits", ("publishing",)),
    "protection": Box("transforms/disclosure, release", "what may go out, and what must be hidden for it", ("disclosure", "release rules")),
    "release": Box("assets/release, report, codebook, formats", "tables, pages and descriptions, read back before they count", ("formats", "codebook", "report", "release")),
    "stages": Box("pipelines: the stages", "in which order; one build at a time", ("stages",)),
    "graph": Box("assets/*.py", "what Dagster shows", ("graph",)),
    "doors": Box("pipelines: the doors", "Dagster’s definitions, command line", ("doors",)),
}  # fmt: skip
DBT: Final = "transforms (dbt)"

STORES: Final[dict[str, Box]] = {
    "extracts": Box("raw/incoming", "registers, placements, payroll"),
    "catalogue": Box("expectations/catalogue.csv", ""),
    "lake": Box("warehouse/lake", "accepted rows, by month"),
    "quarantine": Box("warehouse/quarantine", "rejected lines, with the rule"),
    "build": Box("warehouse/build", "the next warehouse, unpublished"),
    "estimates of lake": Box("warehouse/lake/estimates", "the same cohorts only once"),
    "published": Box("warehouse/outcome.duckdb", "what everybody reads"),
    "preview": Box("warehouse/report", "preview, for the house alone"),
    "releases": Box("warehouse/evaluation", "frozen releases"),
}

# Families of assets (the first part of a key, marts together), and the arrows of the picture that stand for what depends on what.
# `build` holds what dbt makes, so what leaves it leaves by that arrow.
MARTS: Final = ("core", "scope", "progression", "effect", "quality", "simple")
ARROWS: Final[dict[tuple[str, str], tuple[tuple[str, str], ...]]] = {
    ("raw", "extracts"): (),
    ("extracts", "ingest"): (),
    ("ingest", "lake"): (("lake", "inputs"),),
    ("catalogue", "staging"): (("expectations", "staging"),),
    ("lake", "staging"): (("lake", "staging"), ("inputs", "staging")),
    ("staging", "steps"): (("staging", "intermediate"), ("code_lists", "intermediate"), ("code_lists", "marts")),
    ("steps", "marts"): (("intermediate", "marts"), ("marts", "intermediate")),
    ("marts", "build"): (),
    ("lake", "quarantine"): (("inputs", "quarantine"),),
    ("build", "quarantine"): (("marts", "quarantine"),),
    ("build", "estimates"): (("intermediate", "estimates"),),
    ("estimates", "estimates of lake"): (),
    ("estimates of lake", "staging"): (("estimates", "staging"),),
    ("build", "publishing"): (("marts", "published"),),
    ("quarantine", "publishing"): (("quarantine", "published"),),
    ("publishing", "published"): (),
    ("published", "protection"): (("published", "preview"), ("published", "release")),
    ("protection", "release"): (),
    ("release", "preview"): (),
    ("release", "releases"): (),
}
