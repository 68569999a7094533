"""Writing a file of the delivery, the same bytes every time.

Belongs here: bytes to disk, gz without a time in it. Not here: content.
"""

from __future__ import annotations

import zlib
from pathlib import Path

_GZ_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def gz(content: bytes) -> bytes:
    """A gz member without name or time, level 1: the same content gives the same bytes."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    body = packer.compress(content) + packer.flush()
    return (
        _GZ_HEAD + body + zlib.crc32(content).to_bytes(4, "little") + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")
    )


def write(path: Path, content: bytes) -> Path:
    """Writes the bytes, packed when the name ends with .gz."""
    path.write_bytes(gz(content) if path.suffix == ".gz" else content)
    return path


def write_as_is(path: Path, content: bytes) -> Path:
    """Writes the bytes as they are, whatever the name says (a broken gz)."""
    path.write_bytes(content)
    return path
