"""Who can take a person: weighted choice of an enterprise by kind, quarter and area.

Belongs here: the pools and picking from them. Not here: the enterprises themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Floats, Ints, Rows
from raw.synthetic.enterprises import FAR, Enterprises
from raw.synthetic.parameters import KINDS, K, Parameters

AREAS = 98 + 5


def quarter(month: Ints | int) -> Ints:
    """The quarter (of simulated time) by which the pools are kept."""
    return np.asarray(month) // 3


def fill_pools(enterprises: Enterprises, parameters: Parameters, calendar: Calendar) -> None:
    """Who can take a person in a quarter and area: municipalities 0-97, then the five regions. An enterprise must be of one kind through the whole quarter."""
    quarters = (calendar.months + 2) // 3
    start = calendar.first_day(np.arange(quarters) * 3)[None, :]
    end = calendar.first_day(np.arange(1, quarters + 1) * 3)[None, :] - 1
    # Nothing of the register lies after the last day: potential outcomes go on with the enterprises of that day.
    start, end = np.minimum(start, calendar.last_day), np.minimum(end, calendar.last_day)
    alive = (enterprises.founded[:, None] + 60 <= start) & (enterprises.closed[:, None] >= end)
    rsv_all = (enterprises.rsv_from[:, None] <= start) & (enterprises.rsv_to[:, None] >= end)
    rsv_any = (enterprises.rsv_from[:, None] <= end) & (enterprises.rsv_to[:, None] >= start)
    region = parameters.municipalities.region
    size = np.maximum(enterprises.size, 0.3)
    given = parameters["enterprises"]
    power = np.where(enterprises.rsv_from < FAR, given["rsv_work_size_power"], given["others_work_size_power"])
    weights = {"work": size**power, "course": enterprises.course_size, "jobs": size**0.9}
    takes = ~enterprises.is_dormant
    for kind in range(4):
        valid = (
            alive & takes[:, None] & (rsv_all if kind == K["rsv"] else (~rsv_any & (enterprises.kind == kind)[:, None]))
        )
        for use in ("work", "course"):
            enterprises.pools[f"{use}-{KINDS[kind]}"] = _rows(valid, enterprises, region, weights[use], quarters)
    enterprises.pools["jobs"] = _rows(
        alive & enterprises.has_staff[:, None], enterprises, region, weights["jobs"], quarters
    )
    active = (alive & takes[:, None] & rsv_all).sum(axis=0)
    enterprises.active_rsv = active


def _rows(valid: NDArray[np.bool_], enterprises: Enterprises, region: Ints, weight: Floats, quarters: int) -> Rows:
    who, when = np.nonzero(valid)
    place = enterprises.municipality[who]
    rows = np.concatenate([when * AREAS + place, when * AREAS + 98 + region[place]])
    return Rows(rows, np.concatenate([who, who]), np.concatenate([weight[who], weight[who]]), quarters * AREAS)


def pick(
    enterprises: Enterprises,
    pool: str,
    month: Ints,
    municipality: Ints,
    region: Ints,
    stays: NDArray[np.bool_],
    draw: Floats,
) -> Ints:
    """An enterprise of the pool: in the municipality where `stays` and there is one, else in the region; -1 where there is none."""
    rows = enterprises.pools[pool]
    local = quarter(month) * AREAS + municipality
    wide = quarter(month) * AREAS + 98 + region
    return rows.pick(np.where(stays & (rows.counts[local] > 0), local, wide), draw)
