"""Stata (.dta, version 14 and later): labels of variables and of values.

Belongs here: what is Stata's own. Not here: columns (`packages`).
One file a language: Stata can hold two sets of labels, pyreadstat writes one. Stata labels numbers only, so a text variable with a value set becomes
a number with labels (`coding.numbers`); codes with leading zeros (municipalities) stay text without labels. Booleans are 0 and 1 with labels.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyreadstat

from assets.formats import coding, packages
from assets.formats.dataset import Dataset, Language
from assets.formats.readback import ReadBack

DATE_FORMAT = "%tdCCYY-NN-DD"


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path` with labels in `language`."""
    codes = numbers(dataset)
    pyreadstat.write_dta(
        packages.frame(table, dataset, codes),
        path,
        file_label=dataset.label(language),
        column_labels=[variable.label(language) for variable in dataset.variables],
        variable_value_labels=packages.value_labels(dataset, language, codes, labels_text=False),
        variable_format={
            variable.name: DATE_FORMAT for variable in dataset.variables if variable.kind in ("date", "month")
        },
        version=14,  # release 118; 15 is the one for more than 32,767 variables, which fewer programs read
    )
    return [path]


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file as read."""
    return packages.read(path, dataset, pyreadstat.read_dta, numbers(dataset), has_value_labels=True)


def numbers(dataset: Dataset) -> dict[str, dict[str, int]]:
    """The text variables that are numbers in Stata: name -> code -> number. The codebook lists them."""
    found = {variable.name: coding.numbers(variable) for variable in dataset.variables}
    return {name: codes for name, codes in found.items() if codes is not None}


def unlabelled(dataset: Dataset) -> frozenset[str]:
    """Variables whose value set Stata cannot hold: text with leading zeros."""
    return frozenset(
        variable.name
        for variable in dataset.variables
        if variable.kind == "text" and coding.has_leading_zeros(variable)
    )
