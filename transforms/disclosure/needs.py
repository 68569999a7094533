"""How uncertain an attacker must be left about each count.

Belongs here: what every count of a suppressed cell must be able to be. Not here: whether it is (attacker.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from transforms.disclosure.limits import Limits
from transforms.disclosure.system import System

# How much must stay uncertain: docs/decisions, "What is hidden".
Reading = Literal["standard", "base", "from_zero"]
# Rules about who is in a cell at all: every count of the cell is then about them.
_ABOUT_ENTERPRISES: Final = ("few_enterprises", "one_enterprise_dominates", "two_enterprises_dominate")
# Rules about a row's category: its whole is as good as any other.
_ABOUT_A_COUNT: Final = ("small_count", "all_do_the_same")


@dataclass(frozen=True)
class Needs:
    """One value a variable of the system, in counts: how far below and above its value the published numbers must let it be, and how wide in all."""

    down: np.ndarray
    up: np.ndarray
    width: np.ndarray


def needs_of(system: System, broken: pd.DataFrame, limits: Limits, reading: Reading = "standard") -> Needs:
    """What each count needs, should its cell be suppressed. `broken`: the rules that each cell breaks (`primary.broken_rules`).

    A cell that breaks a rule: from 0 to the limit of persons at least, for every count below the limit; where the rule is about who is in the cell, for its base too (its persons where these are in a
    relation, else its largest count), and where it is about enterprises, for every count. Where all do the same, some count of 0 must be able to reach the limit too (the one that is largest elsewhere): then it is not known that
    they do. So a row that says what all do must hold what they do not do, as a count.
    Any other count of a suppressed cell: an interval at least as wide as the limit, or as the count itself where that is less: it would be published with its row but for the others, and is only not
    to be worked out. A count of 0 elsewhere needs nothing, for it says nothing about anyone.

    `base`, for rows of many counts: of a cell that breaks a rule, persons and the largest count go from 0 to the limit (with the largest at 0, those inside it are) and the others are not to be worked
    out; of any other suppressed cell the base alone is not. `from_zero`: 0 to the limit for every count of every suppressed cell.
    """
    limit, value = float(limits.persons), system.value
    breaks = broken.any(axis=1).to_numpy()[system.cell_of]
    about_enterprises = broken[list(_ABOUT_ENTERPRISES)].any(axis=1).to_numpy()[system.cell_of]
    uniform = broken["all_do_the_same"].to_numpy()[system.cell_of]
    base = _is_first(system, "persons")
    small = np.minimum(value, limit)
    if reading == "from_zero":
        is_sensitive = np.ones(len(value), dtype=bool)
    elif reading == "base":
        is_sensitive = breaks & (base | _is_first(system, None))
        small = np.where(breaks | base, small, 0.0)
    else:
        about_who = broken.drop(columns=list(_ABOUT_A_COUNT)).any(axis=1).to_numpy()[system.cell_of]
        is_sensitive = (breaks & (value < limit)) | (about_who & base) | about_enterprises
    is_sensitive = (is_sensitive & (value > 0)) | (uniform & _is_other(system))
    return Needs(
        down=np.where(is_sensitive, value, 0.0),
        up=np.where(is_sensitive, np.maximum(limit - value, 0.0), 0.0),
        width=np.where(is_sensitive, limit, small),
    )


def _is_first(system: System, name: str | None) -> np.ndarray:
    """One count a cell: the one of a name where it is tied to other numbers, else the largest."""
    frame = pd.DataFrame({"cell": system.cell_of, "value": system.value, "is_named": system.count_of == name})
    first = frame.sort_values(["is_named", "value"], ascending=False, kind="stable").groupby("cell").head(1).index
    is_first = np.zeros(len(frame), dtype=bool)
    is_first[first] = True
    return is_first


def _is_other(system: System) -> np.ndarray:
    """One count of 0 a cell, where it has one: the one that is largest over the system."""
    frame = pd.DataFrame({"cell": system.cell_of, "count": system.count_of, "value": system.value})
    frame["elsewhere"] = frame.groupby("count")["value"].transform("sum")
    zero = frame[frame["value"] == 0].sort_values("elsewhere", ascending=False, kind="stable")
    is_other = np.zeros(len(frame), dtype=bool)
    is_other[zero.groupby("cell").head(1).index] = True
    return is_other
