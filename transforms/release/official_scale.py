"""In what unit a file writes its shares: per cent, shares, or counts. The file itself says, by its own counts.

Belongs here: deciding it for the file as a whole, or refusing it. Not here: numbers of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from transforms.release.official_file import OfficialFile, OfficialRow
from transforms.release.official_map import Unit
from transforms.release.official_table import Fault, OfficialError

PERSONS, EMPLOYED = "Antal personer i alt", "Antal personer med ordinære timer"
SHARE = "Andel personer med ordinære timer"
ENDED = "Antal afsluttede forløb"
Fits = Mapping[float | None, Callable[[OfficialRow], bool]]


def scales(file: OfficialFile) -> dict[Unit, float | None]:
    """Unit -> what a share of ours is multiplied by (100: per cent, 1: share, None: theirs are counts). 100 where the file does not tell.

    Raises:
        OfficialError: when some rows are neither, or no single unit fits all rows.
    """
    if file.table.name == "OTIJ01":
        return {"percent": _one(file, {100.0: _is_percent_of, 1.0: _is_share_of}, "the share of its own counts")}
    outcomes = [measure.name for measure in file.table.measures if measure.unit == "outcome"]

    def sums_to(total: Callable[[OfficialRow], float | None], room: float) -> Callable[[OfficialRow], bool]:
        return lambda row: _sums(row, outcomes, total(row), room)

    fits: Fits = {
        100.0: sums_to(lambda row: 100.0, 2.5),
        1.0: sums_to(lambda row: 1.0, 0.025),
        None: sums_to(lambda row: row.figures.get(ENDED), 0.5),
    }
    return {"outcome": _one(file, fits, "a sum of 100 per cent, of 1 or of the spells that ended"), "percent": 100.0}


def _one(file: OfficialFile, fits: Fits, wanted: str) -> float | None:
    for scale, does_fit in fits.items():
        if all(does_fit(row) for row in file.rows):
            return scale
    raise OfficialError(_misfits(file, fits, wanted))


def _misfits(file: OfficialFile, fits: Fits, wanted: str) -> Iterator[Fault]:
    """The rows that the unit which fits most rows does not fit."""
    best = max(fits.values(), key=lambda does_fit: sum(does_fit(row) for row in file.rows))
    for row in file.rows:
        if not best(row):
            yield Fault(
                file.name,
                row.line,
                "share",
                f"the shares of the row are not {wanted}",
                "export it again; shares and counts of one query",
            )


def _is_percent_of(row: OfficialRow) -> bool:
    return _is_share(row, 100.0)


def _is_share_of(row: OfficialRow) -> bool:
    return _is_share(row, 1.0)


def _is_share(row: OfficialRow, scale: float) -> bool:
    persons, employed, share = (row.figures.get(name) for name in (PERSONS, EMPLOYED, SHARE))
    if not persons or employed is None or share is None:
        return True
    return abs(share - scale * employed / persons) <= 0.0101 * scale


def _sums(row: OfficialRow, names: list[str], total: float | None, room: float) -> bool:
    figures = [row.figures.get(name) for name in names]
    if total is None or any(figure is None for figure in figures):
        return True
    found = sum(figure for figure in figures if figure is not None)
    return found == 0 or abs(found - total) <= room
