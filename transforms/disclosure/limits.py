"""The limits of disclosure control.

Belongs here: reading limits.yml, holding every limit to the least that law and house allow. Not here: what is done with them (primary.py, secondary.py, attacker.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

DEFAULT: Final = Path(__file__).with_name("limits.yml")


class LimitsError(ValueError):
    """The limits cannot be used; the message names every key and its reason."""


@dataclass(frozen=True)
class Limits:
    """What a public table may show. Units: persons, enterprises, shares of 1, seconds; meanings stand in limits.yml."""

    persons: int = 5
    enterprises: int = 3
    dominance_1: float = 0.85
    dominance_2: float = 0.85
    uniform_groups: str = "refuse"
    percentile_sharing: int = 5
    small_count: int = 5
    seconds_per_block: float = 120.0
    search_programmes: int = 1000
    preview_programmes: int = 100
    relative_gap: float = 0.01

    def as_dict(self) -> dict[str, Any]:
        """Every limit by its key, as it goes into a release's `limits.json`."""
        return asdict(self)

    def for_preview(self) -> Limits:
        """The same, for pages that stay in the house: the search stops sooner and hides a little more."""
        return replace(self, search_programmes=self.preview_programmes)


@dataclass(frozen=True)
class _Bound:
    """The loosest value of a key, whether stricter is more or less, and why."""

    least: int | float | str
    is_more_stricter: bool
    is_whole: bool
    lowest: float
    highest: float
    why: str


_FEW = "fewer can be told apart by those who know some of them (the practice of Statistics Denmark and jobindsats)"
_DOMINANT = "an enterprise above this share can be told from the sum, by the second largest to within a fifth"
_NEVER_SAFETY = "the search needs a bound"
_BOUNDS: Final[Mapping[str, _Bound]] = {
    "persons": _Bound(5, True, True, 1, 1000, _FEW),
    "enterprises": _Bound(3, True, True, 1, 1000, "of two, each knows the other's figure: the sum less its own"),
    "dominance_1": _Bound(0.85, False, False, 0.0, 1.0, _DOMINANT),
    "dominance_2": _Bound(0.85, False, False, 0.0, 1.0, _DOMINANT),
    "uniform_groups": _Bound("refuse", True, False, 0, 0, "who belongs to the group is then known to do the same"),
    "percentile_sharing": _Bound(5, True, True, 1, 1000, "a percentile is somebody's own figure"),
    "small_count": _Bound(0, True, True, 0, 1000, "off is the house's choice"),
    "seconds_per_block": _Bound(1, True, False, 0.0, 86_400.0, _NEVER_SAFETY),
    "search_programmes": _Bound(1, True, True, 0, 1_000_000, _NEVER_SAFETY),
    "preview_programmes": _Bound(1, True, True, 0, 1_000_000, _NEVER_SAFETY),
    "relative_gap": _Bound(0.10, False, False, 0.0, 1.0, "more is lost than need be"),
}


def load_limits(path: Path = DEFAULT) -> Limits:
    """The limits of a file: a mapping of every key to `value`, `least` and `meaning`.

    Raises:
        LimitsError: with every mistake at once: a key missing or unknown, a value of the wrong kind, a value looser than the least allowed.
    """
    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as problem:
        raise LimitsError(f"{path.name}: cannot be read: {problem}") from problem
    if not isinstance(read, dict):
        raise LimitsError(f"{path.name}: found no mapping of limits")
    mistakes = [f"{key}: is no limit, known are {', '.join(_BOUNDS)}" for key in read if key not in _BOUNDS]
    values: dict[str, Any] = {}
    for key, bound in _BOUNDS.items():
        if key not in read:
            mistakes.append(f"{key}: is missing")
            continue
        entry = read[key]
        if not isinstance(entry, dict) or set(entry) != {"value", "least", "meaning"}:
            mistakes.append(f"{key}: must have value, least and meaning, and nothing else")
            continue
        if not isinstance(entry["meaning"], str) or not entry["meaning"].strip():
            mistakes.append(f"{key}.meaning: is empty")
        if entry["least"] != bound.least:
            mistakes.append(
                f"{key}.least: found {entry['least']!r}, but it is {bound.least!r} and not the file's choice"
            )
        values[key] = entry["value"]
    mistakes += _mistakes(values)
    if mistakes:
        raise LimitsError(f"{path.name}: " + "; ".join(mistakes))
    return Limits(**values)


def check_limits(limits: Limits) -> None:
    """Holds limits that code made to the same rules as a file.

    Raises:
        LimitsError: as `load_limits`.
    """
    mistakes = _mistakes(limits.as_dict())
    if mistakes:
        raise LimitsError("limits: " + "; ".join(mistakes))


def _mistakes(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with these values, one sentence a key."""
    found = []
    for key, value in values.items():
        bound = _BOUNDS[key]
        if isinstance(bound.least, str):
            if value != bound.least:
                found.append(f"{key}: found {value!r}, allowed is {bound.least!r}: {bound.why}")
            continue
        kinds = (int,) if bound.is_whole else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool) or not bound.lowest <= value <= bound.highest:
            kind = "a whole number" if bound.is_whole else "a number"
            found.append(f"{key}: found {value!r}, allowed is {kind} from {bound.lowest:g} to {bound.highest:g}")
        elif bound.is_more_stricter and value < bound.least:
            found.append(f"{key}: {value!r} is below {bound.least}, the least allowed: {bound.why}")
        elif not bound.is_more_stricter and value > bound.least:
            found.append(f"{key}: {value!r} is above {bound.least}, the loosest allowed: {bound.why}")
    return found
