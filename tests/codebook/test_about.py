"""What a release says of itself: read whole or refused, nothing guessed."""

from __future__ import annotations

import copy
import datetime
from pathlib import Path
from typing import Any

import pytest

from transforms.evaluation.protocol_reader import parse
from transforms.release.about import Creator
from transforms.release.about_reader import FILE, AboutError, about_of, read_about


@pytest.fixture
def values() -> dict[str, Any]:
    return copy.deepcopy(parse(FILE.read_text(encoding="utf-8")))


def test_nobody_is_named_before_the_owner_has_named_them() -> None:
    """An invented contact or licence would be believed."""
    about = read_about()
    assert about.publisher == about.contact == about.contact_email == about.licence == about.licence_url == ""
    assert {
        "publisher.name",
        "contact.name",
        "licence.title",
        "access_url",
        "archive.number",
        "archive.creators",
    } <= set(about.unfilled())
    assert "[udgiver ikke udfyldt] (2022)" in about.cite("2026-1", datetime.date(2022, 6, 30)).da


def test_what_the_owner_fills_in_is_said(values: dict[str, Any]) -> None:
    """A file that is filled in and still called unfilled would be given away with a warning on it."""
    values["publisher"] = {"name": "En styrelse", "homepage": "https://example.org/"}
    values["contact"] = {"name": "Et kontor", "email": "kontor@example.org"}
    values["licence"] = {"title": "En licens", "id": "x-1.0", "url": "https://example.org/licens"}
    values |= {"access_url": "https://example.org/2026-1/", "doi": "10.0/x"}
    day = datetime.date(2022, 1, 1)
    values["archive"] |= {"number": 12345, "creators": [{"name": "En styrelse", "from": day, "to": day}]}
    about = about_of(values)
    assert about.archive.creators == (Creator("En styrelse", day, day),)
    assert about.unfilled() == []
    assert about.cite("2026-1", datetime.date(2022, 6, 30)).en == (
        "En styrelse (2022): Citizens in placements at registered social enterprises. Release 2026-1, as of 2022-06-30. 10.0/x"
    )


def test_every_mistake_is_told_at_once(values: dict[str, Any]) -> None:
    """One mistake a run makes a file be mended in seven runs."""
    values["publisher"] = {"name": 7, "homepage": "example.org"}
    values["contact"] = {"name": None, "email": "nobody", "fax": "1"}
    values["citation"]["da"] = "{author}"
    values["periods"] = {"scope_*": "weekly"}
    values["breaks"][0] |= {"from": "2020", "applies_to": []}
    values["breaks"][1] |= {"from": datetime.date(2021, 1, 1), "to": datetime.date(2020, 1, 1)}
    del values["licence"]["url"]
    values["color"] = "red"
    values["archive"] |= {"number": 77, "creators": [{"name": "En styrelse", "from": None, "to": "2020"}]}
    with pytest.raises(AboutError) as refused:
        about_of(values)
    told = {problem.split(":")[0] for problem in refused.value.problems}
    assert told == {
        *(
            "publisher.name",
            "publisher.homepage",
            "contact.email",
            "contact.fax",
            "citation.da",
            "periods.*",
            "periods.scope_*",
        ),
        *("archive.number", "archive.creators[0].from", "archive.creators[0].to"),
        *("breaks[0].from", "breaks[0].applies_to", "breaks[1].to", "licence.url", "color"),
    }


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """The plain reader of YAML keeps the last one without a word."""
    file = tmp_path / "about.yml"
    file.write_text(FILE.read_text(encoding="utf-8") + "\ndoi: 10.0/x\n", encoding="utf-8")
    with pytest.raises(AboutError, match="stands twice"):
        read_about(file)


def test_the_last_pattern_that_fits_decides_and_breaks_reach_the_variables_they_touch() -> None:
    """A break that no variable shows is one that nobody reads."""
    about = read_about()
    assert about.period("scope_by_municipality", "persons") == "placements"
    assert about.period("dim_instruments", "instrument") == "all"
    assert [known.name for known in about.breaks_of("fct_placement_spells", "target_group")] == ["regimes_2020"]
    assert {known.name for known in about.breaks_of("hours_by_target_group", "employed")} == {
        "regimes_2020",
        "covid_19",
    }
    assert about.breaks_of("dim_hour_bands", "label") == ()
