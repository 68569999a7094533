"""The catalogue of rules as data: what is right, why, within which limit, and what to do.

Belongs here: reading `catalogue.csv`. Not here: testing rows (`predicates/`), Great Expectations (`suites.py`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("catalogue.csv")
CATEGORIES = ("conformance", "completeness", "plausibility")
BLOCKING_LEVELS = ("stop", "check")
KIND_OF_DATASET = {"placement": "forloeb", "payroll": "eindkomst"}


@dataclass(frozen=True)
class Rule:
    """One row of the catalogue. `threshold` is the largest share of rows that may break it without a warning."""

    rule: str
    dataset: str
    level: str
    bit_position: int | None
    predicate: str
    fields: tuple[str, ...]
    category: str
    threshold: float
    expectation: str
    why: str
    remedy: str

    @property
    def kind(self) -> str:
        """The kind of file as the lake's folders call it; `file` and `build` stand for themselves."""
        return KIND_OF_DATASET.get(self.dataset, self.dataset)


@lru_cache(maxsize=4)
def read_catalogue(path: Path = CATALOGUE) -> tuple[Rule, ...]:
    """Every rule, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Rule(
                rule=row["rule"],
                dataset=row["dataset"],
                level=row["level"],
                bit_position=int(row["bit_position"]) if row["bit_position"] else None,
                predicate=row["predicate"],
                fields=tuple(name for name in row["field"].split(",") if name),
                category=row["category"],
                threshold=float(row["threshold"]),
                expectation=row["expectation"],
                why=row["why"],
                remedy=row["remedy"],
            )
            for row in csv.DictReader(file, delimiter=";")
        )


def rules_of(kind: str) -> tuple[Rule, ...]:
    """The rules that look at files of a kind: its own, and those of every file."""
    return tuple(rule for rule in read_catalogue() if rule.kind in (kind, "file"))
