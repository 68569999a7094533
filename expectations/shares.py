"""How large a share of rows each rule rejects or marks, against the limits of the catalogue.

Belongs here: shares from the reports of the lake and from the finished rule results. Not here: expectations on rows (lake.py).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb

from expectations.catalogue import CATEGORIES, read_catalogue
from expectations.lake import read_memory, write_memory
from expectations.suites import MIN_ROWS_OF_A_SHARE, shares_suite
from expectations.validation import Outcome, validate


@dataclass
class Shares:
    """By category: how many rules were held to a limit, and the rules above it with their largest share."""

    rules: dict[str, int] = field(default_factory=dict)
    exceeded: dict[str, dict[str, float]] = field(default_factory=dict)


def exceeded_shares(lake: Path, kind: str, memory: Path) -> Shares:
    """Holds all periods of a kind together, and each large enough to say something by itself, to the limits."""
    counted: dict[tuple[str, str], list[int]] = {}
    for report in sorted((lake / kind).glob("*/report.json")):
        for file in json.loads(report.read_text(encoding="utf-8"))["files"]:
            for rule, (looked_at, failed) in file["rules"].items():
                for period in ("", report.parent.name):
                    counts = counted.setdefault((rule, period), [0, 0])
                    counts[0] += looked_at
                    counts[1] += failed
    rows = [
        (rule, failed / looked_at)
        for (rule, period), (looked_at, failed) in sorted(counted.items())
        if looked_at >= (MIN_ROWS_OF_A_SHARE if period else 1)
    ]
    suites = {category: shares_suite(kind, category) for category in CATEGORIES}
    key = hashlib.sha256(repr((rows, suites)).encode()).hexdigest()
    place = memory / f"{kind}.shares.json"
    remembered = read_memory(place)
    if remembered.get("key") == key:
        outcomes = {
            category: [Outcome(**values) for values in found] for category, found in remembered["outcomes"].items()
        }
    else:
        import pandas as pd

        frame = pd.DataFrame(rows, columns=["rule", "share"]).astype({"rule": object, "share": float})
        # All categories in one suite: starting one costs 0.1 s.
        every = iter(validate(frame, [expectation for suite in suites.values() for expectation in suite]))
        outcomes = {category: list(islice(every, len(suite))) for category, suite in suites.items()}
        write_memory(
            place,
            {
                "key": key,
                "outcomes": {category: [one.to_json() for one in found] for category, found in outcomes.items()},
            },
        )
    result = Shares()
    largest: dict[str, float] = {}
    for rule, share in rows:
        largest[rule] = max(largest.get(rule, 0.0), share)
    for category, found in outcomes.items():
        result.rules[category] = len(found)
        result.exceeded[category] = {one.rule: largest.get(one.rule, 0.0) for one in found if not one.is_met}
    return result


def exceeded_in_build(build_file: Path) -> dict[str, float]:
    """Rules whose share over all files together is above the limit, with their shares, as the finished build counts them."""
    with duckdb.connect(str(build_file), read_only=True) as connection:
        frame = connection.execute(
            "select rule, sum(rows_failed)::double / sum(rows_looked_at)::double as share "
            "from quality.fct_rule_results group by rule having sum(rows_looked_at) > 0 order by rule"
        ).df()
    suite = [
        expectation
        for kind in sorted({rule.kind for rule in read_catalogue()} - {"file", "build"})
        for category in CATEGORIES
        for expectation in shares_suite(kind, category)
    ]
    once = {expectation.rule: expectation for expectation in suite}
    shares = dict(zip(frame["rule"], frame["share"], strict=True))
    return {
        outcome.rule: float(shares.get(outcome.rule, 0.0))
        for outcome in validate(frame, list(once.values()))
        if not outcome.is_met
    }
