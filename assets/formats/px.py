"""PC-Axis (.px, axis version 2013): the format of the Nordic statistical offices, both languages in one file.

Belongs here: writing a PX file. Not here: the cube, reading (`px_reader`).
Several measures stand as the values of one variable in the heading, named by CONTVARIABLE, each with its unit and its decimals. Windows-1252
(CHARSET="ANSI" and CODEPAGE say so): æ, ø and å are the same bytes there as in the ISO-8859-15 of older programs; a letter outside is refused.
Signs as Statistics Denmark uses them: "." has no row in the table, ".." is suppressed (status is not ok), "..." is not available. Numbers are
written without exponent and with at most 15 decimals, all that PX has. Persons do not add up over categories: AGGREGALLOWED=NO. No time of making.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from assets.formats import cube as cubes
from assets.formats.cube import Cube
from assets.formats.dataset import LANGUAGES, Dataset, Language, Variable

ENCODING = "windows-1252"
NO_ROW, SUPPRESSED, MISSING = '"."', '".."', '"..."'
CONTENTS: dict[Language, str] = {"da": "Opgørelse", "en": "Measure"}
MAX_DECIMALS, MAX_SHOWN = 15, 6
_MAX_LINE = 250  # characters; longer texts go over several quoted lines
_SIGNS: dict[Language, str] = {
    "da": "Tegn: . kombinationen forekommer ikke, .. skjult af hensyn til fortrolighed, ... foreligger ikke.",
    "en": "Signs: . the combination does not occur, .. suppressed for confidentiality, ... not available.",
}
_NOT_HERE: dict[Language, str] = {"da": "Står kun i de andre filer", "en": "In the other files alone"}
_AREA: dict[Language, str] = {"da": "Registrerede socialøkonomiske virksomheder", "en": "Registered social enterprises"}


class PxError(ValueError):
    """A table that a PX file cannot hold, and why."""


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path`; `language` is the first of the two in the file."""
    cube = cubes.of(table, dataset)
    languages = [language, *(other for other in LANGUAGES if other != language)]
    _refuse(cube, dataset)
    with path.open("w", encoding=ENCODING, newline="\r\n") as file:
        file.writelines(f"{line}\n" for line in _keywords(cube, dataset, languages))
        file.write("DATA=\n")
        file.writelines(_rows(cube))
        file.write(";\n")
    return [path]


def refusal(table: pa.Table, dataset: Dataset) -> str | None:
    """Why a PX file cannot hold `table`; None when it can."""
    reason = cubes.refusal(table, dataset)
    if reason:
        return reason
    try:
        _refuse(cubes.of(table, dataset), dataset)
    except PxError as error:
        return str(error).removeprefix(f"{dataset.name}: ")
    return None


def unit(variable: Variable, language: Language) -> str:
    """The unit of a measure; its label where it has none, since PX must have one."""
    return variable.unit_in(language) or variable.label(language)


def _refuse(cube: Cube, dataset: Dataset) -> None:
    for language in LANGUAGES:
        names = [*(d.variable.label(language) for d in cube.dimensions), CONTENTS[language]]
        members = [variable.label(language) for variable in cube.measures]
        texts = [*names, *members, dataset.label(language), dataset.description(language), dataset.source]
        texts += [label for d in cube.dimensions for label in d.labels(language)] + [
            code for d in cube.dimensions for code in d.codes
        ]
        texts += [v.label(language) for v in cubes.left_out(dataset)] + [unit(v, language) for v in cube.measures]
        try:
            "".join(texts).encode(ENCODING)
        except UnicodeEncodeError as error:
            raise PxError(f"{dataset.name}: PX in {ENCODING} has no {error.object[error.start]!r}") from None
        if any('"' in text for text in texts):
            raise PxError(f'{dataset.name}: a text of a PX file has no " in it')
        if len(set(names)) < len(names) or len(set(members)) < len(members):
            raise PxError(f"{dataset.name}: two variables have the same label ({language}); PX tells them by it")


def _keywords(cube: Cube, dataset: Dataset, languages: Sequence[Language]) -> Iterator[str]:
    yield 'CHARSET="ANSI";'
    yield 'AXIS-VERSION="2013";'
    yield f'CODEPAGE="{ENCODING}";'
    yield f'LANGUAGE="{languages[0]}";'
    yield f"LANGUAGES={_list(languages)};"
    decimals = [_decimals(cube, place) for place in range(len(cube.measures))]
    yield f"DECIMALS={max(decimals)};"
    yield f"SHOWDECIMALS={min(*decimals, MAX_SHOWN)};"  # PRECISION has an effect only where it is larger
    yield f'MATRIX="{dataset.name[:20].upper()}";'
    yield "AGGREGALLOWED=NO;"
    yield 'SUBJECT-CODE="RSV";'
    for place, language in enumerate(languages):
        key = _Key(language if place else None)
        yield key("SUBJECT-AREA", _list([_AREA[language]]))
    yield "COPYRIGHT=NO;"
    # Each keyword in the second language directly after the first: readers pair them so.
    for lines in zip(
        *(
            list(_in_language(cube, dataset, language, _Key(language if place else None)))
            for place, language in enumerate(languages)
        ),
        strict=True,
    ):
        yield from lines


class _Key:
    """A keyword with its language (none for the file's first) and what it is about."""

    def __init__(self, language: Language | None) -> None:
        self.language = f"[{language}]" if language else ""

    def __call__(self, word: str, value: str, *about: str) -> str:
        subject = "(" + ",".join(f'"{text}"' for text in about) + ")" if about else ""
        return f"{word}{self.language}{subject}={value};"


def _in_language(cube: Cube, dataset: Dataset, language: Language, key: _Key) -> Iterator[str]:
    contents = CONTENTS[language]
    labels = [variable.label(language) for variable in cube.measures]
    yield key("DESCRIPTION", _list([dataset.label(language)]))
    yield key("TITLE", _list([dataset.label(language)]))
    yield key("CONTENTS", _list([dataset.label(language)]))
    yield key("UNITS", _list([unit(cube.measures[0], language)]))
    yield key("STUB", _list([dimension.variable.label(language) for dimension in cube.dimensions]))
    yield key("HEADING", _list([contents]))
    yield key("CONTVARIABLE", _list([contents]))
    for dimension in cube.dimensions:
        yield key("VALUES", _list(dimension.labels(language)), dimension.variable.label(language))
    yield key("VALUES", _list(labels), contents)
    for dimension in cube.dimensions:
        if dimension.is_year:
            yield key("TIMEVAL", "TLIST(A1)," + _list(dimension.codes), dimension.variable.label(language))
    for dimension in cube.dimensions:
        yield key("CODES", _list(dimension.codes), dimension.variable.label(language))
    yield key("CODES", _list([variable.name for variable in cube.measures]), contents)
    for dimension in cube.dimensions:
        yield key("VARIABLECODE", _list([dimension.variable.name]), dimension.variable.label(language))
    for dimension in cube.dimensions:
        if cubes.TOTAL in dimension.codes:
            total = dimension.labels(language)[dimension.codes.index(cubes.TOTAL)]
            yield key("ELIMINATION", _list([total]), dimension.variable.label(language))
    for place, (variable, label) in enumerate(zip(cube.measures, labels, strict=True)):
        if _decimals(cube, place):
            yield key("PRECISION", str(min(_decimals(cube, place), MAX_SHOWN)), contents, label)
        if dataset.updated:
            yield key("LAST-UPDATED", _list([f"{dataset.updated:%Y%m%d} 00:00"]), label)
        yield key("UNITS", _list([unit(variable, language)]), label)
    if dataset.source:
        yield key("SOURCE", _list([dataset.source]))
    elsewhere = [variable.label(language) for variable in cubes.left_out(dataset)]
    note = f"{dataset.description(language)} {_SIGNS[language]}" + (
        f" {_NOT_HERE[language]}: {', '.join(elsewhere)}." if elsewhere else ""
    )
    yield key("NOTE", _text(note.replace('"', "'")))


def _list(texts: Sequence[str]) -> str:
    """Texts in quotes with commas between, a new line after a comma where one would be too long."""
    lines, line = [], ""
    for place, text in enumerate(texts):
        piece = f'"{text}"' + ("," if place + 1 < len(texts) else "")
        if line and len(line) + len(piece) > _MAX_LINE:
            lines.append(line)
            line = ""
        line += piece
    return "\n".join([*lines, line])


def _text(text: str) -> str:
    pieces = [text[start : start + _MAX_LINE] for start in range(0, len(text), _MAX_LINE)]
    return "\n".join(f'"{piece}"' for piece in pieces)


def _decimals(cube: Cube, place: int) -> int:
    variable = cube.measures[place]
    if variable.kind != "double":
        return variable.decimals if variable.kind == "decimal" else 0
    values = cube.values[:, place]
    return max((len(number(value, variable).partition(".")[2]) for value in values[~np.isnan(values)]), default=0)


def number(value: float, variable: Variable) -> str:
    """A number without exponent, as PX has it."""
    if variable.kind == "integer":
        return str(int(value))
    if variable.kind == "decimal":
        return f"{value:.{variable.decimals}f}"
    return np.format_float_positional(value, precision=MAX_DECIMALS, unique=True, fractional=True, trim="-")


def _rows(cube: Cube) -> Iterator[str]:
    signs = {cubes.ABSENT: NO_ROW, cubes.MISSING: MISSING}
    for row, states in zip(cube.values, cube.states, strict=True):
        cells = zip(row, states, cube.measures, strict=True)
        yield (
            " ".join(
                number(value, v) if state == cubes.SHOWN else signs.get(state, SUPPRESSED) for value, state, v in cells
            )
            + " \n"
        )
