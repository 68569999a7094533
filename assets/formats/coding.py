"""Text codes as numbers, for programs that label numbers only.

Belongs here: which number stands for a code. Not here: labels, files. Stata labels no text; the National Archives' code lists take no code with `_`.
"""

from __future__ import annotations

import re

from assets.formats.dataset import Variable

_WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
_LEADING_ZERO = re.compile(r"0[0-9]+")
BOOLEAN_LABELS = {"da": {0: "Nej", 1: "Ja"}, "en": {0: "No", 1: "Yes"}}


def has_leading_zeros(variable: Variable) -> bool:
    """Whether a code of the value set begins with a zero (0101): a number would lose it."""
    return any(_LEADING_ZERO.fullmatch(code) for code in variable.values)


def numbers(variable: Variable) -> dict[str, int] | None:
    """Code -> number for a text variable with a value set; None where it stays text.

    A code that is a whole number keeps it (1 to 5), the others take the numbers after the largest (`all` becomes 6), in the order of the value set.
    Codes with leading zeros stay text, and so do all codes of that variable.
    """
    if variable.kind != "text" or not variable.values or has_leading_zeros(variable):
        return None
    found = {code: int(code) for code in variable.values if _WHOLE_NUMBER.fullmatch(code)}
    after = max([0, *found.values()]) + 1
    others = [code for code in variable.values if code not in found]
    found |= {code: after + place for place, code in enumerate(others)}
    return {code: found[code] for code in variable.values}
