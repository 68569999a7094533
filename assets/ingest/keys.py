"""The project key, and the pseudonym it gives a CPR number: `person_key` of `measures.md`, in Python and as SQL.

Belongs here: where the key comes from, what is a key, the HMAC. Not here: what a CPR number is (`numbers.py`), and never the key in
a message, a log or the text of a statement: SQL reads it from variables that are bound.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from assets.ingest.problems import BuildStopped, Problem

KEY_VARIABLE = "OUTCOME_PSEUDONYM_KEY"
FILE_VARIABLE = "OUTCOME_PSEUDONYM_KEY_FILE"
SAMPLE_KEY = hashlib.sha256(
    b"fodfaeste-sample"
).digest()  # public: a build with it refuses numbers that could be a person's
SHORTEST_KEY = 16  # bytes: as long as the pseudonym itself; a shorter key could be found by trying
_BLOCK = 64  # bytes of SHA-256's block, to which HMAC pads its key
_REMEDY = (
    f"set {KEY_VARIABLE} to the key as hexadecimal digits (at least {SHORTEST_KEY} bytes), or {FILE_VARIABLE} to a file that "
    "holds them; the same key must be used as long as results are to be compared"
)


@dataclass(frozen=True)
class ProjectKey:
    """The key under which people are pseudonymised. Its value is shown nowhere, not even by `repr`."""

    value: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that tell keys apart and give nothing of them away."""
        return hmac.digest(self.value, b"fodfaeste key fingerprint", "sha256")[:8].hex()

    @property
    def is_sample_key(self) -> bool:
        """Whether this is the public key of the sample."""
        return hmac.compare_digest(self.value, SAMPLE_KEY)

    def person_key(self, digits: str) -> uuid.UUID:
        """Return the pseudonym of ten digits: the first 16 bytes of HMAC-SHA256, in order, version bits not set."""
        return uuid.UUID(bytes=self.person_bytes(digits))

    def person_bytes(self, digits: str) -> bytes:
        """Return the same as 16 bytes. HMAC is two SHA-256 over the padded key: copying their begun states is five times faster."""
        inner, outer = (begun.copy() for begun in self._begun)
        inner.update(digits.encode("ascii"))
        outer.update(inner.digest())
        return outer.digest()[:16]

    @cached_property
    def _begun(self) -> tuple[Any, Any]:
        inner, outer = self._pads
        return hashlib.sha256(inner), hashlib.sha256(outer)

    @cached_property
    def _pads(self) -> tuple[bytes, bytes]:
        padded = (hashlib.sha256(self.value).digest() if len(self.value) > _BLOCK else self.value).ljust(_BLOCK, b"\0")
        return bytes(byte ^ 0x36 for byte in padded), bytes(byte ^ 0x5C for byte in padded)

    def prepare(self, connection: Any) -> None:
        """Give a DuckDB connection the two padded keys as variables, for `person_key_sql`; bound, so no statement holds them."""
        inner, outer = self._pads
        connection.execute("set variable pseudonym_inner = ?", [inner])
        connection.execute("set variable pseudonym_outer = ?", [outer])


def person_key_sql(digits: str) -> str:
    """Return the SQL expression (UUID) of the pseudonym of an expression of ten digits; `ProjectKey.prepare` comes first."""
    inner = f"unhex(sha256(getvariable('pseudonym_inner') || ({digits})::blob))"
    return f"left(sha256(getvariable('pseudonym_outer') || {inner}), 32)::uuid"


def read_key(environment: Mapping[str, str] | None = None) -> ProjectKey:
    """Return the project key of the environment.

    Raises:
        BuildStopped: when there is none, two, or one that cannot be read; the message says which, never the value.
    """
    variables = os.environ if environment is None else environment
    direct, file_name = variables.get(KEY_VARIABLE, "").strip(), variables.get(FILE_VARIABLE, "").strip()
    if direct and file_name:
        raise _stopped(f"both {KEY_VARIABLE} and {FILE_VARIABLE} are set", f"unset one of them; {_REMEDY}")
    if not direct and not file_name:
        raise _stopped("there is no project key", _REMEDY)
    if direct:
        return ProjectKey(_bytes_of(direct, KEY_VARIABLE))
    try:
        text = Path(file_name).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as problem:
        kind = "is not text" if isinstance(problem, UnicodeDecodeError) else (problem.strerror or "cannot be read")
        raise _stopped(f"the file that {FILE_VARIABLE} names cannot be read: {kind}", _REMEDY) from None
    return ProjectKey(_bytes_of(text, f"the file that {FILE_VARIABLE} names"))


def _bytes_of(text: str, source: str) -> bytes:
    try:
        value = bytes.fromhex(text)
    except ValueError:
        raise _stopped(f"{source} holds something else than hexadecimal digits", _REMEDY) from None
    if len(value) < SHORTEST_KEY:
        raise _stopped(f"the key of {source} has {len(value)} bytes, fewer than {SHORTEST_KEY}", _REMEDY)
    return value


def _stopped(message: str, remedy: str) -> BuildStopped:
    return BuildStopped([Problem(file=None, line=None, rule="project_key", message=message, remedy=remedy)])
