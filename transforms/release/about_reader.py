"""Reads `about.yml` whole, or refuses it with every mistake at once.

Belongs here: which keys there are and what may stand under them. Not here: what they mean for a variable (about.py).
"""

from __future__ import annotations

import datetime
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from transforms.evaluation.protocol_reader import Mistakes, Section, parse
from transforms.release.about import PERIODS, About, Archive, Break, Creator, Text

FILE = Path(__file__).with_name("about.yml")
FEWEST_DIGITS = 5  # of the archives' number
CITED = ("publisher", "year", "title", "release", "as_of", "doi")


class AboutError(ValueError):
    """`about.yml` cannot be used: every mistake at once, one a line, each with its key, what was found and what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def read_about(path: Path = FILE) -> About:
    """What the file says.

    Raises:
        AboutError: when the file is no YAML, a key stands twice, is missing or unknown, or a value is not allowed.
    """
    try:
        return about_of(parse(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as problem:
        raise AboutError([f"{path.name}: {problem}"]) from None
    except AboutError as error:
        raise AboutError([f"{path.name}: {problem}" for problem in error.problems]) from None


def about_of(values: Any) -> About:
    """The same from what was parsed."""
    mistakes: Mistakes = []
    file = Section("", values, mistakes)
    publisher, contact, licence = (file.section(key) for key in ("publisher", "contact", "licence"))
    keywords = file.section("keywords")
    about = About(
        title=_text(file, "title"),
        description=_text(file, "description"),
        publisher=_filled(publisher, "name"),
        publisher_homepage=_filled(publisher, "homepage", "an address that begins with https://"),
        contact=_filled(contact, "name"),
        contact_email=_filled(contact, "email", "an e-mail address"),
        licence=_filled(licence, "title"),
        licence_id=_filled(licence, "id"),
        licence_url=_filled(licence, "url", "an address that begins with https://"),
        access_url=_filled(file, "access_url", "an address that begins with https:// and ends with /"),
        doi=_filled(file, "doi"),
        archive=_archive(file.section("archive")),
        citation=_citation(file),
        keywords_da=_words(keywords, "da"),
        keywords_en=_words(keywords, "en"),
        themes=_words(file, "themes"),
        frequency=file.text("frequency"),
        sources=tuple(_text_of(section) for section in _listed(file, "sources")),
        periods=_patterns(file, "periods", lambda section, key: section.choice(key, PERIODS)),
        populations=_patterns(file, "populations", _text),
        quality=_patterns(file, "quality", _text),
        breaks=tuple(_break(section) for section in _listed(file, "breaks")),
    )
    for section in (publisher, contact, licence, keywords, file):
        section.close()
    if mistakes:
        raise AboutError(mistakes)
    return about


def _text(section: Section, key: str) -> Text:
    return _text_of(section.section(key))


def _text_of(section: Section) -> Text:
    text = Text(section.text("da"), section.text("en"))
    section.close()
    return text


def _filled(section: Section, key: str, allowed: str = "a text, or null until the owner has filled it in") -> str:
    """A text, or '' while it is null; an address is held to be one."""
    section.asked.append(key)
    if key not in section.values and not section.is_broken:
        section.wrong(key, allowed)
    value = section.values.get(key)
    if value is None:
        return ""
    fits = isinstance(value, str) and bool(value.strip())
    if fits and "https://" in allowed:
        fits = value.startswith("https://") and " " not in value and (value.endswith("/") or "ends with" not in allowed)
    if fits and "e-mail" in allowed:
        fits = value.count("@") == 1 and " " not in value
    if not fits:
        section.wrong(key, allowed)
        return ""
    return str(value)


def _archive(section: Section) -> Archive:
    section.asked += ["number", "creators"]
    number, listed = section.values.get("number"), section.values.get("creators")
    if number is not None and (type(number) is not int or len(str(number)) < FEWEST_DIGITS or number < 0):
        section.wrong(
            "number", f"a whole number of {FEWEST_DIGITS} digits or more, or null until the archives have given one"
        )
        number = None
    creators = () if listed is None else tuple(_creator(entry) for entry in _listed(section, "creators"))
    archive = Archive(
        number,
        tuple(creator for creator in creators if creator is not None),
        _filled(section, "purpose"),
        _filled(section, "content"),
    )
    section.close()
    return archive


def _creator(section: Section) -> Creator | None:
    name, since, until = section.text("name"), _day(section, "from"), _day(section, "to")
    for key, day in (("from", since), ("to", until)):
        if day is None:
            section.wrong(key, "the day on which the creator began or ended")
    if since and until and until < since:
        section.wrong("to", "a day that is not before the one under from")
    section.close()
    return Creator(name, since, until) if since and until else None


def _words(section: Section, key: str) -> tuple[str, ...]:
    section.asked.append(key)
    value = section.values.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word.strip() for word in value):
        section.wrong(key, "a list of words")
        return ()
    return tuple(value)


def _listed(section: Section, key: str) -> list[Section]:
    section.asked.append(key)
    value = section.values.get(key)
    if not isinstance(value, list) or not value:
        section.wrong(key, "a list of mappings")
        return []
    return [Section(f"{section.at(key)}[{number}]", entry, section.mistakes) for number, entry in enumerate(value)]


def _patterns(section: Section, key: str, read: Any) -> Mapping[str, Any]:
    """Pattern of `table.variable` -> what `read` takes from under it, in the file's order; a pattern for all has to be there."""
    patterns = section.section(key)
    if "*" not in patterns.values and not patterns.is_broken:
        patterns.wrong("*", "a value for all that no other pattern fits")
    return {pattern: read(patterns, pattern) for pattern in patterns.values}


def _citation(section: Section) -> Text:
    text = _text(section, "citation")
    for language, form in (("da", text.da), ("en", text.en)):
        try:
            unknown = [
                field for _, field, _, _ in string.Formatter().parse(form) if field is not None and field not in CITED
            ]
        except ValueError:
            unknown = ["{"]
        if unknown:
            section.mistakes.append(
                f"citation.{language}: found {{{unknown[0]}}}, allowed in braces is one of {', '.join(CITED)}"
            )
    return text


def _break(section: Section) -> Break:
    name = section.text("id")
    since, until = _day(section, "from"), _day(section, "to")
    if since and until and until < since:
        section.wrong("to", "a day that is not before the one under from")
    known = Break(
        name,
        _text(section, "title"),
        since,
        until,
        Text(section.text("da"), section.text("en")),
        _words(section, "applies_to"),
    )
    section.close()
    return known


def _day(section: Section, key: str) -> datetime.date | None:
    section.asked.append(key)
    value = section.values.get(key)
    if value is None or isinstance(value, datetime.date):
        return value
    section.wrong(key, "a day (2020-01-31), or null")
    return None
