"""Links of the documents. Belongs here: finding them, what they point to. Not here: tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_OUTSIDE = re.compile(r"^(https?:|mailto:)")


def links(document: Path) -> Iterator[tuple[int, str]]:
    """(line, target) of every link and picture that does not leave the repository; those in fenced blocks are text."""
    is_code = False
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        if not is_code:
            yield from ((number, target) for target in _LINK.findall(re.sub(r"`[^`]*`", "", line)) if not _OUTSIDE.match(target))  # fmt: skip


def broken(document: Path) -> list[str]:
    """What is wrong with a document's links: file, line, target."""
    found = []
    for number, target in links(document):
        path, _, anchor = target.partition("#")
        file = (document.parent / path) if path else document
        if not file.exists():
            found.append(f"{document}:{number}: {target}: there is no such file")
        elif anchor and file.suffix == ".md" and anchor not in anchors(file):
            found.append(f"{document}:{number}: {target}: there is no such heading")
    return found


def anchors(document: Path) -> set[str]:
    """The anchors that a Markdown page has: its headings, in lower case, with hyphens."""
    found: set[str] = set()
    for line in document.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"#{1,6} (.+)", line)
        if heading:
            text = re.sub(r"[^\w\- ]", "", heading[1].replace("`", "").strip().lower())
            found.add(text.replace(" ", "-"))
    return found
