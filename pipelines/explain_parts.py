"""What `fodfaeste explain` says of a table or a column, before it is text.

Belongs here: the shape. Not here: where it comes from (explain_tables.py, explain_columns.py, ...), how it reads (explain_words.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MART, STEP, CODE_LIST, SOURCE = "published table", "step in between", "code list", "input"
DELIVERED, PUBLIC = "delivered files", "public table of a release"


class UnknownName(LookupError):
    """Nothing has this name. `nearest`: names that look like it."""

    def __init__(self, name: str, nearest: list[str]) -> None:
        super().__init__(name)
        self.name, self.nearest = name, nearest


@dataclass(frozen=True)
class Value:
    """A value that a column may have, with its Danish label where there is one."""

    code: str
    label_da: str = ""


@dataclass(frozen=True)
class Line:
    """A column as its table lists it; empty what nobody has said."""

    name: str
    type: str = ""
    unit: str = ""
    label_da: str = ""
    description: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Sources:
    """What something is made of: directly (`direct`), the models behind (`models`), kinds of delivered files, code lists; `fields` in words.

    `columns`: for a column, those that it is made of directly; `first`: those of the deliveries and code lists at the far end.
    """

    direct: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    code_lists: tuple[str, ...] = ()
    fields: str = ""


@dataclass(frozen=True)
class Uses:
    """What depends on something: directly (`direct`), the published tables or columns further on, public tables of a release, pages."""

    direct: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    public_tables: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """What the published file says: which build, its cut-off, the observed months, rows of the table (None: not in that file)."""

    build: str
    as_of: str
    observed_from: str
    observed_through: str
    rows: int | None
    is_sample_key: bool


@dataclass(frozen=True)
class Explained:
    """A table or a column. `name` is the full one; `what` one of the kinds above, of a column with "column of a". `also`: what else has the name."""

    name: str
    what: str
    label_da: str = ""
    sentence_da: str = ""
    description: str = ""
    tier: str = ""
    asset: str = ""
    file: str = ""
    type: str = ""
    unit: str = ""
    rule: str = ""
    values: tuple[Value, ...] = ()
    value_text: str = ""
    columns: tuple[Line, ...] = ()
    sources: Sources = field(default_factory=Sources)
    checks: tuple[str, ...] = ()
    uses: Uses = field(default_factory=Uses)
    sql: str = ""
    published: Published | None = None
    also: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
