"""What the gate says, in Danish: the primary estimate's own diagnostics line by line, and how the other estimates fare in one line a diagnostic.

Belongs here: reading the gate out of a build or published file, its words. Not here: the diagnostics and their limits (transforms/evaluation/gate.py), every figure (effect.fct_effect_diagnostics).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from assets.publishing.audit import connect
from pipelines.answers import number
from pipelines.metadata import MIN_ENTERPRISES, MIN_PERSONS
from transforms.evaluation.protocol_schema import SHARES

# The order in which a reader asks: are they alike, are there enough, is there an effect where there can be none, could it have been seen.
# Words; the unit: share (shown in %), outcome (of the outcome that it is about), or what the number counts; what it means when it is outside.
WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "largest_difference": (
        "Største forskel mellem grupperne efter vægtning",
        "standardafvigelser",
        "resultatet kan skyldes, hvem der begynder hvor",
    ),
    "equipoise": (
        "Borgere, som lige så vel kunne være begyndt det andet sted",
        "share",
        "mange kunne kun være begyndt det ene sted",
    ),
    "effective_comparators": (
        "Borgere at sammenligne med for hver, der er begyndt",
        "",
        "der er for få at sammenligne med",
    ),
    "largest_weight": (
        "Største vægt på én enkelt borger i sammenligningen",
        "share",
        "enkelte borgere afgør for meget",
    ),
    "placebo_in_time": (
        "Tilsyneladende effekt før start, hvor der ingen kan være",
        "outcome",
        "grupperne gik hver sin vej allerede før start",
    ),
    "placebo_enterprises": (
        "Lodtrækninger blandt almindelige virksomheder, som viser en effekt",
        "share",
        "usikkerheden er regnet forkert",
    ),
    "smallest_detectable": (
        "Mindste effekt, som tallene kan vise",
        "outcome",
        "en mindre effekt kan findes uden at ses her",
    ),
    # The third design: registration as an event of the enterprise.
    "pre_trend": (
        "Tilsyneladende effekt før virksomheden blev registreret",
        "outcome",
        "virksomhederne gik hver sin vej allerede før registreringen",
    ),
    "breakdown": (
        "Hvor skævt udviklingen må gå, før resultatet falder",
        "gange forskellen før registreringen",
        "en mindre skævhed end den, der sås før, kan forklare resultatet",
    ),
    "registered_enterprises": (
        "Virksomheder, som blev registreret undervejs",
        "virksomheder",
        "der er for få virksomheder",
    ),
    "effective_registered_enterprises": (
        "Virksomheder, som blev registreret undervejs, regnet som lige store",
        "virksomheder",
        "få store virksomheder afgør resultatet",
    ),
}


@dataclass(frozen=True)
class Gate:
    """What the gate says of the primary estimate: open or not, in a sentence; `own` and `others`: a line a diagnostic; `failed`: names of the primary's diagnostics outside their limits."""

    is_open: bool
    sentence: str
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


PRIMARY = "select * from effect.fct_effect_estimates where is_primary"
# A diagnostic is about an estimate when it is of its sample (and outcome) at its horizon, or of its group's whole cohort (placebos).
ABOUT = """
    estimates.design = diagnostics.design and estimates.family = diagnostics.family and estimates.arm = diagnostics.arm and estimates.instrument = diagnostics.instrument
    and (
        (
            diagnostics.specification = estimates.specification and diagnostics.subgroup = estimates.subgroup and diagnostics.outcome in ('all', estimates.outcome)
            and diagnostics.horizon = estimates.horizon and diagnostics.estimator = estimates.estimator
        )
        or (diagnostics.specification = 'main' and diagnostics.subgroup = 'all' and diagnostics.outcome = 'all' and diagnostics.horizon = 0 and diagnostics.estimator = 'all')
    )
"""
OWN = f"""
    select diagnostics.diagnostic, diagnostics.figure, diagnostics.limit_low, diagnostics.limit_high, diagnostics.verdict, estimates.outcome
    from effect.fct_effect_estimates as estimates inner join effect.fct_effect_diagnostics as diagnostics on {ABOUT}
    where estimates.is_primary and (diagnostics.limit_low is not null or diagnostics.limit_high is not null)
"""
# The worst figure is the one farthest beyond its limit, as a multiple of it: figures of outcomes have other units.
OTHERS = f"""
    with judged as (
        select
            estimates.design, diagnostics.diagnostic, diagnostics.figure,
            case when diagnostics.figure < diagnostics.limit_low then diagnostics.limit_low - diagnostics.figure else diagnostics.figure - diagnostics.limit_high end as beyond,
            diagnostics.figure / nullif(diagnostics.limit_high, 0) as multiple
        from effect.fct_effect_estimates as estimates inner join effect.fct_effect_diagnostics as diagnostics on {ABOUT}
        where not estimates.is_primary and estimates.gate = 'fail' and diagnostics.verdict = 'fail' and estimates.treated >= {MIN_PERSONS} and estimates.enterprises >= {MIN_ENTERPRISES}
    )
    select diagnostic, count(*), max_by(figure, beyond), max(multiple) from judged group by diagnostic
"""
COUNTS = f"""
    select count(*) filter (where gate in ('pass', 'fail')), count(*) filter (where gate = 'fail'), count(*) filter (where gate = 'not_estimated')
    from effect.fct_effect_estimates where not is_primary and (gate = 'not_estimated' or (treated >= {MIN_PERSONS} and enterprises >= {MIN_ENTERPRISES}))
"""


def read_gate(file: Path) -> Gate:
    """The gate as it stands in a build or published file."""
    with connect(file) as connection:
        cursor = connection.execute(PRIMARY)
        names = [column[0] for column in cursor.description or ()]
        found = cursor.fetchone()
        own = connection.execute(OWN).fetchall() if found else []
        others = connection.execute(OTHERS).fetchall()
        counted = connection.execute(COUNTS).fetchone() or (0, 0, 0)
    told = _others(others, counted)
    primary = dict(zip(names, found, strict=True)) if found else None
    if primary is None or primary["gate"] == "not_estimated":
        return Gate(True, "Der er intet primært estimat at vurdere i disse leverancer.", (), told)
    made = sorted(
        (row for row in own if row[4] in ("pass", "fail")), key=lambda row: (row[4] == "pass", _place(row[0]))
    )
    failed = tuple(row[0] for row in made if row[4] == "fail")
    is_shown = (primary["treated"] or 0) >= MIN_PERSONS and (primary["enterprises"] or 0) >= MIN_ENTERPRISES
    lines = tuple(_line(*row) for row in made) if is_shown else ()
    if primary["gate"] == "pass":
        return Gate(
            True, f"Porten er åben: det primære estimat holder alle {len(made)} krav, som er prøvet.", lines, told
        )
    sentence = f"Porten er lukket: det primære estimat holder ikke {len(failed)} af {len(made)} krav og skal læses med det forbehold."
    return Gate(False, sentence, lines, told, failed)


def _line(diagnostic: str, figure: float, low: float | None, high: float | None, verdict: str, outcome: str) -> str:
    words, unit, meaning = WORDS.get(diagnostic, (diagnostic, "", ""))
    is_share = unit == "share"
    is_points = unit == "outcome" and outcome in SHARES
    shown = _shown(figure, is_share or is_points, low, high)
    unit_word = (
        " %" if is_share else " procentpoint" if is_points else f" {unit}" if unit not in ("", "outcome") else ""
    )
    limits = _limits(low, high, is_share or is_points) + (" %" if is_share else "")
    if verdict == "pass":
        return f"holder: {words}: {shown}{unit_word} ({limits})"
    return f"HOLDER IKKE: {words}: {shown}{unit_word} ({limits})" + (f" – {meaning}" if meaning else "")


def _shown(figure: float, is_percent: bool, low: float | None, high: float | None) -> str:
    """With as many decimals as it takes to see on which side of its limits it is."""
    scale = 100 if is_percent else 1
    for decimals in (1 if is_percent else 2, 3, 4, 5):
        shown = round(figure * scale, decimals)
        if all(_side(shown, limit * scale) == _side(figure, limit) for limit in (low, high) if limit is not None):
            return _plain(shown, decimals)
    return _plain(figure * scale, 6)


def _side(figure: float, limit: float) -> int:
    """Below the limit, on it or above."""
    return 0 if abs(figure - limit) <= 1e-12 * max(abs(limit), 1.0) else 1 if figure > limit else -1


def _plain(value: float, decimals: int) -> str:
    text = number(value, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def _limits(low: float | None, high: float | None, is_percent: bool) -> str:
    scale = 100 if is_percent else 1
    bounds = [None if limit is None else _plain(limit * scale, 4) for limit in (low, high)]
    if bounds[0] is not None and bounds[1] is not None:
        return f"skal være fra {bounds[0]} til {bounds[1]}"
    return f"mindst {bounds[0]}" if bounds[0] is not None else f"højst {bounds[1]}"


def _others(rows: Sequence[tuple[Any, ...]], counted: tuple[Any, ...]) -> tuple[str, ...]:
    estimated, failed, missing = (int(count) for count in counted)
    lines = [
        "Ingen andre estimater har et tal."
        if not estimated
        else f"{number(failed)} af {number(estimated)} andre estimater holder ikke alle krav. {number(missing)} står uden tal, med en begrundelse."
    ]
    for diagnostic, count, worst, multiple in sorted(rows, key=lambda row: _place(row[0])):
        words, unit, _ = WORDS.get(diagnostic, (diagnostic, "", ""))
        if unit == "outcome":
            told = f"værst {number(multiple, 1)} gange grænsen" if multiple else "over grænsen"
        else:
            told = f"værst {_plain(worst * (100 if unit == 'share' else 1), 1 if unit == 'share' else 2)}{' %' if unit == 'share' else f' {unit}' if unit else ''}"
        lines.append(f"{words}: {number(count)} holder ikke, {told}")
    return tuple(lines)


def _place(diagnostic: str) -> int:
    names = list(WORDS)
    return names.index(diagnostic) if diagnostic in names else len(names)
