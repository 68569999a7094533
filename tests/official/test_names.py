"""Names of areas, periods, measures and groups: found as they are written, or told."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from transforms.release.official_areas import SEEDS, read_areas
from transforms.release.official_map import FILE, MapError, read_map
from transforms.release.official_period import read_period

MAP = read_map()
AREAS = read_areas(MAP.councils)


def _column(file: str, column: str) -> set[str]:
    with (SEEDS / file).open(encoding="utf-8", newline="") as opened:
        return {row[column] for row in csv.DictReader(opened, delimiter=";")}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(
            ("København", "0101"),
            ("Københavns Kommune", "0101"),
            ("københavn kommune", "0101"),
            ("0101", "0101"),
            ("101", "0101"),
        ),
        *(
            ("Århus", "0751"),
            ("Aarhus", "0751"),
            ("Fåborg-Midtfyn", "0430"),
            ("Vesthimmerland", "0820"),
            ("Nordfyn", "0480"),
        ),
        *(
            ("Høje Taastrup", "0169"),
            ("Lyngby Taarbæk", "0173"),
            ("Bornholms Regionskommune", "0400"),
            ("Bornholm", "0400"),
        ),
    ],
)
def test_a_municipality_is_found_by_the_ways_it_is_written(written: str, code: str) -> None:
    """A name that is written otherwise drops a municipality out of the comparison."""
    area = AREAS.find(written)
    assert area is not None and area.municipalities == {code}


def test_every_municipality_is_found_by_its_own_name_and_as_a_municipality() -> None:
    """A region's name that takes a municipality's would set 29 municipalities beside one."""
    with (SEEDS / "municipalities.csv").open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened, delimiter=";"):
            for written in (row["kommune_navn"], f"{row['kommune_navn']} Kommune", f"{row['kommune_navn']}s Kommune"):
                area = AREAS.find(written)
                assert area is not None and area.municipalities == {row["kommune_kode"]}, written


def test_the_labour_market_councils_divide_the_municipalities() -> None:
    """A municipality in two councils, or in none, makes their sums wrong."""
    members = [code for name in MAP.councils for code in AREAS.find(f"RAR {name}").municipalities or ()]  # type: ignore[union-attr]
    assert sorted(members) == sorted(_column("municipalities.csv", "kommune_kode"))
    assert len(MAP.councils) == 8


def test_the_country_is_everybody_and_what_is_no_area_is_none() -> None:
    """People of unknown residence belong to the country and to no municipality."""
    country = AREAS.find("Hele landet")
    assert country is not None and country.municipalities is None
    assert AREAS.find("Region Midtjylland") != AREAS.find("RAR Østjylland")
    assert [AREAS.find(written) for written in ("", "Christiania", "Region Fyn", "9999")] == [None] * 4


@pytest.mark.parametrize(
    ("written", "first", "last", "months"),
    [
        ("2024M05", "2024-05-01", "2024-05-01", 1),
        ("2024Q2", "2024-04-01", "2024-06-01", 3),
        ("2024q02", "2024-04-01", "2024-06-01", 3),
        ("2024QMAT02", "2023-07-01", "2024-06-01", 12),
        ("2024MAT01", "2023-02-01", "2024-01-01", 12),
        ("2024Y01", "2024-01-01", "2024-12-01", 12),
        ("2024", "2024-01-01", "2024-12-01", 12),
    ],
)
def test_a_period_is_its_months(written: str, first: str, last: str, months: int) -> None:
    """A quarter read as a month is compared with a third of it."""
    period = read_period(written)
    assert period is not None
    assert (str(period.months[0]), str(period.months[-1]), len(period.months)) == (first, last, months)


@pytest.mark.parametrize(
    "written", ["", "2024M13", "2024M00", "2024Q5", "2024W12", "24M05", "maj 2024", "2024M05M06", "2024Y02"]
)
def test_what_is_no_period_is_told(written: str) -> None:
    """A period that is guessed sets two times beside each other."""
    assert read_period(written) is None


def test_the_groups_that_are_ours_are_in_our_lists() -> None:
    """A group renamed in a list would be compared with nobody, without a word."""
    targets, instruments = _column("target_groups.csv", "target_group"), _column("instruments.csv", "instrument")
    for table, ours in (("OTIJ01", _column("benefit_codes.csv", "benefit_group")), ("Y14D03", targets)):
        for name, values in MAP.tables[table].groups.items():
            for members in values.values():
                if name == "Virksomhedsrettede tilbud":
                    assert {member.split("/")[0] for member in members} <= instruments
                else:
                    assert members <= ours, (table, name)


def test_a_mistake_in_the_map_is_told_with_its_key(tmp_path: Path) -> None:
    """A measure that points at nothing of ours is compared with nothing."""
    text = FILE.read_text(encoding="utf-8")
    wrong = text.replace("ours: persons\n", "ours: people\n", 1).replace("grade: near", "grade: perhaps", 1)
    wrong = (
        wrong.replace('Fyn: {municipalities: ["0410"', 'Fyn: {region: "1083", municipalities: ["0410"', 1)
        + "color: red\n"
    )
    file = tmp_path / "official.yml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(MapError) as refused:
        read_map(file)
    told = str(refused.value)
    assert all(
        key in told for key in ("Antal personer i alt.ours", "Antal personer i alt.grade", "councils.Fyn", "color")
    )
