"""How wide a text is before it is drawn, and where a name breaks that is too wide for its column.

Belongs here: measuring and breaking. Not here: where names stand (parts.py).
"""

from __future__ import annotations

from typing import Final

LINE: Final = 15  # pixels from one line of a name to the next
# Thousandths of the size by letter: the widths of Helvetica, which Arial and Liberation Sans share (Adobe's font metrics, 1997).
WIDTHS: Final = {
    letter: width
    for width, letters in {
        191: "'", 222: "ijl’", 278: "ft ,./:;I[]!", 333: "r()-", 500: "ckszvxyJ", 556: "abdeghnopqu0123456789åL–?", 584: "+−<>=", 611: "øFTZ",
        667: "ABEKPSVXYÅ&", 722: "wCDHNRU", 778: "GOQØ", 833: "mM", 889: "æ%", 944: "W", 1000: "Æ…",
    }.items()
    for letter in letters
}  # fmt: skip
BOLD: Final = 1.07  # letters of weight 600 and more are so much wider


def width_of(text: str, size: float, is_bold: bool = False) -> float:
    """Pixels that a line of `size` pixels takes; a letter that is not in WIDTHS is as wide as most."""
    return sum(WIDTHS.get(letter, 556) for letter in text.replace("\u00a0", " ")) * size / 1000 * (BOLD if is_bold else 1)  # fmt: skip


def lines_of(text: str, size: float, most: float) -> list[str]:
    """The text in as few lines of at most `most` pixels as it takes, about as long as each other, broken between words; a word that is wider stands alone."""
    lines = _filled(text, size, most)
    for narrower in range(int(most) - 8, 0, -8):
        shorter = _filled(text, size, narrower)
        if len(shorter) > len(lines):
            break
        lines = shorter
    return lines


def _filled(text: str, size: float, most: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
