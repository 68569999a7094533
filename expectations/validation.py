"""Holds a pandas frame against expectations with Great Expectations, and keeps numbers only.

Belongs here: the one place that imports Great Expectations, late (3 to 10 s) and without progress bars, usage statistics or row values.
Not here: which expectations there are (`suites.py`), where frames come from (`lake.py`, `marts.py`).
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Expectation:
    """What shall hold: the rule it comes from, Great Expectations' name of the test, and its arguments (JSON values)."""

    rule: str
    kind: str
    arguments: tuple[tuple[str, Any], ...] = ()
    condition: tuple[str, str, str] | None = None

    @classmethod
    def of(cls, rule: str, kind: str, condition: tuple[str, str, str] | None = None, **arguments: Any) -> Expectation:
        """An expectation with its arguments by name; `condition` (column, `==` or `!=`, value) names the rows looked at."""
        return cls(rule, kind, tuple(sorted(arguments.items())), condition)


@dataclass(frozen=True)
class Outcome:
    """How an expectation went, in numbers: values looked at, values that break it (None where the test gives no count)."""

    rule: str
    test: str
    column: str
    is_met: bool
    looked_at: int | None = None
    broken: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


@dataclass
class _Engine:
    context: Any
    batches: Any
    tests: Any
    suite: Any
    column: Any
    made: int = field(default=0)


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ.setdefault("TQDM_DISABLE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        import great_expectations.expectations as tests
        from great_expectations.expectations.row_conditions import Column
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}  # type: ignore[assignment]
    batches = (
        context.data_sources.add_pandas("frames")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
    )
    return _Engine(context, batches, tests, gx.ExpectationSuite, Column)


def validate(frame: pd.DataFrame, expectations: Sequence[Expectation]) -> list[Outcome]:
    """Holds `frame` against `expectations`; the outcomes stand in the same order and carry no value of a row.

    Raises:
        RuntimeError: when a test could not be carried out (never passes for lack of a column).
    """
    if not expectations:
        return []
    engine = _engine()
    engine.made += 1
    suite = engine.suite(name=f"suite_{engine.made}")
    for number, expectation in enumerate(expectations):
        extra: dict[str, Any] = {"meta": {"number": number}}
        if expectation.condition:
            column, sign, value = expectation.condition
            chosen = engine.column(column)
            extra["row_condition"] = chosen == value if sign == "==" else chosen != value
        test = getattr(engine.tests, expectation.kind)
        suite.add_expectation(test(**dict(expectation.arguments), **extra))
    batch = engine.batches.get_batch(batch_parameters={"dataframe": frame})
    report = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0})
    outcomes: list[Outcome | None] = [None] * len(expectations)
    for result in report.results:
        number = result.expectation_config.meta["number"]
        expectation = expectations[number]
        if result.exception_info.get("raised_exception", _raised(result.exception_info)):
            # The exception's own text may hold values: only the kind of test is told.
            raise RuntimeError(
                f"{expectation.rule}: {expectation.kind} could not be carried out on {_column(expectation)}"
            )
        outcomes[number] = Outcome(
            expectation.rule,
            expectation.kind,
            _column(expectation),
            bool(result.success),
            _number(result.result.get("element_count", len(frame))),
            _number(result.result.get("unexpected_count")),
        )
    if any(outcome is None for outcome in outcomes):
        raise RuntimeError("a test gave no result")
    return [outcome for outcome in outcomes if outcome is not None]


def _raised(information: dict[str, Any]) -> bool:
    return any(isinstance(value, dict) and value.get("raised_exception") for value in information.values())


def _column(expectation: Expectation) -> str:
    arguments = dict(expectation.arguments)
    for name in ("column", "column_list", "column_A", "column_set"):
        if name in arguments:
            value = arguments[name]
            return value if isinstance(value, str) else ", ".join(value)
    return "-"


def _number(value: Any) -> int | None:
    return None if value is None else int(value)
