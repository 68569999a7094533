"""What an asset's page says above its columns: the question it answers, the figure it was last known by, its place in the story.

Belongs here: putting the parts together. Not here: the sentences (danish.py), reading figures out of the runs (figures.py).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from pipelines.danish import GROUPS, SENTENCES, STORY, sentence
from pipelines.figures import Figure, read_figures
from pipelines.settings import read_settings


def told(
    path: str,
    group: str,
    english: str = "",
    label: str | None = None,
    serves: Collection[str] = (),
    reads: Collection[str] = (),
) -> str:
    """The description of the asset `path` (`schema/table`), in paragraphs without markup.

    Args:
        english: what the asset is, in the words of the code.
        label: the Danish label of a table without a sentence of its own.
        serves: the finished tables that a step in between leads to, the nearest first.
        reads: what it rests on, the nearest first; a view, which counts nothing, is known by the figure of what it reads.
    """
    parts = [_opening(path, label, serves), _figure(path, reads), _place(group), english.strip()]
    return "\n\n".join(part for part in parts if part)


def _figure(path: str, reads: Collection[str]) -> str:
    figures = _figures()
    if path in figures:
        return figures[path].told()
    read = next((other for other in reads if other in figures), None)
    if read is not None:
        return figures[read].told(read)
    return "Der er ingen udgivelse endnu." if path.startswith("release/") and figures else ""


def _opening(path: str, label: str | None, serves: Collection[str]) -> str:
    # Almost everything is also counted for the quality tables, which says little of what it is for.
    for table in sorted(serves, key=lambda one: one.startswith("quality/")):
        if table in SENTENCES:
            others = len(serves) - 1
            more = "" if not others else " og ét andet" if others == 1 else f" og {others} andre"
            word = "spørgsmål" if others else "spørgsmålet"
            step = "En kilde, gjort klar til" if path.startswith("staging/") else "En mellemregning bag"
            return f"{step} {'dette' if others else ''}{more} {word}: {SENTENCES[table]}".replace("  ", " ")
    return sentence(path, label)


def _place(group: str) -> str:
    number = GROUPS.index(group)
    before = f" Før: {GROUPS[number - 1]}." if number else ""
    after = f" Derefter: {GROUPS[number + 1]}." if number + 1 < len(GROUPS) else ""
    return f"Fortællingen, del {number + 1} af {len(GROUPS)}, {group}: {STORY[group]}{before}{after}"


@lru_cache(maxsize=1)
def _figures() -> dict[str, Figure]:
    """Once a process: definitions are loaded anew when the figures change (webserver.py)."""
    return read_figures(read_settings())
