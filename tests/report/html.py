"""A page as a tree, read by Python's own strict-enough parser: what the tests ask of it.

Belongs here: parsing. Not here: what must hold (test_pages.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "hr", "input"}


@dataclass
class Node:
    """An element with its attributes, its children and its text."""

    tag: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str | None = None) -> list[Node]:
        """Every element below, in order, of one tag or of any."""
        found = [self] if tag is None or self.tag == tag else []
        for child in self.children:
            found += child.all(tag)
        return found

    @property
    def content(self) -> str:
        """All text below."""
        return " ".join([self.text, *(child.content for child in self.children)]).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("document", {})
        self.open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes <{self.open[-1].tag}>")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


def read(file: Path) -> Node:
    """The document. Fails when an element is not closed where it was opened."""
    reader = _Reader()
    reader.feed(file.read_text(encoding="utf-8"))
    assert not reader.faults, f"{file.name}: {reader.faults[:3]}"
    return reader.root
