"""What the variables of the public tables mean: Danish from `variables.yml`, English and derivation from the rows of `quality.codebook`.

Belongs here: finding a variable's texts, which variables have none. Not here: labels and kinds (tables.yml), pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from transforms.evaluation.protocol_reader import Mistakes, Section, parse
from transforms.release.about import Text

FILE = Path(__file__).with_name("variables.yml")


@dataclass(frozen=True)
class Meaning:
    """What a variable is (`general`), how it is derived (`detailed`), in words what values it has (`value_set`)."""

    general: Text
    detailed: Text
    value_set: str = ""


@dataclass(frozen=True)
class Variables:
    """`variables.yml`."""

    described_by: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, Text]

    def meanings(
        self, tables: Mapping[str, Iterable[str]], rows: Iterable[Mapping[str, Any]]
    ) -> dict[tuple[str, str], Meaning]:
        """(table, variable) -> what it means; a variable of which nothing is known is left out.

        Args:
            tables: public table -> its variables.
            rows: of `quality.codebook` (`transforms.codebook.COLUMNS`).
        """
        columns = {(f"{row['schema_name']}.{row['table_name']}", row["column_name"]): row for row in rows}
        found = {
            (table, name): self._meaning(table, name, columns) for table, names in tables.items() for name in names
        }
        return {key: meaning for key, meaning in found.items() if meaning.general}

    def _meaning(self, table: str, name: str, columns: Mapping[tuple[str, str], Mapping[str, Any]]) -> Meaning:
        text = self.texts.get(name, Text("", ""))
        sources = next((found for pattern, found in self.described_by.items() if fnmatchcase(table, pattern)), ())
        row = next((columns[source, name] for source in sources if (source, name) in columns), None)
        if row is None:
            return Meaning(text, Text("", ""))
        taken_from = f" From: {row['source_fields']}." if row["source_fields"] else ""
        derived = f"{row['rule'] or ''}{taken_from} Warehouse: {row['schema_name']}.{row['table_name']}."
        return Meaning(Text(text.da, row["description"]), Text("", derived.strip()), row["value_set"] or "")


def read_variables(path: Path = FILE) -> Variables:
    """What the file says.

    Raises:
        ValueError: every mistake, each with its key.
    """
    mistakes: Mistakes = []
    file = Section("", parse(path.read_text(encoding="utf-8")), mistakes)
    sources, variables = file.section("described_by"), file.section("variables")
    described_by = {}
    for pattern, tables in sources.values.items():
        if not isinstance(tables, list) or not tables or not all(isinstance(table, str) for table in tables):
            sources.wrong(pattern, "a list of tables of the warehouse")
            continue
        described_by[pattern] = tuple(tables)
    texts = {}
    for name in variables.values:
        section = variables.section(name)
        texts[name] = Text(section.text("da"), section.text("en") if "en" in section.values else "")
        section.close()
    file.close()
    if mistakes:
        raise ValueError("\n".join(f"{path.name}: {mistake}" for mistake in mistakes))
    return Variables(described_by, texts)
