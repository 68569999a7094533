"""Which values a column may have, with Danish labels.

Belongs here: accepted values and code lists -> values. Not here: the lists (transforms/seeds).
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from typing import Any

from pipelines.explain_parts import Value
from pipelines.explain_project import Project
from pipelines.settings import TRANSFORMS

SEEDS = TRANSFORMS / "seeds"
BOOLEANS = {"true": "ja", "false": "nej"}


def value_set(project: Project, node: Mapping[str, Any], column: str, text: str, data_type: str) -> tuple[Value, ...]:
    """The values of a column of a model; none where there is no list (a number, a date, free text).

    Args:
        text: what the codebook says of its values, in words or as codes with commas.
        data_type: its type; the values of a boolean are known.
    """
    accepted = _accepted(project, node, column)
    labels = labels_of(column)
    if accepted:
        return tuple(Value(code, labels.get(code, "")) for code in accepted)
    listed = [part.strip() for part in text.split(";")[0].split(",")]
    if len(listed) > 1 and all(code in labels for code in listed):
        return tuple(Value(code, labels[code]) for code in listed)
    from_list = _code_list(column)
    if from_list:
        return tuple(Value(code, label) for code, label in from_list.items())
    if data_type == "boolean":
        return tuple(Value(code, label) for code, label in BOOLEANS.items())
    return ()


@functools.cache
def labels_of(column: str) -> Mapping[str, str]:
    """Code -> Danish label of the columns of a name: a release's, else the warehouse's, else the code list's."""
    from transforms.release.labels import code_labels

    released = {code: danish for code, (danish, _) in code_labels().get(column, {}).items()}
    return _code_list(column) | _words().get(column, {}) | released


@functools.cache
def _words() -> dict[str, dict[str, str]]:
    """code list -> code -> Danish label of transforms/seeds/labels.csv."""
    found: dict[str, dict[str, str]] = {}
    with (SEEDS / "labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            found.setdefault(row["code_list"], {})[row["code"]] = row["label_da"]
    return found


@functools.cache
def _code_list(column: str) -> dict[str, str]:
    from assets.codebook.warehouse import LISTS, code_list

    if column not in LISTS:
        return {}
    file, code, label = LISTS[column]
    return {value: text.da for value, text in code_list(SEEDS / file, code, label).items()}


def _accepted(project: Project, node: Mapping[str, Any], column: str) -> list[str]:
    for test in project.tests(node):
        about = test.get("test_metadata") or {}
        if test["column_name"] == column and about.get("name") == "accepted_values":
            return [
                str(value).lower() if isinstance(value, bool) else str(value) for value in about["kwargs"]["values"]
            ]
    return []
