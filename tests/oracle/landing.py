"""What stands in the landing zone: names, kinds, dates, bytes, text, the cut-off.

Which rows of a file are good belongs to the readers of the kinds; which file wins belongs to `deliveries`.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from .time_units import first_day, last_day, month_of
from .values import UNREADABLE, read_date

REGISTRY_KINDS = ("cvr_virksomheder", "cvr_produktionsenheder", "se_numre", "personer", "dream")
KINDS = (*REGISTRY_KINDS, "forloeb", "eindkomst")
_NAMES = {
    "registry": [
        r"(?P<kind>cvr_virksomheder|cvr_produktionsenheder)_(?P<day>[0-9-]{10})\.ndjson(\.gz)?",
        r"(?P<kind>se_numre|personer|dream)_(?P<day>[0-9-]{10})\.csv(\.gz)?",
    ],
    "placement": [r"(?P<kind>forloeb)_(?P<municipality>[0-9]{4})_(?P<month>[0-9]{4}-[0-9]{2})\.csv(\.gz)?"],
    "payroll": [r"(?P<kind>eindkomst)_(?P<month>[0-9]{4}-[0-9]{2})(_(?P<part>[0-9]{3}))?\.csv(\.gz)?"],
}


@dataclass
class Delivery:
    """One file: its name, what it is, what became of it, and what was counted in it."""

    path: Path
    name: str
    kind: str | None = None
    day: int | None = None  # registry: the date in the name
    month: int | None = None  # placement and payroll: the month in the name
    part: int | None = None
    municipality: str | None = None
    sha256: str = ""
    content: bytes | None = None  # decompressed; None when it cannot be unpacked
    text: str | None = None  # None when the bytes are no text of an allowed encoding
    outcome: str = ""
    refused_by: str | None = None
    file_rules_passed: set[str] = field(default_factory=set)
    rows_delivered: int | None = None
    rows_accepted: int | None = None
    looked_at: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    extra_columns: int = 0

    @property
    def end(self) -> int:
        """The day that counts for the default cut-off."""
        return self.day if self.day is not None else last_day(self.month)

    def refuse(self, rule: str) -> None:
        """The first file rule that failed."""
        self.outcome, self.refused_by = "refused", rule

    def judge(self, rule: str, broken: bool) -> bool:
        """One file rule; False once the file is refused."""
        if broken:
            self.refuse(rule)
        else:
            self.file_rules_passed.add(rule)
        return not broken


def _recognise(folder: str, name: str, municipalities: set[str]) -> dict[str, str] | None:
    for pattern in _NAMES[folder]:
        match = re.fullmatch(pattern, name)
        if match:
            return {key: value for key, value in match.groupdict().items() if value is not None}
    return None


def list_deliveries(raw: Path, municipalities: set[str]) -> list[Delivery]:
    """Every file of the three folders, in order of folder and name."""
    found = []
    for folder in ("registry", "placement", "payroll"):
        place = raw / folder
        for path in sorted(place.iterdir(), key=lambda path: path.name) if place.is_dir() else []:
            if path.name.startswith(".") or not path.is_file():
                continue
            delivery = Delivery(path, path.name, outcome="unrecognised")
            found.append(delivery)
            parts = _recognise(folder, path.name, municipalities)
            if parts is None or parts.get("part") == "000":
                continue
            if "municipality" in parts and parts["municipality"] not in municipalities:
                continue
            when = read_date(parts["day"] if "day" in parts else parts["month"] + "-01")
            if when is UNREADABLE:
                continue
            delivery.kind, delivery.outcome = parts["kind"], ""
            delivery.municipality = parts.get("municipality")
            delivery.part = int(parts["part"]) if "part" in parts else None
            if "day" in parts:
                delivery.day = when
            else:
                delivery.month = month_of(when)
    return found


def default_cut_off(deliveries: list[Delivery]) -> int:
    """The latest day that any recognised name reaches, whatever becomes of the file."""
    return max(delivery.end for delivery in deliveries if delivery.kind)


def is_inside(delivery: Delivery, as_of: int) -> bool:
    """Registry: dated by the cut-off. Placement and payroll: of a month not later than the cut-off's."""
    if delivery.day is not None:
        return delivery.day <= as_of
    return first_day(delivery.month) <= as_of


def unpack(delivery: Delivery) -> None:
    """Reads the bytes; the SHA-256 is that of the content, or of the bytes as delivered when they cannot be unpacked."""
    delivered = delivery.path.read_bytes()
    delivery.content = delivered
    if delivery.name.endswith(".gz"):
        try:
            delivery.content = gzip.decompress(delivered)
        except (OSError, EOFError, zlib.error):
            delivery.content = None
    known = delivered if delivery.content is None else delivery.content
    delivery.sha256 = hashlib.sha256(known).hexdigest()


def decode(delivery: Delivery) -> None:
    """UTF-8 with or without BOM; placement files may also be Windows-1252."""
    for encoding in ("utf-8", "cp1252") if delivery.kind == "forloeb" else ("utf-8",):
        try:
            text = delivery.content.decode(encoding)
        except UnicodeDecodeError:
            continue
        delivery.text = text.removeprefix("\ufeff") if encoding == "utf-8" else text
        return


def open_file(delivery: Delivery) -> bool:
    """Unpacks and decodes, judging the first two file rules; True when there is text."""
    unpack(delivery)
    if not delivery.judge("file.unreadable", delivery.content is None):
        return False
    decode(delivery)
    return delivery.judge("file.encoding", delivery.text is None)


def day_number(as_of: date) -> int:
    """A cut-off as a day."""
    return as_of.toordinal()
