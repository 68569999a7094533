"""The catalogue's rules as the passes over files need them: bit positions, and the counts of the rules about whole files.

Belongs here: names, levels and bits of a kind (the kinds of `landing.py`). Not here: the catalogue itself
(`expectations/catalogue.py`) or the conditions (`expectations/predicates/`).
"""

from __future__ import annotations

from functools import lru_cache

from expectations import catalogue

NDJSON_FILE_RULES = ("file.unreadable", "file.encoding")  # the other rules of `file` are about CSV


def rules_of(kind: str, *levels: str) -> list[str]:
    """Return the rules of a kind in the catalogue's order, of the levels given or of all."""
    return [
        rule.rule for rule in catalogue.rules_of(kind) if rule.kind == kind and (not levels or rule.level in levels)
    ]


@lru_cache
def bits_of(kind: str) -> dict[str, int]:
    """Return hard rule -> bit position."""
    rules = catalogue.rules_of(kind)
    return {rule.rule: rule.bit_position for rule in rules if rule.kind == kind and rule.bit_position is not None}


def rule_counts(refusal: str | None, kind: str) -> dict[str, tuple[int, int]]:
    """Return (looked at, failed) of every rule of a kind and of `file` before a row has been seen.

    The file rules look at 1 in the catalogue's order until one refuses the file; the rules about CSV not at NDJSON, stop and check rules
    never (they are decided elsewhere).
    """
    return dict(_rule_counts(refusal, kind))  # a copy: the caller completes it


@lru_cache
def _rule_counts(refusal: str | None, kind: str) -> dict[str, tuple[int, int]]:
    counts = dict.fromkeys((rule.rule for rule in catalogue.rules_of(kind)), (0, 0))
    is_refused = False
    for rule in catalogue.rules_of(kind):
        if rule.level == "file" and not is_refused and (not kind.startswith("cvr_") or rule.rule in NDJSON_FILE_RULES):
            is_refused = rule.rule == refusal
            counts[rule.rule] = (1, int(is_refused))
    return counts
