"""Words for codes, Danish and English: what labels.json of a public tier and the value sets of every file hold.

Belongs here: code lists -> labels by column. Not here: the words (transforms/seeds), what a page says.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WORDS: Final = ROOT / "transforms" / "seeds" / "labels.csv"
MUNICIPALITIES: Final = ROOT / "transforms" / "seeds" / "municipalities.csv"
STATUSES: Final = {
    "ok": ("Vist", "Shown"),
    "suppressed_primary": ("Diskretioneret", "Suppressed"),
    "suppressed_secondary": ("Diskretioneret for at skjule andre", "Suppressed to hide others"),
}
UNITS: Final = {
    "persons": "personer", "spells": "forløb", "enterprises": "virksomheder", "municipalities": "kommuner", "industries": "brancher", "months": "måneder", "hours": "timer", "share": "andel", "per 1000": "pr. 1.000",
}  # fmt: skip
Labels = Mapping[str, Mapping[str, tuple[str, str]]]


@functools.cache
def released_words() -> dict[str, dict[str, tuple[str, str]]]:
    """code list -> code -> (Danish, English), in the file's order: the words that a release and its pages use. The rest is for `core.dim_labels` alone."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    with WORDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["is_released"] == "true":
                found.setdefault(row["code_list"], {})[row["code"]] = (row["label_da"], row["label_en"])
    return found


def code_labels() -> dict[str, dict[str, tuple[str, str]]]:
    """column -> code -> (Danish, English)."""
    found = {column: dict(codes) for column, codes in released_words().items()}
    with MUNICIPALITIES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            name = row["kommune_navn"]
            found["municipality_code"][row["kommune_kode"]] = (name, name)
    for column in (
        "status",
        "spells_started_status",
        "employed_status",
        "bands_status",
        "events_status",
        "competing_status",
    ):
        found[column] = dict(STATUSES)
    found["subgroup"] = {
        f"{code}": labels
        for column in ("target_group", "age_band", "sex", "municipality_group")
        for code, labels in found[column].items()
        if code != "all"
    } | {"all": ("Alle", "All")}
    return found
