"""Commands of the documents that take long, or serve, are tried whole."""

from __future__ import annotations

import pytest

from tests.documents.room import HEAVY_SECONDS, Room
from tests.documents.table import Row, table

ROWS = table().values()


@pytest.mark.parametrize("row", [row for row in ROWS if row.way == "heavy"], ids=lambda row: row.command)
def test_a_command_that_takes_long_does_what_its_document_says(row: Row, room: Room) -> None:
    """A command that a reader pastes and that fails costs more than its minutes: the trust in everything beside it."""
    done = room.run(row, HEAVY_SECONDS)
    assert done.exit == row.exit, f"{row.tried_as}: exit {done.exit}\n{done.said[-4000:]}"
    assert row.says in done.said, f"{row.tried_as}: {row.says!r} is not in\n{done.said[-4000:]}"
