"""Lines of text as pages of black and white TIFF: the form in which a submission package takes a document.

Belongs here: drawing lines on pages, TIFF. Not here: what a document says.
TIFF 6.0, one bit a pixel, PackBits, A4 at 200 dots an inch. `vl_convert` draws the page (it draws the charts of the pages too), so no library for
images is needed; it gives PNG, whose rows it filters with none or with Sub.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

LINES_A_PAGE = 72
CHARACTERS_A_LINE = 96
DOTS_AN_INCH = 200
_WIDTH, _HEIGHT, _POINTS = 827, 1169, 100  # A4 in hundredths of an inch
_PNG_NONE, _PNG_SUB = 0, 1
_RUN = re.compile(rb"(.)\1{2,127}", re.DOTALL)


def write_pages(lines: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Draws `lines`, long ones broken, to `1.tif`, `2.tif`, ... in `folder`; gives the files."""
    broken = [piece for line in lines for piece in _broken(line)]
    paths = []
    for number, start in enumerate(range(0, max(len(broken), 1), LINES_A_PAGE), 1):
        path = folder / f"{number}.tif"
        path.write_bytes(_tiff(_dark(_drawn(broken[start : start + LINES_A_PAGE]))))
        paths.append(path)
    return tuple(paths)


def _broken(line: str) -> Iterator[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    rest = line
    while len(rest) > CHARACTERS_A_LINE:
        cut = rest.rfind(" ", len(indent) + 1, CHARACTERS_A_LINE)
        cut = cut if cut > 0 else CHARACTERS_A_LINE
        yield rest[:cut]
        rest = f"{indent}  {rest[cut:].strip()}"
    yield rest


def _drawn(lines: Sequence[str]) -> bytes:
    import vl_convert

    texts = "".join(
        f'<text x="60" y="{70 + 14.5 * place:.1f}" font-family="monospace" font-size="11.5" xml:space="preserve">{escape(line)}</text>'
        for place, line in enumerate(lines)
        if line
    )
    page = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"><rect width="100%" height="100%" fill="white"/>{texts}</svg>'
    return bytes(vl_convert.svg_to_png(page, scale=DOTS_AN_INCH / _POINTS))


def _dark(png: bytes) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows x columns, whether a dot is black."""
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind = png[place + 4 : place + 8]
        chunks[kind] = chunks.get(kind, b"") + png[place + 8 : place + 8 + length]
        place += 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    if (depth, colour) != (8, 6):
        raise ValueError("a drawn page is not 8 bits of red, green, blue and opacity")
    raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + width * 4)
    filters, dots = raw[:, 0], raw[:, 1:].reshape(height, width, 4)
    if not np.isin(filters, (_PNG_NONE, _PNG_SUB)).all():
        raise ValueError("a drawn page has rows filtered by their neighbours")
    light = np.where((filters == _PNG_SUB)[:, None], np.cumsum(dots[:, :, 0], axis=1, dtype=np.uint8), dots[:, :, 0])
    return light < 128


def _tiff(dark: np.ndarray[Any, np.dtype[np.bool_]]) -> bytes:
    height, width = dark.shape
    strip = b"".join(_pack_bits(row.tobytes()) for row in np.packbits(dark, axis=1))
    resolution = struct.pack("<II", DOTS_AN_INCH, 1)
    short, long, rational = 3, 4, 5
    after_header = 8
    entries = [
        (256, long, width),
        (257, long, height),
        (258, short, 1),
        (259, short, 32773),  # PackBits
        (262, short, 0),  # white is zero
        (273, long, after_header),
        (277, short, 1),
        (278, long, height),
        (279, long, len(strip)),
        (282, rational, after_header + len(strip)),
        (283, rational, after_header + len(strip)),
        (296, short, 2),  # inches
    ]
    padding = b"\0" * (len(strip) % 2)
    directory = (
        struct.pack("<H", len(entries))
        + b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
        + b"\0" * 4
    )
    body = strip + resolution + padding
    return b"II*\0" + struct.pack("<I", after_header + len(body)) + body + directory


def _pack_bits(row: bytes) -> bytes:
    packed = bytearray()
    place = 0
    for run in _RUN.finditer(row):
        packed += _as_they_are(row[place : run.start()]) + bytes((257 - len(run[0]), run[0][0]))
        place = run.end()
    return bytes(packed + _as_they_are(row[place:]))


def _as_they_are(part: bytes) -> bytes:
    return b"".join(
        bytes((len(part[start : start + 128]) - 1,)) + part[start : start + 128] for start in range(0, len(part), 128)
    )
