"""Stata (.dta, version 14 and later): labels of variables and of values.

Belongs here: what is Stata's own. Not here: columns (`packages`).
pandas writes it and pyreadstat reads it back, so no error of one is hidden by the same error in the other; a million rows of 20 columns took pandas
4 s of CPU, pyreadstat 15 s. The same table gives the same bytes: the time in the header is fixed.
One file a language: Stata can hold two sets of labels, pandas writes one. Stata labels numbers only, so a text variable with a value set becomes
a number with labels (`coding.numbers`); codes with leading zeros (municipalities) stay text without labels. Booleans are 0 and 1 with labels.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyreadstat

from assets.formats import coding, packages
from assets.formats.dataset import Dataset, Language
from assets.formats.readback import ReadBack

VERSION: Final = 118  # Stata 14; 119 is the one for more than 32,767 variables, which fewer programs read
_MADE = datetime.datetime(2000, 1, 1)


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path` with labels in `language`."""
    codes = numbers(dataset)
    frame = packages.frame(table, dataset, codes)
    dates = [variable.name for variable in dataset.variables if variable.kind in ("date", "month")]
    for name in dates:
        frame[name] = table.column(name).cast(pa.timestamp("s")).to_numpy()
    frame.to_stata(
        path,
        convert_dates=dict.fromkeys(dates, "td"),
        write_index=False,
        time_stamp=_MADE,
        data_label=dataset.label(language),
        variable_labels={variable.name: variable.label(language) for variable in dataset.variables},
        value_labels=packages.value_labels(dataset, language, codes, labels_text=False),
        version=VERSION,
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
