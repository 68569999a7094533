"""The sections of a protocol about method: how effects are estimated, and what would make us not believe them.

Belongs here: estimators, inference, exits, limits of the gate, subgroups, placebos, the third design, seeds. Not here: who is compared (protocol_sections.py).
"""

from __future__ import annotations

from typing import Final

from transforms.evaluation import protocol_schema as schema
from transforms.evaluation.protocol import (
    Diagnostics,
    Estimators,
    Horizons,
    Inference,
    Placebo,
    Registration,
    Seeds,
    Subgroups,
)
from transforms.evaluation.protocol_reader import Section

LARGEST_SEED: Final = 2**31 - 1


def estimators(section: Section) -> Estimators:
    """Folds, penalties, moments, the treated that a group needs."""
    aipw, entropy = section.section("aipw"), section.section("entropy")
    found = Estimators(
        aipw.whole("folds", 2, 20),
        aipw.number("propensity_penalty", 1e-9, 1e9),
        aipw.number("outcome_penalty", 1e-9, 1e9),
        aipw.choice("terms", ("squares_and_products", "linear")),
        entropy.whole("moments", 1, 3),
        entropy.number("tolerance", 1e-14, 0.01),
        section.whole("least_treated", 2, 1_000_000),
    )
    for one in (aipw, entropy, section):
        one.close()
    return found


def inference(section: Section) -> Inference:
    """The level, and how many questions are answered for."""
    found = Inference(section.number("level", 0.5, 0.999), section.choice("multiplicity", ("holm",)))
    section.close()
    return found


def exits(section: Section) -> dict[str, str]:
    """What stands for those who leave."""
    found = {name: section.choice(name, ways) for name, ways in schema.EXITS.items()}
    section.close()
    return found


def diagnostics(section: Section) -> Diagnostics:
    """The limits of the gate."""
    found = Diagnostics(
        section.number("largest_difference", 0.001, 1),
        section.number("equipoise", 0, 1),
        section.number("comparators_of_treated", 0, 1000),
        section.number("largest_weight", 0.0001, 1),
        section.number("largest_weight_of_equal", 1, 1000),
        section.number("placebo_in_time", 1e-6, 1e9),
        _pair(section.numbers("placebo_size", 0, 1, length=2)),
    )
    section.close()
    return found


def _pair(values: tuple[float, ...]) -> tuple[float, float]:
    return (values[0], values[1]) if len(values) == 2 else (0.0, 1.0)


def subgroups(section: Section) -> Subgroups:
    """Which, and how large they must be."""
    found = Subgroups(
        section.names("by", schema.SUBGROUPS, empty=True),
        section.whole("least_treated", 1, 1_000_000),
        section.whole("least_enterprises", 2, 100_000),
        section.number("least_effective_enterprises", 1, 100_000),
    )
    section.close()
    return found


def placebo(section: Section, outcomes: tuple[str, ...], horizons: Horizons) -> Placebo:
    """Placebos in time and of enterprises."""
    time, enterprises = section.section("in_time"), section.section("enterprises")
    found = Placebo(
        time.whole("first_month", -11, -1),
        time.whole("last_month", -11, -1),
        time.whole("covariates_from", -12, -12),
        enterprises.whole("draws", 1000, 1_000_000),
        enterprises.choice("outcome", outcomes),
        enterprises.whole("horizon", 1, horizons.last_month),
    )
    if found.last_month < found.first_month:
        time.wrong("last_month", f"a month from first_month ({found.first_month}) to -1")
    if found.first_month < horizons.first_month:
        time.wrong("first_month", f"a month from horizons.first_month ({horizons.first_month}) to -1")
    for one in (time, enterprises, section):
        one.close()
    return found


def registration(section: Section, outcomes: tuple[str, ...], horizons: Horizons) -> Registration:
    """The third design."""
    found = Registration(
        section.choice("comparison", ("not_yet_treated", "never_treated")),
        section.choice("method", ("doubly_robust", "regression", "ipw")),
        section.names("outcomes", outcomes),
        section.whole("horizon", 1, horizons.last_month),
        section.numbers("relative_magnitudes", 0, 100),
        section.number("least_breakdown", 0, 100),
    )
    if found.relative_magnitudes and found.least_breakdown > found.relative_magnitudes[-1]:
        section.wrong(
            "least_breakdown", f"at most the largest of relative_magnitudes ({found.relative_magnitudes[-1]:g})"
        )
    section.close()
    return found


def seeds(section: Section) -> Seeds:
    """What draws start from."""
    found = Seeds(*(section.whole(name, 0, LARGEST_SEED) for name in ("sampling", "folds", "bands", "placebo")))
    section.close()
    return found
