"""The enterprises: who they are, how large, when they live, when they are registered social enterprises (RSV), and how much they help.

Belongs here: the facts of each enterprise that people meet. Not here: how they are written down (registry_documents.py).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from raw.synthetic.calendar import Calendar, day_number
from raw.synthetic.draws import Draws, Floats, Ints, Rows
from raw.synthetic.enterprise_names import industries, names
from raw.synthetic.numbers import cvr_numbers
from raw.synthetic.parameters import SEEDS, K, Parameters, read_csv

FAR = day_number("2999-12-31")
RSV_LAW = day_number("2015-01-01")
_FORM_KIND = {90: "nonprofit", 110: "nonprofit", 115: "nonprofit", 230: "public", 240: "public", 250: "public"}
_RSV_FORMS = ((80, 0.34), (81, 0.22), (110, 0.20), (115, 0.12), (90, 0.08), (60, 0.04))
_PRIVATE_FORMS = ((80, 0.50), (60, 0.18), (10, 0.16), (30, 0.08), (81, 0.08))
_NONPROFIT_FORMS = ((110, 0.45), (115, 0.20), (90, 0.35))


@dataclass
class Enterprises:
    """One entry an enterprise; days are days since 1970, both ends included."""

    cvr: Ints
    municipality: Ints  # index of the 98, at the last month
    form: Ints
    kind: Ints  # by legal form: private, nonprofit, public
    founded: Ints
    closed: Ints  # last day; FAR when it lives
    rsv_from: Ints  # FAR when it never is one
    rsv_to: Ints
    is_dormant: NDArray[np.bool_]  # an RSV that neither employs nor takes citizens
    has_staff: NDArray[np.bool_]
    size: Floats  # employees, before the RSV are held to the published share
    course_size: Floats
    effect: Floats  # log-odds beside the mean of its kind: company-based instruments
    course_effect: Floats
    industry: list[str]
    name: list[str]
    se: Ints  # the SE number that pays
    units: list[list[int]] = field(default_factory=list)  # P-numbers
    pools: dict[str, Rows] = field(default_factory=dict)
    active_rsv: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))  # that take citizens, by quarter

    def __len__(self) -> int:
        return len(self.cvr)

    def kind_on(self, enterprise: Ints, day: Ints) -> Ints:
        """Kind of each enterprise on each day (`none` for -1), as `measures.md` has it."""
        known = np.maximum(enterprise, 0)
        is_rsv = (self.rsv_from[known] <= day) & (day <= self.rsv_to[known])
        return np.where(enterprise < 0, K["none"], np.where(is_rsv, K["rsv"], self.kind[known]))


def published_counts() -> list[tuple[int, int]]:
    """(day, registered RSV) of published_figures.csv, from the law on."""
    rows = read_csv(SEEDS / "published_figures.csv")
    wanted = "registered social enterprises (RSV)"
    return [(day_number(row["as_of"]), int(row["value"])) for row in rows if row["figure"] == wanted]


def _choice(draws: Draws, stream: str, options: tuple[tuple[int, float], ...], who: Ints) -> Ints:
    values = np.array([value for value, _ in options])
    edges = np.cumsum([share for _, share in options])
    return values[
        np.minimum(np.searchsorted(edges, draws.uniform(stream, who) * edges[-1], side="right"), len(values) - 1)
    ]


def _rsv_periods(draws: Draws, given: dict[str, Any], until: int) -> tuple[Ints, Ints]:
    """Flag periods such that exactly the published numbers are registered on the published days."""
    marks = [(RSV_LAW, 0), *published_counts()]
    if until > marks[-1][0]:
        marks.append((until, marks[-1][1] + round(given["rsv_growth_after"] * (until - marks[-1][0]) / 365.25)))
    start: list[int] = []
    end: list[int] = []
    for step, ((day, before), (next_day, after)) in enumerate(itertools.pairwise(marks)):
        leaving = round(given["rsv_exit_rate"] * before * (next_day - day) / 365.25)
        standing = [position for position, last in enumerate(end) if last == FAR]
        order = np.argsort(draws.uniform("rsv-leaves", np.array(standing, dtype=np.int64), step), kind="stable")
        for place in order[:leaving].tolist():
            position = standing[place]
            # The last day with the flag: on the next mark it is gone.
            end[position] = int(draws.integer("rsv-leaves-on", day, next_day - 1, position, step)[0])
        entering = after - before + leaving
        first = len(start)
        start += np.sort(draws.integer("rsv-enters-on", day + 1, next_day, np.arange(first, first + entering))).tolist()
        end += [FAR] * entering
    return np.array(start), np.array(end)


def make_enterprises(parameters: Parameters, calendar: Calendar, draws: Draws, persons: int) -> Enterprises:
    """All enterprises of the country: RSV first, then the 98 municipalities and five regions, then the others."""
    given, places = parameters["enterprises"], parameters.municipalities
    rsv_from, rsv_to = _rsv_periods(draws, given, max(int(calendar.last_day), published_counts()[-1][0]) + 1)
    inside = rsv_from <= calendar.last_day
    rsv_from, rsv_to = rsv_from[inside], rsv_to[inside]
    rsv = len(rsv_from)
    others = int(min(max(persons * given["others_a_person"], given["others_least"]), given["others_most"]))
    public = 98 + 5
    count = rsv + public + others
    who = np.arange(count)
    is_rsv = who < rsv
    is_public = (who >= rsv) & (who < rsv + public)
    number = np.concatenate(
        [np.arange(rsv), np.arange(public) + 1_000_000, np.arange(others) + 2_000_000]
    )  # addresses that do not move with the number of others

    # Where: RSV concentrate in the cities; a municipality's own enterprise lies in it.
    city = np.where((places.group <= 2), given["rsv_in_cities"], 1.0) * places.weight
    place_of_rsv = np.searchsorted(
        np.cumsum(city) / city.sum(), draws.uniform("enterprise-place", number), side="right"
    )
    place_of_other = np.searchsorted(np.cumsum(places.weight), draws.uniform("enterprise-place", number), side="right")
    municipality = np.minimum(np.where(is_rsv, place_of_rsv, place_of_other), 97)
    municipality[rsv : rsv + 98] = np.arange(98)
    municipality[rsv + 98 : rsv + public] = [int(np.flatnonzero(places.region == region)[0]) for region in range(5)]

    is_nonprofit = ~is_rsv & ~is_public & draws.chosen("is-nonprofit", given["share_nonprofit"], number)
    is_state = ~is_rsv & ~is_public & ~is_nonprofit & draws.chosen("is-state", given["share_state"], number)
    form = np.where(
        is_rsv, _choice(draws, "form-rsv", _RSV_FORMS, number), _choice(draws, "form-private", _PRIVATE_FORMS, number)
    )
    form = np.where(is_nonprofit, _choice(draws, "form-nonprofit", _NONPROFIT_FORMS, number), form)
    form = np.where(is_state, 230, form)
    form[rsv : rsv + 98], form[rsv + 98 : rsv + public] = 250, 240
    kind = np.array([K[_FORM_KIND.get(int(code), "private")] for code in form])

    # Life. An RSV is founded shortly before its registration or years before it.
    founded = np.where(
        is_rsv & draws.chosen("is-young", given["young_share"], number),
        -draws.integer("founded-lately", 1, 170, number),
        -draws.integer("founded-before", 400, 5500, number),
    )
    base = np.concatenate([rsv_from, np.full(count - rsv, int(calendar.first_day(0)))])
    founded = base + founded
    # The entrepreneur company (IVS, 81) was made in 2014 and could not be founded after April 2019.
    founded = np.where(
        (form == 81) & (founded < day_number("2014-01-01")),
        np.minimum(base, day_number("2014-01-01") + number % 300),
        founded,
    )
    form = np.where((form == 81) & (founded > day_number("2019-04-14")), 80, form)
    closed = np.full(count, FAR)
    closes_at = calendar.first_day(0) + (
        -np.log(draws.uniform("closes", number)) / given["closing_rate"] * 365.25
    ).astype(np.int64)
    may_close = ~is_rsv & ~is_public & (closes_at <= calendar.last_day)
    closed = np.where(may_close, closes_at, closed)
    rsv_ends = np.concatenate([rsv_to, np.full(count - rsv, FAR)])
    by_closing = is_rsv & (rsv_ends < FAR) & draws.chosen("leaves-by-closing", given["rsv_exit_by_closing"], number)
    closed = np.where(by_closing, rsv_ends, closed)

    # Size, and which RSV are more than a name: so many that `active_rsv` are active on the published day.
    spread = np.where(is_rsv, given["rsv_size_spread"], given["size_spread"])
    size = np.exp(draws.normal("size", number) * spread + np.where(is_rsv, 0.9, np.where(is_public, 6.0, 1.7)))
    size[rsv : rsv + 98] = places.weight * 12_000
    course = np.exp(
        0.6 * np.log(np.maximum(size, 0.1)) + 0.8 * draws.normal("course-size", number) * given["rsv_course_spread"]
    )
    active_on = int(np.datetime64(given["rsv_active_on"], "D").astype(np.int64))
    rank = draws.uniform("is-active", number)
    is_active = is_rsv & (rank < given["active_share_later"])
    # Founded six months before by `measures.md`: months added to the founding day.
    six_months = np.array([_months_later(int(day), 6) for day in founded[:rsv]])
    candidates = np.flatnonzero((rsv_from <= active_on) & (rsv_to >= active_on) & (six_months <= active_on))
    by_rank = candidates[np.argsort(rank[candidates], kind="stable")]
    is_active[:rsv][(rsv_from <= active_on)] &= ~np.isin(np.flatnonzero(rsv_from <= active_on), candidates)
    is_active[by_rank[: given["active_rsv"]]] = True
    has_staff = is_active | ~is_rsv
    citizens_only = by_rank[given["active_rsv"] - given["active_rsv_without_employees"] : given["active_rsv"]]
    has_staff[citizens_only] = False
    # Without staff and without citizens they would not be active: they take some at any time.
    course[citizens_only] = np.maximum(course[citizens_only], np.quantile(course[:rsv], 0.8))

    sd, sd_course = parameters["effect"]["enterprise_sd"], parameters["effect"]["enterprise_sd_course"]
    main_se = cvr_numbers(draws, "se", 60_000_000, 69_999_999, count)
    # Taken by address, so that an enterprise keeps its number when the country grows.
    pool = cvr_numbers(draws, "cvr", 70_000_000, 99_999_999, count)
    cvr = pool
    se = np.where(draws.chosen("own-se", given["extra_se_share"], number), main_se, cvr)

    enterprises = Enterprises(
        cvr=cvr, municipality=municipality, form=form, kind=kind, founded=founded, closed=closed,
        rsv_from=np.concatenate([rsv_from, np.full(count - rsv, FAR)]), rsv_to=np.where(is_rsv, rsv_ends, FAR),
        is_dormant=is_rsv & ~is_active, has_staff=has_staff, size=size, course_size=course,
        effect=draws.normal("effect", number) * sd, course_effect=draws.normal("course-effect", number) * sd_course,
        industry=industries(draws, number, is_rsv, kind), name=names(draws, number, is_rsv, kind, municipality, places.name, rsv), se=se,
    )  # fmt: skip
    _units(enterprises, draws, number, given["extra_units"])
    return enterprises


def _months_later(day: int, months: int) -> int:
    """The day `months` later: the same day of the month, or the month's last when that is shorter."""
    date = np.datetime64(day, "D")
    month = date.astype("datetime64[M]")
    offset = int((date - month.astype("datetime64[D]")).astype(np.int64))
    later = month + months
    length = int(((later + 1).astype("datetime64[D]") - later.astype("datetime64[D]")).astype(np.int64))
    return int(later.astype("datetime64[D]").astype(np.int64)) + min(offset, length - 1)


def _units(enterprises: Enterprises, draws: Draws, number: Ints, extra: float) -> None:
    """P-numbers: one each, more for the larger."""
    mean = extra * np.minimum(enterprises.size / 20.0, 8.0)
    count = 1 + np.minimum(np.floor(-np.log(draws.uniform("units", number)) * mean).astype(np.int64), 12)
    first = 1_900_000_000 + np.concatenate([[0], np.cumsum(count)[:-1]])
    enterprises.units = [list(range(int(start), int(start + n))) for start, n in zip(first, count, strict=True)]
