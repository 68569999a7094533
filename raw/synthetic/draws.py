"""Random numbers by address: a draw is a function of seed, stream, person (or enterprise) and month.

Belongs here: the generator. Not here: what is drawn. Counter-based rather than numpy's sequential generators, because a life must be lived again, month by month,
with the same luck and another placement (truth.py), and because a person's draws must not depend on how many others there are.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MONTH = np.uint64(0xD1B54A32D192ED03)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def _mix(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: every bit of the address moves every bit of the draw."""
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))


class Draws:
    """Draws of one seed, by named stream."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._keys: dict[str, np.uint64] = {}

    def _key(self, stream: str) -> np.uint64:
        if stream not in self._keys:
            digest = hashlib.sha256(f"{self.seed}:{stream}".encode()).digest()
            self._keys[stream] = np.uint64(int.from_bytes(digest[:8], "little"))
        return self._keys[stream]

    def bits(self, stream: str, who: Ints | int, month: Ints | int = 0) -> NDArray[np.uint64]:
        """64 random bits for each `who` (and month)."""
        address = np.atleast_1d(np.asarray(who, dtype=np.int64)).astype(np.uint64) * _GAMMA
        address = _mix(address ^ self._key(stream))
        moment = np.atleast_1d(np.asarray(month, dtype=np.int64)).astype(np.uint64) * _MONTH
        return _mix(address + moment + _GAMMA)

    def uniform(self, stream: str, who: Ints | int, month: Ints | int = 0) -> Floats:
        """A number above 0 and below 1 for each `who` (and month)."""
        return ((self.bits(stream, who, month) >> np.uint64(11)).astype(np.float64) + 0.5) * (2.0**-53)

    def normal(self, stream: str, who: Ints | int, month: Ints | int = 0) -> Floats:
        """A standard normal number for each `who` (and month)."""
        return np.asarray(ndtri(self.uniform(stream, who, month)))

    def integer(self, stream: str, low: int, high: int, who: Ints | int, month: Ints | int = 0) -> Ints:
        """A whole number from `low` to `high`, both included."""
        return (low + np.floor(self.uniform(stream, who, month) * (high - low + 1))).astype(np.int64)

    def chosen(self, stream: str, share: float, who: Ints | int, month: Ints | int = 0) -> NDArray[np.bool_]:
        """True for about `share` of them."""
        return self.uniform(stream, who, month) < share


class Rows:
    """Weighted choice within many rows at once: each row holds items with weights, a draw picks one of the row's items."""

    def __init__(self, rows: Ints, items: Ints, weights: Floats, n_rows: int) -> None:
        order = np.lexsort((items, rows))
        rows, self.items = rows[order], items[order]
        weights = weights[order].astype(np.float64)
        total = np.bincount(rows, weights, minlength=n_rows)
        self.counts = np.bincount(rows, minlength=n_rows)
        start = np.concatenate([[0], np.cumsum(self.counts)[:-1]])
        running = np.cumsum(weights)
        before = np.concatenate([[0.0], running])[start]
        self._last = start + self.counts - 1
        self._keys = rows + np.minimum((running - before[rows]) / total[rows], 1.0) if len(rows) else np.zeros(0)
        self._start = start

    def pick(self, rows: Ints, draw: Floats) -> Ints:
        """The item of each row that a draw from 0 to 1 falls on; -1 where the row is empty."""
        if not len(self.items):
            return np.full(len(rows), -1, dtype=np.int64)
        found = np.searchsorted(self._keys, rows + draw, side="right")
        found = np.clip(found, self._start[rows], np.maximum(self._last[rows], 0))
        found = np.minimum(found, len(self.items) - 1)
        return np.where(self.counts[rows] > 0, self.items[found], -1)
