"""The runbook as a document. Belongs here: form, quotes, commands, links. Not here: provoking alarms (the other files), whether it has every alarm (tests/definitions/test_runbook.py)."""

from __future__ import annotations

import re
import shlex

import click

from assets.ingest.keys import FILE_VARIABLE, KEY_VARIABLE
from assets.ingest.landing import FOLDERS
from tests.conftest import ROOT
from tests.runbook.alarms import REFUSALS, texts_in_code
from tests.runbook.book import BOOK, first_table, fragments, sections

NO_COMMANDS_OF_OURS = (
    "rm ",
    "make ",
    "export ",
    "chmod ",
    "ps ",
    "kill ",
    "df ",
    "python -c ",
    "python -m ",
    "dagster ",
)
# Words of the system, and sections whose lines are Dagster's or JSON: their own tests see them.
NOT_OURS = {"Permission", "denied", "No", "space", "left", "on", "device", *(f"{folder}/" for folder in FOLDERS)} | {
    KEY_VARIABLE,
    FILE_VARIABLE,
}
OF_DAGSTER = ("Nothing starts by itself", "A run failed")


def test_refusals_are_caught_where_it_is_said() -> None:
    """A refusal that no command catches any more is a stack trace, and its section a lie."""
    for name, file in REFUSALS.items():
        assert re.search(rf"except[^\n]*\b{name}\b", (ROOT / file).read_text(encoding="utf-8")), (name, file)


def test_every_section_says_what_is_seen_why_what_to_do_and_when_it_is_mended() -> None:
    """A section without an end leaves the engineer guessing whether it is over."""
    for section in sections():
        assert section.alarms and section.seen, section.title
        for word in ("**Why.**", "**Do.**", "**Mended when**"):
            assert section.text.count(word) == 1, (section.title, word)


def test_the_table_at_the_top_leads_to_every_section() -> None:
    """Who has an alarm searches for its words, not for a heading."""
    rows = first_table()
    assert [anchor for _, anchor in rows] == [section.anchor for section in sections()]
    by_anchor = {section.anchor: section.text for section in sections()}
    for seen, anchor in rows:
        for words in re.findall(r"`([^`]+)`", seen):
            assert words in by_anchor[anchor], (words, anchor)


def test_every_quoted_line_is_made_of_texts_that_stand_in_the_code() -> None:
    """A message that was reworded is not found in the runbook any more."""
    texts = "\n".join(texts_in_code())
    wrong = [
        (section.title, piece)
        for section in sections()
        if section.title not in OF_DAGSTER
        for line in section.seen
        for piece in fragments(line)
        if not _is_made_of(piece, texts, {*section.alarms, *NOT_OURS})
    ]
    assert wrong == []


def _is_made_of(piece: str, texts: str, names: set[str]) -> bool:
    """Whether the words are runs of words of the code, few and long ones: a message, its rule and its remedy come from different places."""
    words = [word for word in piece.split() if word.strip("[]:;,.()-") not in names and not word.isdigit()]
    runs, at = 0, 0
    while at < len(words):
        longest = next((end for end in range(len(words), at, -1) if _stands(words[at:end], texts)), None)
        if longest is None:
            return False
        runs, at = runs + 1, longest
    return runs <= 2 + len(words) / 3


def _stands(words: list[str], texts: str) -> bool:
    bare = " ".join(words).strip(" :;,.()-[]")
    return not bare or bare in texts


def test_every_command_can_be_given() -> None:
    """A command with a mistyped option at three in the morning."""
    from pipelines.cli import main

    for section in sections():
        for line in section.commands:
            words = shlex.split(line, comments=True)
            if words[0] != "fodfaeste":
                assert line.startswith(NO_COMMANDS_OF_OURS), line
                continue
            command = main.commands[words[1]]
            with click.Context(main, info_name="fodfaeste") as context:
                command.make_context(words[1], words[2:], parent=context)


def test_links_lead_somewhere() -> None:
    """A dead link in a document for emergencies."""
    text = BOOK.read_text(encoding="utf-8")
    anchors = {section.anchor for section in sections()}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target in anchors if target.startswith("#") else (BOOK.parent / target).exists(), target
