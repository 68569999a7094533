"""The estimators' reasons in the page's language: why an estimate is not there, or which limit it broke.

Belongs here: translating the column `reason`. Not here: making it (transforms/evaluation).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from assets.report.labels import Labels
from assets.report.language import SUPPRESSED_MARK, Language

OUTSIDE: Final = re.compile(r"(\w+) (-?[\d.e+]+|unknown|protected) \((at most|at least) (-?[\d.e+]+)\)")
IN_UNITS: Final = ("smallest_detectable", "placebo_in_time", "pre_trend")  # figures in the unit of the outcome
Words = tuple[str, str]
PATTERNS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Words]], ...]] = (
    (
        re.compile(r"fewer than (\d+) treated starts in the cohort"),
        lambda m: (f"for få starter: færre end {m[1]}", f"too few starts: fewer than {m[1]}"),
    ),
    (
        re.compile(r"fewer than (\d+) treated starts are observed that long"),
        lambda m: (f"for få starter er fulgt så længe: færre end {m[1]}", f"too few starts are followed that long: fewer than {m[1]}"),
    ),
    (
        re.compile(r"too small for a subgroup: too few treated starts[^\d]+(\d+)"),
        lambda m: (f"for lille en undergruppe: færre end {m[1]} starter", f"too small a subgroup: fewer than {m[1]} starts"),
    ),
    (
        re.compile(r"too small for a subgroup: (\d+) (enterprises|effective enterprises)[^\d]+(\d+)"),
        lambda m: (f"for lille en undergruppe: {m[1]} af mindst {m[3]} virksomheder", f"too small a subgroup: {m[1]} of at least {m[3]} enterprises"),
    ),
    (
        re.compile(r"(\d+) of (\d+) cells have no estimate and are left out"),
        lambda m: (f"{m[1]} af {m[2]} sammenligninger kunne ikke beregnes og er udeladt", f"{m[1]} of {m[2]} comparisons could not be made and are left out"),
    ),
    (
        re.compile(r"\d+ enterprises became RSV with citizens [^:]+: fewer than (\d+)"),
        lambda m: (f"for få registrerede virksomheder med borgere både før og efter: færre end {m[1]}", f"too few registered enterprises with citizens both before and after: fewer than {m[1]}"),
    ),
    (
        re.compile(r"\d+ enterprises to compare with [^:]+: fewer than (\d+)"),
        lambda m: (f"for få virksomheder at sammenligne med: færre end {m[1]}", f"too few enterprises to compare with: fewer than {m[1]}"),
    ),
    (
        re.compile(r"registered enterprises are as uneven as [\d.]+ equal ones"),
        lambda m: ("de registrerede virksomheder er for ulige store", "the registered enterprises are too unequal in size"),
    ),
    (
        re.compile(r"no enterprise received anybody who is observed that long"),
        lambda m: ("ingen virksomhed har borgere, der er fulgt så længe", "no enterprise has citizens who are followed that long"),
    ),
    (
        re.compile(r"too few treated starts to publish"),
        lambda m: ("for få starter til at kunne vises", "too few starts to be shown"),
    ),
    (
        re.compile(r"no comparators on support"),
        lambda m: ("ingen sammenlignelige starter", "no comparable starts"),
    ),
    (
        re.compile(r"no weights of the comparators"),
        lambda m: ("grupperne kan ikke vægtes ens", "the groups cannot be weighted alike"),
    ),
    (
        re.compile(r"the cumulative effect is not at zero or above by month (\d+)"),
        lambda m: (f"det tabte er ikke indhentet inden for {m[1]} måneder", f"the loss is not won back within {m[1]} months"),
    ),
    (
        re.compile(r"the interval is open above: the band holds losses up to month (\d+)"),
        lambda m: (f"intervallet er åbent: tab kan ikke udelukkes efter {m[1]} måneder", f"the interval is open: losses cannot be ruled out after {m[1]} months"),
    ),
    (
        re.compile(r"there is no lock-in to repay"),
        lambda m: ("der er intet tab at indhente", "there is no loss to win back"),
    ),
    (
        re.compile(r"the outcome has one value in all rows"),
        lambda m: ("udfaldet er ens for alle", "the outcome is the same for all"),
    ),
)  # fmt: skip


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
        told.append(next((language.pick(*words(match)) for pattern, words in PATTERNS if (match := pattern.search(part))), part))  # fmt: skip
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
