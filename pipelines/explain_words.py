"""An explanation as text of 110 columns, and for machines.

Belongs here: order, headings, wrapping. Not here: what is said.
"""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from pipelines.explain_parts import CODE_LIST, DELIVERED, PUBLIC, Explained, Line, Published, Sources, Value

WIDTH = 110
MOST_VALUES, MOST_NAMES, MOST_CHECKS = 20, 12, 60
TIERS = {
    "restricted": "restricted: personal or company data, pseudonymised, not anonymous",
    "public": "public: of no single person, but not disclosure-controlled (a release is)",
}
RELEASED = "public: protected, the only tier that leaves the house"


def as_json(told: Explained, *, with_sql: bool) -> dict[str, Any]:
    """Everything, for machines; the SQL when asked for."""
    found = dataclasses.asdict(told)
    if not with_sql:
        del found["sql"]
    return found


def as_text(told: Explained, *, with_sql: bool) -> list[str]:
    """The lines, none longer than 110 characters but the SQL's own. Headings that have nothing to say are left out."""
    heading = f"{told.name} · {told.label_da}" if told.label_da else told.name
    lines = [heading, *(_wrapped(told.sentence_da, "") if told.sentence_da != f"{told.label_da}." else [])]
    lines += ["", *_facts(told)]
    lines += _section("Values", _values(told))
    lines += _section("Columns", _columns(told.columns))
    lines += _section("Rows", _rows(told))
    lines += _section("Made from", _made_from(told))
    lines += _section("Held to", _bullets(told.checks, MOST_CHECKS))
    lines += _section("Depends on it", _depends(told))
    if with_sql and told.sql:
        lines += ["", f"SQL ({told.file})", *(f"  {line}".rstrip() for line in told.sql.splitlines())]
    return lines


def _facts(told: Explained) -> list[str]:
    is_of_table = bool(told.columns)
    tier = RELEASED if PUBLIC in told.what else TIERS.get(told.tier, told.tier)
    facts = [
        ("What", told.what),
        ("Not", ", ".join(told.also)),
        ("Grain" if is_of_table and told.description.startswith("One row") else "Meaning", told.description),
        ("Table", told.more.get("grain", "")),
        ("Type", told.type),
        ("Unit", told.unit),
        ("Rule", told.rule),
        ("Tier", tier),
        ("File", told.file),
        ("Asset", told.asset),
        ("Published", _published(told.published)),
    ]
    return [line for name, text in facts if text for line in _wrapped(text, f"{name:<11}", " " * 11)]


def _published(about: Published | None) -> str:
    if about is None:
        return ""
    rows = f"{about.rows:,} rows, " if about.rows is not None else ""
    data = "synthetic data (the sample's key)" if about.is_sample_key else "real data"
    return f"{rows}build {about.build}, cut-off {about.as_of}, observed {about.observed_from} to {about.observed_through}, {data}"


def _values(told: Explained) -> list[str]:
    if not told.values:
        return _wrapped(told.value_text, "  ")
    codes = [_value(value) for value in told.values[:MOST_VALUES]]
    width = max(len(value.code) for value in told.values[:MOST_VALUES])
    if any(value.label_da for value in told.values):
        lines = [line for value in told.values[:MOST_VALUES] for line in _wrapped(value.label_da or "–", f"  {_value(value):<{width}}  ", " " * (width + 4))]  # fmt: skip
    else:
        lines = _wrapped(", ".join(codes), "  ")
    more = len(told.values) - MOST_VALUES
    return [*lines, f"  and {more} more (--json)"] if more > 0 else lines


def _value(value: Value) -> str:
    return value.code if value.code else "(empty)"


def _columns(columns: Sequence[Line]) -> list[str]:
    if not columns:
        return []
    name = max(len(line.name) for line in columns)
    kind = max(len(line.type) for line in columns)
    unit = max(len(line.unit) for line in columns)
    lines = []
    for line in columns:
        first = f"  {line.name:<{name}}  {line.type:<{kind}}  {line.unit:<{unit}}  {line.label_da}".rstrip()
        lines += [first] if len(first) <= WIDTH else _wrapped(first.strip(), "  ", " " * 6)
        lines += _wrapped(line.description, " " * 6)
        lines += _wrapped(f"Rule: {line.rule}" if line.rule else "", " " * 6)
    return lines


def _rows(told: Explained) -> list[str]:
    rows = told.more.get("rows") if told.what == CODE_LIST else None
    if not rows:
        return []
    shown = [";".join(rows[0]), *(";".join(str(cell) for cell in row.values()) for row in rows[:MOST_VALUES])]
    lines = [line if len(line) <= WIDTH - 2 else f"{line[: WIDTH - 4]} …" for line in shown]
    more = len(rows) - MOST_VALUES
    return [*(f"  {line}" for line in lines), *([f"  and {more} more ({told.file})"] if more > 0 else [])]


def _made_from(told: Explained) -> list[str]:
    sources = told.sources
    if told.sql and sources == Sources():
        return ["  no column: it is written in the model's SQL (--sql)"]
    return [
        *_named("directly", sources.columns or sources.direct),
        *_named("at the far end", sources.first),
        *_named("delivered files", sources.delivered),
        *_named("code lists", sources.code_lists),
        *_named("in words", [sources.fields] if sources.fields else []),
        *_named("by way of", sources.models),
    ]


def _depends(told: Explained) -> list[str]:
    uses = told.uses
    further = [one for one in uses.published if one not in uses.direct]
    return [
        *_named("directly", uses.direct),
        *_named("published" if DELIVERED in told.what else "further on", further),
        *_named("public tables", uses.public_tables),
        *_named("pages", uses.pages),
    ]


def _named(name: str, texts: Sequence[str]) -> list[str]:
    if not texts:
        return []
    more = len(texts) - MOST_NAMES
    shown = ", ".join(texts[:MOST_NAMES]) + (f", and {more} more (--json)" if more > 0 else "")
    return _wrapped(shown, f"  {name:<17}", " " * 19)


def _bullets(texts: Sequence[str], most: int) -> list[str]:
    lines = [line for text in texts[:most] for line in _wrapped(text, "  - ", "    ")]
    more = len(texts) - most
    return [*lines, f"  and {more} more (--json)"] if more > 0 else lines


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", heading, *found] if found else []


def _wrapped(text: str, first: str, later: str | None = None) -> list[str]:
    if not text:
        return []
    following = first if later is None else later
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=following, break_on_hyphens=False)
