"""JSON-stat 2.0: a cube with labels, units and a status for every cell that holds no value.

Belongs here: writing and reading JSON-stat. Not here: the cube. One file a language.
A cell without a row in the table has the status `.`; a suppressed one the table's own word (`suppressed_primary`); a missing one `..`. A cell with a
value has none.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assets.formats import cube as cubes
from assets.formats.cube import Cube, Dimension
from assets.formats.dataset import LANGUAGES, Dataset, Language, Variable
from assets.formats.readback import ReadBack

MEASURE = "measure"
MEASURE_LABEL = {"da": "Opgørelse", "en": "Measure"}
NO_ROW, MISSING = ".", ".."
_STATUS_LABELS = {
    "da": {NO_ROW: "Kombinationen forekommer ikke", MISSING: "Oplysning foreligger ikke"},
    "en": {NO_ROW: "The combination does not occur", MISSING: "Not available"},
}


def write(table: pa.Table, dataset: Dataset, path: Path, language: Language) -> list[Path]:
    """Writes `table` to `path` with labels in `language`."""
    cube = cubes.of(table, dataset)
    dimensions = {dimension.variable.name: _dimension(dimension, language) for dimension in cube.dimensions}
    dimensions[MEASURE] = _measures(cube.measures, language)
    document: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        "label": dataset.label(language),
        "note": [dataset.description(language)],
        "id": list(dimensions),
        "size": [len(dimension["category"]["index"]) for dimension in dimensions.values()],
        "role": {"metric": [MEASURE], "time": [d.variable.name for d in cube.dimensions if d.is_year]},
        "dimension": dimensions,
        "value": [
            _number(value, variable) for row in cube.values for value, variable in zip(row, cube.measures, strict=True)
        ],
        "status": _status(cube),
        "extension": {cubes.STATUS: _about_status(dataset, language)},
    }
    if dataset.updated:
        document["updated"] = dataset.updated.isoformat()
    if dataset.source:
        document["source"] = dataset.source
    if not document["role"]["time"]:
        del document["role"]["time"]
    path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return [path]


def read(path: Path, dataset: Dataset, language: Language) -> ReadBack:
    """The file as read. The first language as pyjstat reads it (it gives codes, labels and values; it leaves the status, which is read beside).

    pyjstat makes a list for every cell, which took half the time of all formats: in the other language, whose values and status stand in the same places, the numbers are taken as they stand.
    """
    text = path.read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    numbers = cubes.measures(dataset)
    flat = _as_pyjstat_reads(text) if language == LANGUAGES[0] else np.array(found["value"], dtype=float)
    dimensions = tuple(Dimension(key, tuple(found["dimension"][key.name]["category"]["index"])) for key in dataset.keys)
    values = flat.reshape(-1, len(numbers))
    cube = Cube(dimensions, numbers, values, _states_back(found["status"], values.shape))
    labels = {name: found["dimension"][name]["label"] for name in found["id"]}
    labels |= found["dimension"][MEASURE]["category"]["label"] | {
        cubes.STATUS: found["extension"][cubes.STATUS]["label"]
    }
    values_labels = {key.name: found["dimension"][key.name]["category"]["label"] for key in dataset.keys}
    return ReadBack([cubes.back(cube)], labels, values_labels)


def _as_pyjstat_reads(text: str) -> np.ndarray[Any, Any]:
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pyjstat calls a function of its own that it deprecates
        from pyjstat import pyjstat

        frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
    return np.asarray(frame["value"].to_numpy(dtype=float))


def _dimension(dimension: Dimension, language: Language) -> dict[str, Any]:
    labels = dict(zip(dimension.codes, dimension.labels(language), strict=True))
    return {"label": dimension.variable.label(language), "category": {"index": list(dimension.codes), "label": labels}}


def _measures(variables: tuple[Variable, ...], language: Language) -> dict[str, Any]:
    units = {
        variable.name: {"label": variable.unit_in(language)}
        | (
            {"decimals": {"integer": 0, "decimal": variable.decimals}[variable.kind]}
            if variable.kind != "double"
            else {}
        )
        for variable in variables
    }
    labels = {variable.name: variable.label(language) for variable in variables}
    return {"label": MEASURE_LABEL[language], "category": {"index": list(labels), "label": labels, "unit": units}}


def _about_status(dataset: Dataset, language: Language) -> dict[str, Any]:
    labels = {
        code: label
        for status in cubes.statuses(dataset)
        for code, label in status.value_labels(language).items()
        if code != cubes.OK
    }
    return {"label": "Status", "category": {"label": _STATUS_LABELS[language] | labels}}


def _number(value: float, variable: Variable) -> int | float | None:
    if math.isnan(value):
        return None
    return int(value) if variable.kind == "integer" else float(value)


def _status(cube: Cube) -> dict[str, str]:
    words = {cubes.ABSENT: NO_ROW, cubes.MISSING: MISSING}
    return {
        str(place): words.get(state, state) for place, state in enumerate(cube.states.ravel()) if state != cubes.SHOWN
    }


def _states_back(status: dict[str, str], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    words = {NO_ROW: cubes.ABSENT, MISSING: cubes.MISSING}
    found = np.full(math.prod(shape), cubes.SHOWN, dtype=object)
    for place, word in status.items():
        found[int(place)] = words.get(word, word)
    return found.reshape(shape)
