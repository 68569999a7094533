"""Bands of hours as parts of a bar and as cells of a table.

Belongs here: what the figures over bands share. Not here: which rows they show (progression.py, progression_months.py).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from assets.report.language import OK, Language, is_known
from assets.report.status import status_of
from assets.report.theme import BANDS, EXITED
from assets.report.tier import Tier

PARTS: Final = ("band_0", "band_1", "band_2", "band_3", "band_4", "exited")


def band_names(tier: Tier, language: Language) -> dict[str, str]:
    """Names of the bands and of who has left, in order."""
    return {part: tier.labels.of("band", part, language) for part in PARTS}


def band_colours(names: dict[str, str]) -> dict[str, str]:
    """Colour of each band by its name."""
    return dict(zip(names.values(), (*BANDS, EXITED), strict=True))


def spread(row: pd.Series, label: str, names: dict[str, str]) -> list[dict[str, object]]:
    """A row of the hours tables as the parts of one bar."""
    is_hidden = status_of(row, "band_0") != OK
    spells = row["spells"]
    return [
        {"label": label, "part": name, "share": row[part] / spells if spells and is_known(row[part]) else None, "is_hidden": is_hidden}
        for part, name in names.items()
    ]  # fmt: skip


def band_row(row: pd.Series, label: str, language: Language) -> list[str]:
    """The same as a row of a table: spells, then the share of each band."""
    spells = row["spells"]
    shares = [language.shown(row[part] / spells if spells else None, status_of(row, part), lambda value: language.percent(value)) for part in PARTS]  # fmt: skip
    return [label, language.shown(spells, status_of(row, "spells")), *shares]
