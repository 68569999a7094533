"""What a table of a release is: its variables, their kinds, labels and value sets, in Danish and English.

Belongs here: the description that every format writes and reads back, and when it is refused. Not here: values, files, where labels come from.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from assets.formats import names

Kind = Literal[
    "integer", "decimal", "double", "text", "date", "month", "boolean"
]  # month: the first day of the month, a date
Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
KINDS: tuple[Kind, ...] = get_args(Kind)
WITH_VALUES = ("integer", "text")
MAX_LABEL = 80  # characters: Stata cuts a longer label of a variable without a word
MAX_VALUE_LABEL = 120  # bytes in UTF-8: SPSS cuts a longer label of a value without a word


class DatasetError(ValueError):
    """A description that a release cannot use: every problem of it at once, one a line."""

    def __init__(self, dataset: str, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{dataset}: {problem}" for problem in self.problems))


@dataclass(frozen=True)
class Variable:
    """A column.

    `values`: code -> (Danish, English) label; codes of an integer are its digits. `decimals`: digits after the point of a `decimal`. `hidden_by`: the
    status columns of which one that is not `ok` says that a null here is suppressed; empty: every status column of the table (`status`, `..._status`).
    """

    name: str
    kind: Kind
    label_da: str
    label_en: str
    description_en: str = ""
    description_da: str = ""
    unit: str = ""
    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_key: bool = False
    decimals: int = 2
    unit_en: str = ""
    hidden_by: tuple[str, ...] = ()

    def label(self, language: Language) -> str:
        """The label in `language`."""
        return self.label_da if language == "da" else self.label_en

    def description(self, language: Language) -> str:
        """The description in `language`, in the other when there is none; may be empty."""
        first, second = (
            (self.description_da, self.description_en)
            if language == "da"
            else (self.description_en, self.description_da)
        )
        return first or second

    def unit_in(self, language: Language) -> str:
        """The unit in `language`, `unit` where there is no English one."""
        return self.unit_en or self.unit if language == "en" else self.unit

    def value_labels(self, language: Language) -> dict[str, str]:
        """Code -> label, in the order of the value set."""
        return {code: labels[LANGUAGES.index(language)] for code, labels in self.values.items()}


@dataclass(frozen=True)
class Dataset:
    """A table: its variables in order. Refused with `DatasetError` when a format could not hold it.

    `updated`: the day that the data go to, never the day of making. `source`: whose figures they are. PX and JSON-stat say both.
    """

    name: str
    label_da: str
    label_en: str
    description_da: str
    description_en: str
    variables: tuple[Variable, ...]
    updated: datetime.date | None = None
    source: str = ""

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise DatasetError(self.name or "a dataset without a name", problems)

    def label(self, language: Language) -> str:
        """The label in `language`."""
        return self.label_da if language == "da" else self.label_en

    def description(self, language: Language) -> str:
        """The description in `language`."""
        return self.description_da if language == "da" else self.description_en

    @property
    def keys(self) -> tuple[Variable, ...]:
        """The variables that together name a row."""
        return tuple(variable for variable in self.variables if variable.is_key)


def _problems(dataset: Dataset) -> Iterator[str]:
    name_problem = names.problem(dataset.name)
    if name_problem:
        yield f"name of the dataset: {name_problem}"
    for part in ("label_da", "label_en", "description_da", "description_en"):
        if not getattr(dataset, part).strip():
            yield f"{part} is empty"
    for part in ("label_da", "label_en"):
        if len(getattr(dataset, part)) > MAX_LABEL:
            yield f"{part} is longer than {MAX_LABEL} characters"
    if not dataset.variables:
        yield "no variables"
    for name, times in Counter(variable.name.lower() for variable in dataset.variables).items():
        if times > 1:
            yield f"{name}: {times} variables of this name (upper and lower case are the same)"
    known = {variable.name for variable in dataset.variables}
    for variable in dataset.variables:
        yield from (
            f"{variable.name}: hidden by {name}, which is no variable"
            for name in variable.hidden_by
            if name not in known
        )
        for problem in _variable_problems(variable):
            yield f"{variable.name}: {problem}"


def _variable_problems(variable: Variable) -> Iterator[str]:
    name_problem = names.problem(variable.name)
    if name_problem:
        yield name_problem
    if variable.kind not in KINDS:
        yield f"kind '{variable.kind}' is none of {', '.join(KINDS)}"
    for part in ("label_da", "label_en"):
        label = getattr(variable, part)
        if not label.strip():
            yield f"{part} is empty"
        elif _is_not_one_line(label):
            yield f"{part} begins or ends with a space or has a line break or a control character"
        if len(label) > MAX_LABEL:
            yield f"{part} is longer than {MAX_LABEL} characters"
    if not 0 <= variable.decimals <= 9:
        yield "decimals is not between 0 and 9"
    if variable.values:
        yield from _value_problems(variable)


def _value_problems(variable: Variable) -> Iterator[str]:
    if variable.kind not in WITH_VALUES:
        yield f"a value set goes with {' and '.join(WITH_VALUES)}, not with {variable.kind}"
    for code in variable.values:
        if variable.kind == "integer" and code != _digits(code):
            yield f"code '{code}' is no whole number"
        elif not code or _is_not_one_line(code):
            yield f"code '{code}' is empty, begins or ends with a space or has a line break or a control character"
    for language in LANGUAGES:
        labels = variable.value_labels(language)
        for code, label in labels.items():
            if not label.strip() or _is_not_one_line(label):
                yield f"label_{language} of code '{code}' is empty, begins or ends with a space or has a line break or a control character"
            if len(label.encode()) > MAX_VALUE_LABEL:
                yield f"label_{language} of code '{code}' is longer than {MAX_VALUE_LABEL} bytes"
        for label, times in Counter(labels.values()).items():
            if times > 1:
                yield f"label_{language} '{label}' stands for {times} codes"


def _digits(code: str) -> str | None:
    try:
        return str(int(code))
    except ValueError:
        return None


def _is_not_one_line(text: str) -> bool:
    return text != text.strip() or not text.isprintable()
