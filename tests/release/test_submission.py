"""The archives' package says what the owner has not filled in."""

from __future__ import annotations

import dataclasses
import datetime

from assets.release.submission import PLACEHOLDER, reservations
from transforms.release.about import Creator
from transforms.release.about_reader import read_about

DAY = datetime.date(2021, 12, 31)


def test_a_package_without_number_and_creator_says_so() -> None:
    """A placeholder that looks like a number of the archives is taken for one."""
    lines = "\n".join(reservations(read_about().archive, "2026-1", DAY))
    assert f"FD.{PLACEHOLDER}" in lines and "pladsholder" in lines and "Dataskaber: ikke udfyldt" in lines
    assert "Formål" not in lines and "2026-1" in lines


def test_a_package_in_which_all_is_filled_in_has_no_reservation() -> None:
    """A warning on everything is read by nobody."""
    said = dataclasses.replace(read_about().archive, number=12345, creators=(Creator("En styrelse", DAY, DAY),))
    assert reservations(said, "2026-1", DAY) == []
