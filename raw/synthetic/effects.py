"""What a placement changes: the effect that an evaluation has to find.

Belongs here: how the chosen numbers of truth.toml become log-odds in a month. Not here: what they do to work (life.py), or how large the effect then is (truth.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from raw.synthetic.draws import Floats, Ints
from raw.synthetic.enterprises import Enterprises
from raw.synthetic.parameters import INSTRUMENTS, KINDS, Parameters

if TYPE_CHECKING:
    from raw.synthetic.lives import Lives


class Effects:
    """The effect of a person's last placements (one company-based, one course) in a month."""

    def __init__(self, parameters: Parameters, enterprises: Enterprises) -> None:
        self.given = parameters["effect"]
        self.size = np.array(
            [[self.given["find"].get(name, {}).get(kind, 0.0) for kind in KINDS] for name in INSTRUMENTS]
        )
        self.of_enterprise = (np.append(enterprises.effect, 0.0), np.append(enterprises.course_effect, 0.0))

    def now(self, lives: Lives, month: Ints) -> Floats:
        """Log-odds of both placements together; nothing while one runs, then up over the ramp, then fading."""
        total = np.zeros(len(lives))
        for slot in range(2):
            had = (lives.instrument[slot] >= 0) & (lives.runs_to[slot] < 0)
            at = np.flatnonzero(had)
            size = (
                self.size[lives.instrument[slot][at], lives.kind[slot][at]]
                + self.of_enterprise[slot][lives.place[slot][at]]
            )
            # The end of the placement is not kept: its start is, and a placement of typical length is over after three months.
            since = np.maximum(month[at] - lives.began[slot][at] - 1, 0)
            total[at] += (
                size
                * np.minimum(since / self.given["ramp_months"], 1.0)
                * 0.5 ** (since / self.given["half_life_months"])
            )
        return total

    def lock_in(self, lives: Lives, month: Ints) -> Floats:
        """Log-odds on finding work while a placement runs."""
        runs = [(lives.runs_to[slot] >= month) & (lives.began[slot] < month) for slot in range(2)]
        return runs[0] * self.given["lock_in_work"] + runs[1] * self.given["lock_in_course"]
