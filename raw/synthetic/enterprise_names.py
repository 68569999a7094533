"""What enterprises are called and what they do.

Belongs here: words and industry codes. Not here: numbers, sizes, lives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from raw.synthetic.draws import Draws, Ints
from raw.synthetic.parameters import KINDS

_RSV_INDUSTRIES = (
    "561010",
    "562100",
    "812100",
    "881010",
    "889920",
    "855900",
    "477980",
    "960900",
    "015000",
    "813000",
    "107110",
    "620100",
    "851000",
    "139200",
)
_PRIVATE_INDUSTRIES = (
    "471120",
    "561010",
    "812100",
    "494100",
    "432200",
    "412000",
    "622000",
    "782000",
    "452010",
    "463900",
    "011100",
    "255000",
    "869090",
    "551010",
    "855900",
)
_NONPROFIT_INDUSTRIES = ("889990", "949900", "881010", "879010", "855900", "931900", "682040", "853110")
_PUBLIC_INDUSTRIES = ("841100", "851000", "881030", "861000", "842500")
_NAMES_FIRST = (
    "Nørre",
    "Sønder",
    "Vester",
    "Øster",
    "Åens",
    "Fjordens",
    "Havnens",
    "Kløver",
    "Birke",
    "Elle",
    "Hede",
    "Møllens",
    "Bakkens",
    "Skovens",
    "Broens",
    "Engens",
)
_NAMES_LAST = {
    "rsv": (
        "Værksted",
        "Kantine",
        "Genbrug",
        "Café",
        "Gartneri",
        "Rengøring",
        "Cykler",
        "Bageri",
        "Håndværk",
        "Service",
    ),
    "private": ("Handel", "Transport", "Byg", "Rengøring", "Butik", "Teknik", "Vikar", "Auto", "Hotel", "Industri"),
    "nonprofit": ("Forening", "Fonden", "Frivilligcenter", "Kollegium", "Højskole", "Værested"),
    "public": ("Kommune", "Styrelse", "Region", "Skole"),
}


def industries(draws: Draws, number: Ints, is_rsv: NDArray[np.bool_], kind: Ints) -> list[str]:
    """Industry code of each enterprise, by kind."""
    lists = {
        "rsv": _RSV_INDUSTRIES,
        "private": _PRIVATE_INDUSTRIES,
        "nonprofit": _NONPROFIT_INDUSTRIES,
        "public": _PUBLIC_INDUSTRIES,
    }
    draw = draws.uniform("industry", number)
    chosen = []
    for position in range(len(number)):
        options = lists["rsv" if is_rsv[position] else KINDS[kind[position]]]
        chosen.append(options[int(draw[position] * len(options))])
    return chosen


def names(
    draws: Draws, number: Ints, is_rsv: NDArray[np.bool_], kind: Ints, municipality: Ints, places: list[str], rsv: int
) -> list[str]:
    """Name of each enterprise; the municipalities' own, which stand from `rsv` on, are called after them."""
    draw, other = draws.uniform("name", number), draws.uniform("name-last", number)
    ending = {"private": "ApS", "nonprofit": "", "public": "", "rsv": ""}
    written = []
    for position in range(len(number)):
        label = "rsv" if is_rsv[position] else KINDS[kind[position]]
        if rsv <= position < rsv + 98:
            written.append(f"{places[municipality[position]]} Kommune (syntetisk)")
            continue
        last = _NAMES_LAST[label]
        text = f"{_NAMES_FIRST[int(draw[position] * len(_NAMES_FIRST))]} {last[int(other[position] * len(last))]} {position + 1} {ending[label]}"
        written.append(text.strip())
    return written
