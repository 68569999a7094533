"""Countries that several tests look at; each is made once a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from raw.synthetic import Summary, make
from raw.synthetic.calendar import Calendar
from raw.synthetic.draws import Draws
from raw.synthetic.enterprises import make_enterprises
from raw.synthetic.life import World
from raw.synthetic.parameters import Parameters, load
from raw.synthetic.people import make_people
from raw.synthetic.pools import fill_pools
from raw.synthetic.simulate import Country, simulate

SMALL = {"persons": 900, "first_month": "2018-01", "last_month": "2020-06", "seed": 4, "municipalities": 8}


@dataclass
class Made:
    """A country on disk."""

    raw: Path
    truth: Path
    summary: Summary


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A small country with every defect, over the change of regime in 2020."""
    folder = tmp_path_factory.mktemp("small")
    return Made(folder / "raw", folder / "truth", make(folder / "raw", **SMALL))


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The same people without any defect."""
    folder = tmp_path_factory.mktemp("clean")
    return Made(folder / "raw", folder / "truth", make(folder / "raw", **SMALL, defects="none"))


def lived(
    persons: int,
    seed: int = 5,
    keep: bool = False,
    last: str = "2022-06",
    parameters: Parameters | None = None,
    first: str = "2016-01",
    municipalities: int | None = None,
) -> tuple[World, Country]:
    """A country that is lived and not written."""
    given = parameters or load()
    population = given["population"]
    calendar = Calendar.of(
        first, last, population["months_before"], population["dream_months_before"], population["months_after"]
    )
    draws = Draws(seed)
    enterprises = make_enterprises(given, calendar, draws, persons)
    fill_pools(enterprises, given, calendar)
    world = World(given, calendar, draws, make_people(given, calendar, draws, persons, municipalities), enterprises)
    return world, simulate(world, keep, lambda message: None)
