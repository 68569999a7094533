"""Payroll lines as text become typed rows: what each column says, which rules a row breaks, and the lake's columns.

Belongs here: one chunk of lines, an Arrow table in, Arrow tables out. Not here: files, trailers, counts a file (`payroll_files.py`),
the order of chunks and where they are written (`payroll.py`), the rules (`expectations/predicates/payroll.py`).

Columns with few distinct values (CPR and SE numbers, dates, codes) are read once a distinct text, those that differ on every line as arrays
(`text_columns.py`); the rules are SQL on what was read. DuckDB returns the rows in the order in which Arrow gave them; the line numbers that
come back are compared with those that went in, since a lost order would give a person's pay to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.ingest import numbers, text_columns
from assets.ingest.keys import ProjectKey
from assets.ingest.payroll_people import CONSTRUCTED, MODULUS_11, REPAIRED, People
from assets.ingest.rules import bits_of
from expectations.code_lists import CodeLists
from expectations.predicates import payroll as predicates

KIND = "eindkomst"
COLUMNS = (
    "linje", "indberetning_id", "post_nr", "indberetningsart", "reference_id", "se_nr", "p_nummer", "cpr", "indkomsttype",
    "dispositionsdato", "periode_fra", "periode_til", "felt_0013", "felt_0014", "felt_0016", "felt_0200", "kryds_0220",
    "indberettet_tidspunkt",
)  # fmt: skip
LAKE_SCHEMA = pa.schema(
    [
        ("delivery_id", pa.int64()),
        ("line_number", pa.int32()),
        ("report_id", pa.string()),
        ("line_id", pa.string()),
        ("line_kind", pa.string()),
        ("reference_id", pa.string()),
        ("se_number", pa.string()),
        ("p_number", pa.string()),
        ("person_key", pa.uuid()),
        ("birth_date", pa.date32()),
        ("cpr_flags", pa.int8()),
        ("income_type", pa.string()),
        ("payment_date", pa.date32()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
        ("a_income_amount", pa.int64()),
        ("a_income_other_amount", pa.int64()),
        ("hours", pa.int64()),
        ("is_hours_missing", pa.bool_()),
        ("reported_at", pa.timestamp("us")),
        ("content_hash", pa.int64()),
    ]
)
REJECTED_SCHEMA = LAKE_SCHEMA.append(pa.field("broken_rules", pa.int64())).append(
    pa.field("has_right_fields", pa.bool_())
)
_AMOUNTS = {
    "felt_0013": "a_income_amount",
    "felt_0014": "a_income_other_amount",
    "felt_0016": "contribution_amount",
    "felt_0200": "hours",
}
# All but the line's own number, its identity (lines are compared only within one) and the CPR number, which stands in the hash as its
# pseudonym and the length of its text.
_HASHED = [column for column in COLUMNS if column not in ("linje", "indberetning_id", "post_nr", "cpr")]


@dataclass
class Chunk:
    """What became of a chunk of lines. Arrays are as long as the chunk and in its order."""

    table: (
        pa.Table
    )  # the text as delivered, with line_number, has_right_fields and file_index (the file's place in the pass)
    judged: dict[str, np.ndarray]  # broken_rules, a_income_amount, hours (0 when null) and the flags that counts need
    accepted: pa.Table  # LAKE_SCHEMA without delivery_id, with file_index
    rejected: pa.Table  # REJECTED_SCHEMA without delivery_id, with file_index


class Reader:
    """Reads chunks on one DuckDB connection, remembering people and code lists from chunk to chunk."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, key: ProjectKey, code_lists: CodeLists) -> None:
        self._connection = connection
        self._people = People(key)
        self._income_types = code_lists.income_types
        self._is_valid_se = lru_cache(maxsize=None)(numbers.is_valid_se)
        self._statement = _statement()

    def read(self, table: pa.Table) -> Chunk:
        """Return what the lines of a chunk say and which rules they break."""
        table = table.combine_chunks()
        text = {column: _contiguous(table[column]) for column in COLUMNS}
        texts, indices = _distinct(text["cpr"])
        places = self._people.places(texts)[indices] if texts else np.empty(0, dtype=np.int32)
        is_cpr_valid = places >= 0
        people = self._people.facts(places)
        flags = people["flags"]
        read: dict[str, Any] = {
            "payment_date": _dates(text["dispositionsdato"]),
            "period_from": _dates(text["periode_fra"]),
            "period_to": _dates(text["periode_til"]),
            "is_cpr_valid": is_cpr_valid,
            "is_constructed": (flags & CONSTRUCTED) > 0,
            "has_modulus_11": (flags & MODULUS_11) > 0,
            "is_se_valid": _mapped(text["se_nr"], self._is_valid_se, np.bool_),
            "is_p_number_valid": text_columns.are_ten_digits(text["p_nummer"]),
            "is_income_type_known": _mapped(text["indkomsttype"], self._income_types.__contains__, np.bool_),
            "reported_at": text_columns.nullable(
                *text_columns.timestamps(text["indberettet_tidspunkt"]), pa.timestamp("us")
            ),
        }
        for column, name in _AMOUNTS.items():
            read[name] = text_columns.nullable(*text_columns.amounts(text[column]), pa.int64())
        relation = pa.table(
            {
                **text,
                **read,
                "person_key": people["person_key"],
                "line_number": table["line_number"],
                "has_right_fields": table["has_right_fields"],
            }
        )
        self._connection.register("payroll_lines", relation)
        judged = self._connection.execute(self._statement).to_arrow_table().combine_chunks()
        self._connection.unregister("payroll_lines")
        if not judged["line_number"].equals(pa.chunked_array([_contiguous(table["line_number"])])):
            raise RuntimeError("payroll lines came back in another order than they were delivered")
        read |= {name: people[name] for name in ("person_key", "birth_date", "cpr_flags", "birth_day")}
        return self._chunk(table, text, read, judged)

    def _chunk(self, table: pa.Table, text: dict[str, pa.Array], read: dict[str, Any], judged: pa.Table) -> Chunk:
        broken = judged["broken_rules"].to_numpy()
        birth_day = read.pop("birth_day")
        is_report = np.asarray(pc.equal(text["indberetningsart"], "I"))
        is_reversal = np.asarray(pc.equal(text["indberetningsart"], "T"))
        wide = {**text, **read, **{name: _contiguous(judged[name]) for name in judged.column_names}}
        wide |= {"is_report": is_report, "file_index": _contiguous(table["file_index"])}
        wide |= {"has_right_fields": _contiguous(table["has_right_fields"])}
        flags = {
            "broken_rules": broken,
            "file_index": np.asarray(wide["file_index"]),
            "line_number": np.asarray(wide["line_number"]),
            "is_report": is_report,
            "is_reversal": is_reversal,
            "has_right_fields": np.asarray(wide["has_right_fields"]),
            "is_cpr_valid": read["is_cpr_valid"],
            "is_constructed": read["is_constructed"],
            "birth_day": birth_day,
            "is_repaired": np.asarray(pc.greater(pc.bit_wise_and(pc.fill_null(read["cpr_flags"], 0), REPAIRED), 0)),
            "a_income_amount": np.asarray(pc.fill_null(wide["a_income_amount"], 0)),
            "hours": np.asarray(pc.fill_null(wide["hours"], 0)),
            "soft_failed": np.asarray(wide["soft_failed"]),
        }
        is_accepted = broken == 0
        everything = pa.table(wide)
        rows = everything.select([name for name in wide if name in _NEEDED])
        accepted = rows if is_accepted.all() else rows.filter(pa.array(is_accepted))
        rejected = rows.filter(pa.array(~is_accepted)) if not is_accepted.all() else rows.slice(0, 0)
        return Chunk(table, flags, _lake_columns(accepted, LAKE_SCHEMA), _lake_columns(rejected, REJECTED_SCHEMA))


# Lake column: (delivered column or value read, whether it is read in a reversal).
_SOURCES = {
    "report_id": ("indberetning_id", True),
    "line_id": ("post_nr", True),
    "line_kind": ("indberetningsart", True),
    "reference_id": ("reference_id", True),
    "se_number": ("se_nr", False),
    "p_number": ("p_nummer", False),
    "person_key": ("person_key", True),
    "birth_date": ("birth_date", True),
    "cpr_flags": ("cpr_flags", True),
    "income_type": ("indkomsttype", False),
    "payment_date": ("payment_date", False),
    "period_from": ("period_from", False),
    "period_to": ("period_to", False),
    "a_income_amount": ("a_income_amount", False),
    "a_income_other_amount": ("a_income_other_amount", False),
    "hours": ("hours", False),
    "is_hours_missing": ("kryds_0220", False),
    "reported_at": ("reported_at", True),
    "content_hash": ("content_hash", True),
    "broken_rules": ("broken_rules", True),
    "has_right_fields": ("has_right_fields", True),
}
_NEEDED = {source for source, _ in _SOURCES.values()} | {"is_report", "file_index", "line_number"}


def _lake_columns(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the lake's columns: a missing value is null (an amount 0), and what is not read in a reversal is null."""
    rows = rows.combine_chunks()
    is_report = _contiguous(rows["is_report"])
    has_others = pc.all(is_report).as_py() is False
    arrays = {}
    for name in schema.names[2:]:
        source, is_read_in_reversals = _SOURCES[name]
        array = _contiguous(rows[source])
        if source == "kryds_0220":
            array = pc.equal(array, "X")
        elif pa.types.is_string(array.type):
            array = _without_empty(array)
        elif source in ("a_income_amount", "a_income_other_amount"):
            array = pc.fill_null(array, 0)
        elif source == "person_key":
            array = pa.ExtensionArray.from_storage(pa.uuid(), array)
        if has_others and not is_read_in_reversals:
            array = pc.if_else(is_report, array, pa.scalar(None, array.type))
        arrays[name] = array
    return pa.table({"file_index": rows["file_index"], "line_number": rows["line_number"], **arrays})


def _without_empty(array: pa.Array) -> pa.Array:
    """Return texts with null for the empty one; the array itself when there is none, as with most columns."""
    lengths = pc.binary_length(array)
    if pc.min(lengths).as_py() != 0:
        return array
    return pc.if_else(pc.greater(lengths, 0), array, pa.scalar(None, pa.string()))


def _contiguous(array: pa.ChunkedArray | pa.Array) -> pa.Array:
    if isinstance(array, pa.ChunkedArray):
        return array.chunk(0) if array.num_chunks == 1 else array.combine_chunks()
    return array


def _distinct(array: pa.Array) -> tuple[list[str], np.ndarray]:
    encoded = array.dictionary_encode()
    return encoded.dictionary.to_pylist(), np.asarray(encoded.indices)


def _mapped(array: pa.Array, function: Callable[[str], Any], kind: Any) -> np.ndarray:
    """Return a function's value for each text, computed once a distinct text."""
    texts, indices = _distinct(array)
    if not texts:
        return np.empty(0, dtype=kind)
    return np.fromiter((function(text) for text in texts), dtype=kind, count=len(texts))[indices]


def _dates(array: pa.Array) -> pa.Array:
    """Return days, null where the text is empty or no day as the contract writes it."""
    encoded = array.dictionary_encode()
    days = pa.array([numbers.read_date(text) for text in encoded.dictionary.to_pylist()], type=pa.date32())
    return days.take(encoded.indices)


def _statement() -> str:
    """Return the statement that judges `payroll_lines`: one row a line, in order, with what is computed line by line."""
    bits = bits_of(KIND)
    hard: Iterable[str] = (
        f"(case when ({rows}) and coalesce({condition}, false) then {1 << bits[rule]} else 0 end)"
        for rule, (rows, condition) in predicates.PREDICATES.items()
    )
    unreadable = 1 << bits[predicates.UNREADABLE]
    # A bit a soft rule, in their order; whether the row is accepted is decided beside it.
    soft = " + ".join(
        f"(case when ({rows}) and coalesce({condition}, false) then {1 << place} else 0 end)"
        for place, (rows, condition) in enumerate(predicates.SOFT.values())
    )
    return f"""
        select
            line_number,
            (hash({", ".join(_HASHED)}, person_key, length(cpr)) >> 1)::bigint as content_hash,
            (
                (case when {predicates.UNREADABLE_PREDICATE} then {unreadable} else 0 end)
                + (case when has_right_fields then {" + ".join(hard)} else 0 end)
            )::bigint as broken_rules,
            ({soft})::tinyint as soft_failed
        from payroll_lines
    """
