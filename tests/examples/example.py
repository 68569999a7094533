"""An analyst's examples as files: their names, the figure that each states, the SQL that Stata and SAS send.

Belongs here: reading `warehouse/examples`. Not here: tests, running anything.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT

FOLDER = ROOT / "warehouse" / "examples"
TOOLS = ("sql", "py", "R", "do", "sas")
NAMES = sorted(path.stem for path in FOLDER.glob("*.sql"))
STATED = re.compile(r"must give \(raw/sample\): (.+?)(?: \*/)?$", re.MULTILINE)
SENT = {"do": re.compile(r'exec\("(.+?)"\)', re.DOTALL), "sas": re.compile(r"connection to outcome \((.+?)\n  \);", re.DOTALL)}  # fmt: skip


def file(name: str, tool: str) -> Path:
    """The example in the language of a tool."""
    return FOLDER / f"{name}.{tool}"


def stated(name: str, tool: str) -> str:
    """The figure that the file's header says it must give on `raw/sample`."""
    found = STATED.search(file(name, tool).read_text(encoding="utf-8"))
    assert found, f"{name}.{tool}: the header states no figure"
    return found[1].strip()


def sql_of(name: str, tool: str) -> str:
    """What the tool sends to DuckDB: the whole file, or what stands in Stata's `exec` or SAS's passthrough."""
    text = file(name, tool).read_text(encoding="utf-8")
    if tool == "sql":
        return text
    [sent] = SENT[tool].findall(text)
    return sent
