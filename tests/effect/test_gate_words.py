"""What a stakeholder reads of the gate. Belongs here: the sentence, its lines, what they are about. Not here: figures and verdicts (test_gate.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipelines.gate import WORDS, read_gate
from transforms.evaluation.frames import SCHEMAS, conform

CELL = {"design": "target_trial", "family": "A", "specification": "main", "arm": "RO", "instrument": "practice"}
AT_12 = CELL | {"subgroup": "all", "outcome": "employed", "horizon": 12, "estimator": "aipw", "protocol_hash": "0"}
COUNTS = {"estimate": 0.01, "treated": 300, "enterprises": 100, "is_primary": False, "gate": "fail"}


def of(diagnostic: str, figure: float, low: float | None, high: float | None, **other: Any) -> dict[str, Any]:
    """A row of `diagnostics`, by default of the primary's sample."""
    is_inside = (low is None or figure >= low) and (high is None or figure <= high)
    return (
        AT_12
        | {"outcome": "all", "diagnostic": diagnostic, "figure": figure, "limit_low": low, "limit_high": high}
        | {"verdict": "pass" if is_inside else "fail"}
        | other
    )


def written(folder: Path, estimates: list[dict[str, Any]], diagnostics: list[dict[str, Any]]) -> Path:
    """A file with these rows in the schema `effect`."""
    file = folder / "outcome.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema effect")
        for name, rows in (("estimates", estimates), ("diagnostics", diagnostics)):
            frame = conform(pd.DataFrame(rows, columns=SCHEMAS[name].names), name)
            assert frame is not None
            connection.execute(f"create table effect.fct_effect_{name} as select * from frame")
    return file


PLACEBO = {"horizon": 0, "estimator": "all"}
OWN = [
    of("largest_difference", 0.461, None, 0.1),
    of("equipoise", 0.479, 0.2, None),
    of("smallest_detectable", 0.05004, None, 0.05, outcome="employed"),
    of("placebo_in_time", 0.0358, None, 0.05, **PLACEBO),
    of("placebo_enterprises", 0.046, 0.02, 0.08, **PLACEBO),
]
OTHERS = [
    of("smallest_detectable", 9.9, None, 0.05, outcome="at_least_39_hours"),
    of("largest_difference", 0.9, None, 0.1, horizon=24),
    of("largest_difference", 0.3, None, 0.1, subgroup="sex=man"),
]


def test_a_stakeholder_reads_the_primary_estimate_s_own_figures_first_a_line_each(tmp_path: Path) -> None:
    """Forty figures of other outcomes and months in one line, of which two are about the estimate that is shown."""
    primary = AT_12 | COUNTS | {"is_primary": True}
    others = [
        AT_12 | COUNTS | {"outcome": "at_least_39_hours"}, AT_12 | COUNTS | {"horizon": 24}, AT_12 | COUNTS | {"subgroup": "sex=man"},
        AT_12 | COUNTS | {"outcome": "self_supporting", "gate": "not_estimated", "estimate": None, "reason": "no one"},
    ]  # fmt: skip
    gate = read_gate(written(tmp_path, [primary, *others], [*OWN, *OTHERS]))
    assert not gate.is_open and gate.failed == ("largest_difference", "smallest_detectable")
    assert "holder ikke 2 af 5 krav" in gate.sentence and gate.sentence.endswith(".")
    assert gate.own[0].startswith(
        "HOLDER IKKE: Største forskel mellem grupperne efter vægtning: 0,46 standardafvigelser (højst 0,1) –"
    )
    # A figure that is just outside is not rounded into its limit.
    assert gate.own[1].startswith("HOLDER IKKE: Mindste effekt, som tallene kan vise: 5,004 procentpoint (højst 5) –")
    assert [line.split(": ", 1)[1] for line in gate.own[2:]] == [
        "Borgere, som lige så vel kunne være begyndt det andet sted: 47,9 % (mindst 20 %)",
        "Tilsyneladende effekt før start, hvor der ingen kan være: 3,6 procentpoint (højst 5)",
        "Lodtrækninger blandt almindelige virksomheder, som viser en effekt: 4,6 % (skal være fra 2 til 8 %)",
    ]  # fmt: skip
    assert gate.others == (
        "3 af 3 andre estimater holder ikke alle krav. 1 står uden tal, med en begrundelse.",
        # Of the same sample as the primary, at another month, of a subgroup.
        "Største forskel mellem grupperne efter vægtning: 3 holder ikke, værst 0,9 standardafvigelser",
        "Mindste effekt, som tallene kan vise: 1 holder ikke, værst 198,0 gange grænsen",
    )


def test_an_open_gate_says_how_much_was_tried_and_few_people_show_no_figures(tmp_path: Path) -> None:
    """`Open` without what was tried is a promise; a figure about two enterprises is about them."""
    inside = [row for row in OWN if row["verdict"] == "pass"]
    primary = AT_12 | COUNTS | {"is_primary": True, "gate": "pass"}
    gate = read_gate(written(tmp_path, [primary], inside))
    assert gate.is_open and "alle 3 krav" in gate.sentence and len(gate.own) == 3
    assert gate.others == ("Ingen andre estimater har et tal.",)
    (tmp_path / "few").mkdir()
    assert read_gate(written(tmp_path / "few", [primary | {"enterprises": 2}], inside)).own == ()


def test_without_a_primary_estimate_the_gate_stops_nothing(tmp_path: Path) -> None:
    """A young country has no estimate: that is no failure of its data."""
    missing = AT_12 | {"is_primary": True, "gate": "not_estimated", "reason": "nobody is observed that long"}
    gate = read_gate(written(tmp_path, [missing], []))
    assert gate.is_open and gate.sentence.startswith("Der er intet primært estimat") and not gate.failed


@pytest.mark.parametrize("diagnostic", sorted(WORDS))
def test_every_diagnostic_has_words_and_what_it_means_when_it_fails(tmp_path: Path, diagnostic: str) -> None:
    """A code in the middle of a Danish sentence."""
    gate = read_gate(written(tmp_path, [AT_12 | COUNTS | {"is_primary": True}], [of(diagnostic, 0.9, None, 0.1)]))
    assert "_" not in gate.own[0] and " – " in gate.own[0]
