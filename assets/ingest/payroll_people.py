"""The people of payroll lines: every CPR number read and hashed once, however many million lines it stands in.

Belongs here: the memory of numbers met so far, as growing arrays. Not here: what a CPR number is (`numbers.py`), the pseudonym (`keys.py`), the
kinds that carry all six columns (`people.py`, in SQL).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from assets.ingest import numbers
from assets.ingest.keys import ProjectKey

CONSTRUCTED, MODULUS_11, REPAIRED = 1, 2, 4  # the flags of cpr_flags
_EPOCH = date(1970, 1, 1)
_NEW = -2  # a CPR number not met before


class People:
    """Every CPR number met so far, read and hashed once: a text's place in growing lists, -1 when it is not valid."""

    def __init__(self, key: ProjectKey) -> None:
        self._key = key
        self._places: dict[str, int] = {"": -1}
        self._person_keys = bytearray()
        self._birth_days = array("i")
        self._flags = array("b")

    def places(self, texts: Sequence[str]) -> np.ndarray:
        """Return the place of each text in the lists, -1 where it is no valid number; new ones are read and hashed."""
        found = np.fromiter(map(self._places.get, texts, repeat(_NEW)), dtype=np.int32, count=len(texts))
        for index in np.flatnonzero(found == _NEW).tolist():
            found[index] = self._add(texts[index])
        return found

    def _add(self, text: str) -> int:
        cpr = numbers.read_cpr(text)
        place = -1
        if cpr is not None:
            place = len(self._flags)
            self._person_keys += self._key.person_bytes(cpr.digits)
            self._birth_days.append((cpr.birth_date - _EPOCH).days)
            self._flags.append(
                CONSTRUCTED * cpr.is_constructed + MODULUS_11 * cpr.has_modulus_11 + REPAIRED * cpr.is_repaired
            )
        self._places[text] = place
        return place

    def facts(self, places: np.ndarray) -> dict[str, Any]:
        """Return for places (-1: not valid) `person_key` (16 bytes), `birth_date`, `cpr_flags` as Arrow, and the last two as NumPy."""
        is_missing = places < 0
        if not self._flags:  # nobody is valid yet
            zeros = np.zeros(len(places), dtype=np.int32)
            keys, days, flags = np.zeros(len(places), dtype="V16"), zeros, zeros.astype(np.int8)
        else:
            known = np.maximum(places, 0)
            keys = np.frombuffer(self._person_keys, dtype="V16")[known]
            days = np.where(is_missing, 0, np.frombuffer(self._birth_days, dtype=np.int32)[known]).astype(np.int32)
            flags = np.where(is_missing, 0, np.frombuffer(self._flags, dtype=np.int8)[known]).astype(np.int8)
        birth_date = pa.array(days, mask=is_missing).cast(pa.date32())
        validity = pa.array(~is_missing).buffers()[1]
        person_key = pa.Array.from_buffers(pa.binary(16), len(places), [validity, pa.py_buffer(keys)])
        return {
            "person_key": person_key,
            "birth_date": birth_date,
            "cpr_flags": pa.array(flags, mask=is_missing),
            "birth_day": days,
            "flags": flags,
        }
