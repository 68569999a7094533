"""The project key: told when it is missing or none, from a variable or a file, never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.ingest import keys
from assets.ingest.keys import read_key
from assets.ingest.problems import BuildStopped


def test_a_missing_key_is_told_with_what_to_set() -> None:
    """A build must not make up a key: its pseudonyms would fit nothing."""
    with pytest.raises(BuildStopped) as stopped:
        read_key({})
    (problem,) = stopped.value.problems
    assert "OUTCOME_PSEUDONYM_KEY" in problem.remedy


@pytest.mark.parametrize("value", ["abc", "zz" * 32, "00" * 15])
def test_a_key_that_is_none_is_refused_without_being_repeated(value: str) -> None:
    """A key in an error message is a key in a log."""
    with pytest.raises(BuildStopped) as stopped:
        read_key({keys.KEY_VARIABLE: value})
    assert value not in str(stopped.value)


def test_the_key_may_stand_in_a_file(tmp_path: Path) -> None:
    """An environment is seen by more people than a file."""
    path = tmp_path / "key"
    path.write_text("00" * 32 + "\n")
    assert read_key({keys.FILE_VARIABLE: str(path)}).value == bytes(32)
    with pytest.raises(BuildStopped):
        read_key({keys.FILE_VARIABLE: str(path), keys.KEY_VARIABLE: "11" * 32})
    with pytest.raises(BuildStopped):
        read_key({keys.FILE_VARIABLE: str(tmp_path / "none")})
