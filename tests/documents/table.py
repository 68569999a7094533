"""How each command of the documents is tried (`commands.yml`), read and checked.

Belongs here: the table. Not here: the commands (extract.py), where they run (room.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("commands.yml")
WAYS = ("run", "heavy", "server", "elsewhere")


@dataclass(frozen=True)
class Row:
    """How a command is tried.

    `way`: run (in `make test`), heavy (in `make test-documents`), server (started, answers, stopped; there too), elsewhere (another place runs it whole).
    `tried_as`: what is run in its place; `first`: commands before it; `says`: what must stand in its output; `exit`: its exit code;
    `own`: in a room of its own; `file`, `has`: the other place, and the line that it must have.
    """

    command: str
    way: str
    tried_as: str
    first: tuple[str, ...] = ()
    says: str = ""
    exit: int = 0
    file: str = ""
    has: str = ""
    path: str = ""
    key: bool = True
    own: bool = False


def table(file: Path = FILE) -> dict[str, Row]:
    """The rows by command.

    Raises:
        ValueError: a row that is no row, or stands twice.
    """
    found: dict[str, Row] = {}
    for given in yaml.safe_load(file.read_text(encoding="utf-8")):
        [way] = [way for way in WAYS if way in given] or ["?"]
        if way == "?" or given[way] in found:
            raise ValueError(f"{file.name}: {given}: one of {', '.join(WAYS)}, each command once")
        command = given[way]
        found[command] = Row(
            command,
            way,
            given.get("as", command),
            tuple(given.get("first", ())),
            given.get("says", ""),
            given.get("exit", 0),
            given.get("file", ""),
            given.get("has", ""),
            given.get("path", ""),
            given.get("key", True),
            given.get("own", False),
        )
    return found
