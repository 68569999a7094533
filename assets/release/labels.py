"""Words for codes, Danish and English: what labels.json of a public tier and the value sets of every file hold.

Belongs here: code lists and the vocabulary -> labels by column. Not here: the words (transforms/release/vocabulary.yml, transforms/seeds), what a page says.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
VOCABULARY: Final = ROOT / "transforms" / "release" / "vocabulary.yml"
MUNICIPALITIES: Final = ROOT / "transforms" / "seeds" / "municipalities.csv"
STATUSES: Final = {
    "ok": ("Vist", "Shown"),
    "suppressed_primary": ("Diskretioneret", "Suppressed"),
    "suppressed_secondary": ("Diskretioneret for at skjule andre", "Suppressed to hide others"),
}
UNITS: Final = {
    "persons": "personer", "spells": "forløb", "enterprises": "virksomheder", "municipalities": "kommuner", "industries": "brancher", "months": "måneder", "hours": "timer", "share": "andel", "per 1000": "pr. 1.000",
}  # fmt: skip
AGE_BANDS: Final = ("16-24", "25-29", "30-39", "40-49", "50-59", "60+")
Labels = Mapping[str, Mapping[str, tuple[str, str]]]


def code_labels() -> dict[str, dict[str, tuple[str, str]]]:
    """column -> code -> (Danish, English)."""
    words = yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))
    found = {
        column: {str(code): (str(texts[0]), str(texts[1])) for code, texts in codes.items()}
        for column, codes in words.items()
    }
    for band in AGE_BANDS:
        found["age_band"].setdefault(band, (f"{band} år", f"{band} years"))
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
