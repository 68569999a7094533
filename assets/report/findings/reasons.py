"""The estimators' reasons in the page's language: why an estimate is not there, or which limit it broke.

Belongs here: translating the column `reason`. Not here: making it (transforms/evaluation), the words (transforms/seeds/reasons.csv: `effect.dim_effect_labels` is made of the same).
"""

from __future__ import annotations

import csv
import functools
import re
from pathlib import Path
from typing import Any, Final

from assets.report.labels import Labels
from assets.report.language import SUPPRESSED_MARK, Language

OUTSIDE: Final = re.compile(r"(\w+) (-?[\d.e+]+|unknown|protected) \((at most|at least) (-?[\d.e+]+)\)")
IN_UNITS: Final = ("smallest_detectable", "placebo_in_time", "pre_trend")  # figures in the unit of the outcome
WORDS: Final = Path(__file__).resolve().parents[3] / "transforms" / "seeds" / "reasons.csv"


@functools.cache
def patterns() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """The reasons that have words: what one is known by, its words in Danish and in English (\\1: what the pattern's first group found). The first that fits counts."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return tuple(
            (re.compile(row["pattern"]), row["words_da"], row["words_en"])
            for row in csv.DictReader(file, delimiter=";")
        )


def reason(text: Any, labels: Labels, language: Language, is_share: bool = False) -> str:
    """A reason in words; empty without one. What is not known stands as it was written, in English. `is_share`: of an outcome in percentage points."""
    if not isinstance(text, str) or not text.strip():
        return ""
    told = []
    for part in text.split("; "):
        broken = OUTSIDE.findall(part) if part.startswith("outside the limits") else []
        if broken:
            told.append(language.listing([_outside(found, labels, language, is_share) for found in broken]))
            continue
        told.append(next((match.expand(language.pick(*words)) for pattern, *words in patterns() if (match := pattern.search(part))), part))  # fmt: skip
    return "; ".join(told)


def _outside(broken: tuple[str, str, str, str], labels: Labels, language: Language, is_share: bool) -> str:
    name, figure, side, limit = broken
    label = labels.of("diagnostic", name, language)
    if figure == "unknown":
        return f"{label}: {language.pick('kan ikke ses', 'cannot be seen')}"
    wording = {"at most": ("højst", "at most"), "at least": ("mindst", "at least")}[side]
    if figure == "protected":
        return f"{label} {SUPPRESSED_MARK}"
    if is_share and name in IN_UNITS:
        most = language.number(100 * float(limit), 1)
        return f"{label} {language.number(100 * float(figure), 1)}\u00a0{language.pick('procentpoint', 'percentage points')} ({language.pick(*wording)} {most})"
    return f"{label} {_written(figure, language)} ({language.pick(*wording)} {_written(limit, language)})"


def _written(text: str, language: Language) -> str:
    value = float(text)
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    written = language.number(value, decimals)
    mark = language.pick(",", ".")
    return written.rstrip("0").rstrip(mark) if mark in written else written
