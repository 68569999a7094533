"""SAS transport (.xpt, version 8) and beside it a program (.sas) that gives the values their labels.

Belongs here: what is SAS's own. Not here: columns (`packages`).
Version 8 holds names of 32 characters and labels of 256 bytes; version 5 only 8 and 40, and cut names would be other names than in every other file.
SAS reads version 8 with its own macro %xpt2loc (the program calls it), R's haven and pyreadstat read it directly. A transport file says nothing of its
encoding: it is UTF-8, and the program must run in a SAS session in UTF-8. It cannot carry labels of values: PROC FORMAT in the program does.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyreadstat

from assets.formats import packages
from assets.formats.dataset import Dataset, Language, Variable
from assets.formats.readback import ReadBack

DATE_FORMAT = "YYMMDD10"
MAX_FILE_LABEL = 256  # bytes
ROWS_A_PART = 1_000_000  # a part begins with reading all rows before it: few parts
_VALUE = re.compile(r"  ('(?:[^']|'')*'|-?[0-9]+) = '((?:[^']|'')*)'")


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path`, and the program with the labels of values to the same name with `.sas`; labels in `language`."""
    pyreadstat.write_xport(
        packages.frame(table, dataset, {}),
        path,
        file_label=dataset.label(language).encode()[:MAX_FILE_LABEL].decode(errors="ignore"),
        column_labels=[variable.label(language) for variable in dataset.variables],
        table_name=dataset.name.upper(),
        file_format_version=8,
        variable_format={
            variable.name: DATE_FORMAT for variable in dataset.variables if variable.kind in ("date", "month")
        },
    )
    program = path.with_suffix(".sas")
    program.write_text(_program(dataset, path, language), encoding="utf-8")
    return [path, program]


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file as read; labels of values from the program beside it."""
    found = packages.read(path, dataset, pyreadstat.read_xport, {}, has_value_labels=False, rows_a_part=ROWS_A_PART)
    return ReadBack(
        found.batches, found.variable_labels, _labels_of(path.with_suffix(".sas").read_text(encoding="utf-8"))
    )


def _program(dataset: Dataset, path: Path, language: Language) -> str:
    labels = packages.value_labels(dataset, language, {}, labels_text=True)
    lines = [
        f"/* {dataset.name}: {dataset.label(language).replace('*/', '')}. UTF-8: run in a SAS session in UTF-8, in the folder of the file. */",
        f"%xpt2loc(libref=work, memlist={dataset.name}, filespec='{path.name}');",
    ]
    if labels:
        lines.append("proc format;")
        for place, variable in enumerate(dataset.variables, 1):
            if variable.name in labels:
                lines.append(f" value {_format(variable, place)}")
                lines += [f"  {_literal(value)} = {_literal(label)}" for value, label in labels[variable.name].items()]
                lines.append(" ;")
        lines += ["run;", f"data work.{dataset.name};", f" set work.{dataset.name};"]
        lines += [
            f" format {variable.name} {_format(variable, place)}.;"
            for place, variable in enumerate(dataset.variables, 1)
            if variable.name in labels
        ]
        lines.append("run;")
    return "\n".join(lines) + "\n"


def _format(variable: Variable, place: int) -> str:
    """The name of a format: at most 32 characters with the `$` of text, no digit at the end, none twice (the place of the variable is in it)."""
    return f"{'$' if variable.kind == 'text' else ''}{variable.name[:22]}_{place}_f"


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _labels_of(program: str) -> dict[str, dict[str, str]]:
    formats: dict[str, dict[str, str]] = {}
    named: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in program.splitlines():
        words = line.split()
        value = _VALUE.fullmatch(line)
        if value:
            code = value[1][1:-1].replace("''", "'") if value[1].startswith("'") else value[1]
            current[code] = value[2].replace("''", "'")
        elif words[:1] == ["value"]:
            current = formats[words[1]] = {}
        elif words[:1] == ["format"]:
            named[words[1]] = formats[words[2].removesuffix(".;")]
    return named
