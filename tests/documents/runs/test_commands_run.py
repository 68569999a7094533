"""The commands of the documents are run as a reader runs them, and the servers answer."""

from __future__ import annotations

import pytest

from tests.documents.room import Room
from tests.documents.table import Row, table

ROWS = table().values()


@pytest.mark.parametrize("row", [row for row in ROWS if row.way == "run"], ids=lambda row: row.command)
def test_a_command_does_what_its_document_says(row: Row, room: Room) -> None:
    """A reader pastes what stands there; a wrong option or a name that has changed is the end of trying."""
    done = room.run(row)
    assert done.exit == row.exit, f"{row.tried_as}: exit {done.exit}\n{done.said[-4000:]}"
    assert row.says in done.said, f"{row.tried_as}: {row.says!r} is not in\n{done.said[-4000:]}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.way == "server"], ids=lambda row: row.command)
def test_a_server_starts_answers_and_stops(row: Row, room: Room) -> None:
    """A door that does not open is found out by the visitor."""
    assert row.says in room.serve(row)
