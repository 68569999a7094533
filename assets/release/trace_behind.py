"""What is behind a figure in the build: members that add up, and the delivered lines.

Belongs here: the order of the parts, the proof as a condition. Not here: the parts (trace_counts.py, trace_members.py, trace_effect.py, trace_lines.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assets.release.trace_build import Build
from assets.release.trace_counts import counts_behind, event_months
from assets.release.trace_effect import TABLES, take_trials
from assets.release.trace_figure import Figure, Release, refuse
from assets.release.trace_lines import Lines, lines_of, months_of_spells
from assets.release.trace_members import MEMBERS, WITH_PAY, Proof, prove, take
from assets.release.trace_same import require_same_figures
from transforms.evaluation.plan import plan_of
from transforms.evaluation.protocol import load_protocol
from transforms.evaluation.samples import Cohorts

CLOSE: Final = 1e-9


@dataclass(frozen=True)
class Behind:
    """`column`: the count whose members these are; how many spells, persons and enterprises they are; every count of the row with its proof; the delivered lines. `not_public`: of the row, what the release hides, rounds or leaves out."""

    column: str
    spells: int
    persons: int
    enterprises: int
    proofs: tuple[Proof, ...]
    lines: tuple[Lines, ...]
    not_public: tuple[str, ...] = ()


def behind(build: Build, release: Release, figure: Figure, cohorts: Cohorts, most: int) -> Behind:
    """Looks behind a figure. `most`: lines shown of each kind of delivery.

    Raises:
        TraceError: a build of other models than the release's, members that do not add up to the count before disclosure control, or to the figure released.
    """
    require_same_figures(build, release, figure.table)
    kinds: Sequence[str] = WITH_PAY
    if figure.table.name in TABLES:
        protocol = load_protocol()
        if protocol.sha256 != release.manifest["protocol_hash"]:
            refuse("protocol.yml", "protocol_other", "the protocol is not the one that the release was made by", "take the code of the release")  # fmt: skip
        column, found = take_trials(build, plan_of(protocol), cohorts, figure)
        proofs = {one.column: one for one in found}
        # Rounded in the release, which the comparison of the whole table knows.
        of_measures: dict[str, Proof] = {}
    else:
        named = [
            (shown.name, one) for shown in figure.measures for one in counts_behind(release.design, figure, shown.name)
        ]
        measures = [measure for measure, _ in named]
        proved = prove(build, [one for _, one in named])
        proofs = {f"{one.rows.step}.{one.column}": proof for (_, one), proof in zip(named, proved, strict=True)}
        # What is made of several counts is none of them.
        of_measures = {
            measure: proof for measure, proof in zip(measures, proved, strict=True) if measures.count(measure) == 1
        }
        first = named[0][1]
        take(build, first)
        column, kinds = first.column, first.rows.kinds
        months_of_spells(build, event_months(figure))
    _hold(figure, list(proofs.values()), of_measures)
    hidden = _not_public(figure, list(proofs.values()))
    if next(iter(proofs.values())).counted is None:
        # No figure, no members.
        return Behind(column, 0, 0, 0, tuple(proofs.values()), (), hidden)
    counted = build.connection.execute(
        f"select count(distinct spell_id), count(distinct person_key), count(distinct enterprise_cvr) from {MEMBERS}"
    ).fetchone()
    spells, persons, enterprises = counted or (0, 0, 0)
    lines = tuple(lines_of(build, kinds, most))
    return Behind(column, spells, persons, enterprises, tuple(proofs.values()), lines, hidden)


def _not_public(figure: Figure, proofs: Sequence[Proof]) -> tuple[str, ...]:
    hidden = [one.name for one in figure.measures if one.is_hidden]
    if figure.table.name in TABLES:
        shown = {one.name: one.value for one in figure.measures}
        hidden += [one.column for one in proofs if one.counted is not None and shown.get(one.column) != one.counted]
    return tuple(dict.fromkeys(hidden))


def _hold(figure: Figure, proofs: Sequence[Proof], of_measures: Mapping[str, Proof]) -> None:
    for proof in proofs:
        if not proof.holds:
            refuse(proof.table, "members_differ", f"{proof.column} is {proof.counted:g} in the table and its members add up to {proof.members:g}", "build and release anew; when it stays, it is a fault of the programme: report it with this line")  # fmt: skip
    for shown in figure.measures:
        proof_of = of_measures.get(shown.name)
        if shown.value is not None and proof_of and abs(float(shown.value) - proof_of.members) > CLOSE:
            refuse(f"{figure.table.name}.parquet", "figure_differs", f"{shown.name} is {shown.value:g} in the release and its members add up to {proof_of.members:g}", "the release was not made from this build: take the one that it was made from")  # fmt: skip
