"""The synthetic country's true effect beside the estimate: the proof that anybody can see.

Belongs here: reading the truth folder (pipelines alone may), over the supported treated of the primary estimate. Not here: estimating, making the country.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.publishing.audit import connect
from pipelines.answers import number
from pipelines.settings import Settings

if TYPE_CHECKING:
    from transforms.evaluation.protocol import Protocol

WORLD = {"RO": "other", "RN": "none"}
COMPARATOR = {"RO": "O", "RN": "N"}


@dataclass(frozen=True)
class Truth:
    """The mean true effect over the treated of an estimate, and how many of them the truth knows."""

    effect: float
    treated: int
    known: int


def true_effect(build_file: Path, truth: Path, protocol: Protocol) -> Truth | None:
    """The primary question's true effect: mean of employed in the world `rsv` less the comparator's world, over the treated that the estimate rests on; None where the truth cannot say.

    The treated are those of the estimate: first starts, observed at the horizon, with a comparator in their cell. The truth's person keys are the warehouse's under the sample key; a trial is the person's RSV start
    of that instrument in that month.
    """
    primary = protocol.primary
    if primary.outcome != "employed":
        return None
    with connect(build_file) as connection:
        row = connection.execute(
            f"""
            with seen as (
                select trials.* from intermediate.int_effect_trials as trials
                inner join intermediate.int_effect_outcomes as outcomes
                    on trials.trial_id = outcomes.trial_id and outcomes.h = $horizon and not outcomes.is_censored
                where trials.family = $family and trials.instrument in (select unnest($instruments))
                    and (trials.is_primary or not $first_only)
            ),
            treated as (
                select trial_id, person_key, month, instrument from seen
                where arm = 'R' and cell in (select cell from seen where arm = $comparator)
            ),
            effects as (
                select
                    treated.trial_id,
                    avg(worlds.is_employed_rsv::integer - worlds.is_employed_{WORLD[primary.contrast]}::integer) as effect
                from treated
                inner join read_parquet($spells) as spells
                    on treated.person_key = spells.person_key and treated.month = spells.start_month
                        and treated.instrument = spells.instrument and spells.enterprise_kind = 'rsv'
                inner join read_parquet($worlds) as worlds
                    on spells.spell = worlds.spell and worlds.horizon = $horizon and worlds.rsv_possible
                group by treated.trial_id
            )
            select (select count(*) from treated), count(*), avg(effect) from effects
            """,
            {
                "horizon": primary.horizon,
                "family": primary.family,
                "instruments": list(protocol.instrument_families[primary.instrument_family]),
                "comparator": COMPARATOR[primary.contrast],
                "first_only": primary.first_start_only,
                "spells": str(truth / "spells.parquet"),
                "worlds": str(truth / "potential_outcomes.parquet"),
            },
        ).fetchone()
    if row is None or not row[1]:
        return None
    return Truth(float(row[2]), int(row[0]), int(row[1]))


def primary_estimate(file: Path) -> dict[str, Any] | None:
    """The primary row of the first estimator in a published or build file."""
    with connect(file) as connection:
        cursor = connection.execute("select * from effect.fct_effect_estimates where is_primary")
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def effect_sentence(settings: Settings, truth: Path) -> str:
    """The primary outcome's estimate and interval, beside the truth, in Danish; always says `syntetisk`."""
    from transforms.evaluation.protocol import load_protocol

    row = primary_estimate(settings.published)
    if row is None or row["estimate"] is None:
        why = f" ({row['reason']})" if row and row["reason"] else ""
        return f"Hvad blev anderledes: det kan ikke siges af disse leverancer (syntetisk){why}."
    found = true_effect(settings.build_file, truth, load_protocol(settings.protocol))
    known = "kendes ikke" if found is None else f"er {points(found.effect)}"
    interval = (
        f" (95 %: {points(row['low'], False)} til {points(row['high'])})"
        if row["low"] is not None
        else " (uden interval)"
    )
    gate = {"pass": "Porten er åben.", "fail": "Porten er lukket: læs fct_effect_diagnostics først."}.get(
        row["gate"], ""
    )
    return (
        f"Hvad blev anderledes (syntetisk): {row['horizon']} måneder efter praktik eller løntilskud i en registreret socialøkonomisk virksomhed er estimatet {points(row['estimate'])}{interval} "
        f"flere i ordinært arbejde end efter det samme på andre arbejdspladser ({number(row['treated'])} starter, {number(row['enterprises'])} virksomheder). "
        f"Den sande effekt i det syntetiske land {known}. {gate}"
    ).strip()


def points(share: float, with_unit: bool = True) -> str:
    """A difference of shares in percentage points with its sign: +7,5 procentpoint."""
    text = number(abs(share) * 100, 1)
    sign = "−" if share < 0 and text.strip("0,") else "+" if text.strip("0,") else ""
    return f"{sign}{text}{' procentpoint' if with_unit else ''}"
