"""Limits: every key is known, documented and never looser than allowed."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml

from tests.disclosure.made import two_ways
from transforms.disclosure import Limits, LimitsError, load_limits, protect
from transforms.disclosure.limits import DEFAULT


def changed(folder: Path, **changes: object) -> Path:
    """The file of limits with other values."""
    read = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    for key, value in changes.items():
        read[key]["value"] = value
    path = folder / "limits.yml"
    path.write_text(yaml.safe_dump(read), encoding="utf-8")
    return path


def test_the_file_has_every_limit_and_agrees_with_the_code() -> None:
    """A limit that the file says and the code does not use would promise what nobody does."""
    assert set(yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))) == {one.name for one in fields(Limits)}
    assert load_limits() == Limits()


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("persons", 4, "below 5"),
        ("enterprises", 2, "below 3"),
        ("dominance_1", 0.9, "above 0.85"),
        ("dominance_2", 0.99, "above 0.85"),
        ("percentile_sharing", 3, "below 5"),
        ("uniform_groups", "allow", "refuse"),
        ("small_count", -1, "whole number"),
        ("persons", 5.5, "whole number"),
        ("persons", True, "whole number"),
        ("seconds_per_block", "soon", "a number"),
    ],
)
def test_a_limit_below_the_law_is_refused_with_its_reason(tmp_path: Path, key: str, value: object, why: str) -> None:
    """A careless edit would publish persons."""
    with pytest.raises(LimitsError, match=f"{key}: .*{why}"):
        load_limits(changed(tmp_path, **{key: value}))


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Mending one to meet the next costs a morning."""
    path = changed(tmp_path, persons=1, enterprises=1)
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    del read["dominance_2"]
    read["dominance_1"]["least"] = 0.99
    read["odd"] = {"value": 1, "least": 1, "meaning": "none"}
    path.write_text(yaml.safe_dump(read), encoding="utf-8")
    with pytest.raises(LimitsError) as told:
        load_limits(path)
    for key in ("persons: 1", "enterprises: 1", "dominance_2: is missing", "dominance_1.least", "odd: is no limit"):
        assert key in str(told.value)


def test_limits_made_in_code_are_held_to_the_same(tmp_path: Path) -> None:
    """The door past the file would be the way round the law."""
    with pytest.raises(LimitsError, match="persons"):
        protect(*two_ways([[9, 9], [9, 9]]), replace(Limits(), persons=3))
