"""SPSS (.sav): labels of variables and of values, text codes too.

Belongs here: what is SPSS's own. Not here: columns (`packages`).
One file a language. Codes stay as they are: SPSS labels text. Dates show as 2024/03/01 (SDATE10), integers without decimals.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyreadstat

from assets.formats import packages
from assets.formats.dataset import Dataset, Language, Variable
from assets.formats.readback import ReadBack

MAX_FILE_LABEL = 64  # bytes


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path` with labels in `language`. A file label over 64 bytes is cut at a letter; the description stands in the file's note."""
    pyreadstat.write_sav(
        packages.frame(table, dataset, {}),
        path,
        file_label=dataset.label(language).encode()[:MAX_FILE_LABEL].decode(errors="ignore"),
        column_labels=[variable.label(language) for variable in dataset.variables],
        variable_value_labels=packages.value_labels(dataset, language, {}, labels_text=True),
        variable_format={variable.name: _format(variable) for variable in dataset.variables if _format(variable)},
        variable_measure={variable.name: _measure(variable) for variable in dataset.variables},
    )
    return [path]


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file as read."""
    return packages.read(path, dataset, pyreadstat.read_sav, {}, has_value_labels=True)


def _format(variable: Variable) -> str:
    formats = {
        "integer": "F12.0",
        "boolean": "F1.0",
        "decimal": f"F18.{variable.decimals}",
        "double": "F16.6",
        "date": "SDATE10",
        "month": "SDATE10",
    }
    return formats.get(variable.kind, "")


def _measure(variable: Variable) -> str:
    return "nominal" if variable.kind in ("text", "boolean") or variable.values else "scale"
