"""What the National Archives allow in a submission package: names, codes, types of values, files.

Belongs here: the rules, one place each, that the writer keeps and the reader checks. Not here: files.
Source: bekendtgørelse nr. 128 af 12. februar 2020, bilag 9, and the checks of the archives' own open program (ASTA).
"""

from __future__ import annotations

import re

from assets.formats.archive_text import SECTIONS
from assets.formats.names import is_reserved_in_sql

PACKAGE = re.compile(r"FD\.[1-9][0-9]{4,}")
TABLE = re.compile(r"table[1-9][0-9]*")
DOCUMENT = re.compile(r"[1-9][0-9]{0,11}")
DOCUMENT_ENDINGS = (".tif", ".mpg", ".mp3", ".jpg", ".jp2")
NAME = re.compile(r"[a-zA-ZæøåÆØÅ][a-zA-ZæøåÆØÅ0-9_]{0,127}")
CODE = re.compile(r"[+-]?[0-9]+|[a-zA-ZæøåÆØÅ0-9]+|[+-]?[0-9]*[.,][0-9]+")
MAX_TEXT = 32_767
# How a value of a type looks; an empty field is null.
VALUES = {
    "string": r"^[\s\S]{0,32767}$",
    "int": r"^[+-]?[0-9]+$",
    "decimal": r"^[+-]?[0-9]*[.][0-9]+$|^[+-]?[0-9]+$",
    "date": r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
}


def name_problem(name: str) -> str | None:
    """Why `name` can be no name of a table or a variable; None when it can."""
    if not NAME.fullmatch(name):
        return "a name is a letter and then letters, digits and _, at most 128 characters"
    if is_reserved_in_sql(name):
        return "SQL-99 reserves this name"
    if name.upper() in SECTIONS:
        return "a section of the description has this name"
    return None
