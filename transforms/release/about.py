"""What a release says of itself beside its tables (`about.yml`): publisher, licence, citation, populations, breaks.

Belongs here: what of it applies to a variable, what the owner has not filled in, how to cite. Not here: reading the file (about_reader.py), pages.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

PERIODS = ("placements", "panel", "register", "all")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Text:
    """The same said in Danish and in English; either may be empty."""

    da: str
    en: str

    def __bool__(self) -> bool:
        """Whether anything is said at all."""
        return bool(self.da or self.en)


@dataclass(frozen=True)
class Break:
    """A known break in the data: since when, until when (None: it lasts, or no day can be named), what it does, where it applies."""

    name: str
    title: Text
    since: datetime.date | None
    until: datetime.date | None
    text: Text
    applies_to: tuple[str, ...]


@dataclass(frozen=True)
class Creator:
    """Who made the data that go to the archives, and from when to when."""

    name: str
    since: datetime.date
    until: datetime.date


@dataclass(frozen=True)
class Archive:
    """What the submission package says of itself. `number`: None until the archives have given one."""

    number: int | None
    creators: tuple[Creator, ...]
    purpose: str
    content: str


@dataclass(frozen=True)
class About:
    """`about.yml`. What the owner has not filled in is empty text."""

    title: Text
    description: Text
    publisher: str
    publisher_homepage: str
    contact: str
    contact_email: str
    licence: str
    licence_id: str
    licence_url: str
    access_url: str
    doi: str
    archive: Archive
    citation: Text
    keywords_da: tuple[str, ...]
    keywords_en: tuple[str, ...]
    themes: tuple[str, ...]
    frequency: str
    sources: tuple[Text, ...]
    periods: Mapping[str, str]
    populations: Mapping[str, Text]
    quality: Mapping[str, Text]
    breaks: tuple[Break, ...]

    def unfilled(self) -> list[str]:
        """The keys of `about.yml` that wait for the owner, in the file's order."""
        values: dict[str, object] = {
            "publisher.name": self.publisher,
            "publisher.homepage": self.publisher_homepage,
            "contact.name": self.contact,
            "contact.email": self.contact_email,
            "licence.title": self.licence,
            "licence.id": self.licence_id,
            "licence.url": self.licence_url,
            "access_url": self.access_url,
            "doi": self.doi,
            "archive.number": self.archive.number,
            "archive.creators": self.archive.creators,
            "archive.purpose": self.archive.purpose,
            "archive.content": self.archive.content,
        }
        return [key for key, value in values.items() if not value]

    def period(self, table: str, variable: str) -> str:
        """Which period a variable's values cover: one of `PERIODS`."""
        return _last_fit(self.periods, table, variable, "all")

    def population(self, table: str, variable: str) -> Text:
        """Whom a variable is about."""
        return _last_fit(self.populations, table, variable, Text("", ""))

    def quality_of(self, table: str, variable: str) -> Text:
        """How a variable's values are held to be right."""
        return _last_fit(self.quality, table, variable, Text("", ""))

    def breaks_of(self, table: str, variable: str) -> tuple[Break, ...]:
        """The breaks that touch a variable, in the file's order."""
        return tuple(
            known for known in self.breaks if any(_fits(pattern, table, variable) for pattern in known.applies_to)
        )

    def cite(self, release: str, as_of: datetime.date) -> Text:
        """How to cite a release; what is not filled in stands as a word in brackets."""
        return Text(
            self._cite(self.citation.da, self.title.da, release, as_of, "[udgiver ikke udfyldt]"),
            self._cite(self.citation.en, self.title.en, release, as_of, "[publisher not filled in]"),
        )

    def _cite(self, form: str, title: str, release: str, as_of: datetime.date, nobody: str) -> str:
        words = {"publisher": self.publisher or nobody, "title": title, "release": release, "doi": self.doi}
        return form.format(**words, year=as_of.year, as_of=as_of.isoformat()).strip()


def _fits(pattern: str, table: str, variable: str) -> bool:
    return fnmatchcase(f"{table}.{variable}", pattern)


def _last_fit(patterns: Mapping[str, Found], table: str, variable: str, otherwise: Found) -> Found:
    fitting = [value for pattern, value in patterns.items() if _fits(pattern, table, variable)]
    return fitting[-1] if fitting else otherwise
