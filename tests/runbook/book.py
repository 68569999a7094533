"""The runbook as data: sections, the alarms they are about, what they quote, which commands they give.

Belongs here: reading `docs/runbook.md`. Not here: tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tests.conftest import ROOT

BOOK = ROOT / "docs" / "runbook.md"
PLACEHOLDER = re.compile(r"<[^<>`]+>")


@dataclass(frozen=True)
class Section:
    """A section: `seen` the lines it quotes, `commands` those it tells to give."""

    title: str
    alarms: tuple[str, ...]
    seen: tuple[str, ...]
    commands: tuple[str, ...]
    text: str

    @property
    def anchor(self) -> str:
        """How the table at the top links to it."""
        return "#" + re.sub(r"[^a-z0-9 -]", "", self.title.lower()).replace(" ", "-")


@lru_cache(maxsize=1)
def sections() -> tuple[Section, ...]:
    """Every section, in order."""
    found = []
    for part in re.split(r"^## ", BOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title = part.split("\n", 1)[0]
        told = re.search(r"^Alarms: (.+)$", part, re.MULTILINE)
        alarms = tuple(re.findall(r"`([^`]+)`", told[1])) if told else ()
        found.append(Section(title, alarms, _blocks(part, "text"), _blocks(part, "sh"), part))
    return tuple(found)


def first_table() -> list[tuple[str, str]]:
    """What is seen and the anchor it leads to, of each row at the top."""
    return re.findall(r"^\| (.+) \| .+ \| \[.+\]\((#.+)\) \|$", BOOK.read_text(encoding="utf-8"), re.MULTILINE)


def _blocks(part: str, kind: str) -> tuple[str, ...]:
    blocks = re.findall(rf"^```{kind}\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
    return tuple(line for block in blocks for line in block.splitlines() if line.strip())


def quoted(output: str, alarm: str) -> list[str]:
    """The lines that the alarm's sections quote and that stand in `output`; only those that name the alarm where its sections have several."""
    of_alarm = [section for section in sections() if alarm in section.alarms]
    assert of_alarm, f"{alarm}: no section"
    lines = [line for section in of_alarm for line in section.seen]
    own = [line for line in lines if alarm in line or "[<rule>]" in line] or lines
    return [line for line in own if re.search(_pattern(line.replace("[<rule>]", f"[{alarm}]")), output)]


def _pattern(line: str) -> str:
    return ".*?".join(re.escape(piece) for piece in PLACEHOLDER.split(line))


def fragments(line: str) -> list[str]:
    """The pieces of a quoted line between its placeholders."""
    return [piece.strip() for piece in PLACEHOLDER.split(line) if len(piece.strip()) > 3]
