"""The bytes of a large file as a stream: unpacked, hashed, told UTF-8 or not.

Belongs here: what is asked of a file that must not stand in memory whole (documents of a register, DREAM's wide table). Not here: files
that may (`csv_pass.py`), columns and rules (the readers).
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

CHUNK = 1 << 20
BROKEN_GZ = (EOFError, zlib.error, gzip.BadGzipFile)


@dataclass(frozen=True)
class Scan:
    """What the bytes of a file say: the SHA-256 of the unpacked content (of the bytes as delivered when it cannot be unpacked)."""

    sha256: str
    refusal: str | None
    has_quotes: bool = False


def open_content(path: Path) -> BinaryIO:
    """Open a file for reading its unpacked bytes; `.gz` in the name decides."""
    return cast(BinaryIO, gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb"))


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the unpacked content, of the bytes as delivered when it cannot be unpacked."""
    digest = hashlib.sha256()
    try:
        with open_content(path) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except BROKEN_GZ:
        return _sha256_as_delivered(path)
    return digest.hexdigest()


def scan(path: Path) -> Scan:
    """Return hash and refusal (`file.unreadable`, `file.encoding`) of a file that must be UTF-8, without holding it in memory."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, has_quotes = True, False
    try:
        with open_content(path) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                has_quotes = has_quotes or b'"' in chunk
                is_utf8 = is_utf8 and _decodes(decoder, chunk)
    except BROKEN_GZ:
        return Scan(_sha256_as_delivered(path), "file.unreadable")
    is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    return Scan(digest.hexdigest(), None if is_utf8 else "file.encoding", has_quotes)


def _sha256_as_delivered(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
