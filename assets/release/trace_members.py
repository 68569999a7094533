"""Who is counted in a figure: the rows of the model's own SQL from which it counts.

Belongs here: which step of which model holds the rows of a count, what of them is counted, the proof that they add up. Not here: trials of the effect (trace_effect.py), where the rows come from (trace_lines.py).
A member is taken from the SQL that made the table (its steps before the last select), never from a second definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assets.release.trace_build import Build

MEMBERS: Final = "trace_members"
COLUMNS: Final = ("spell_id", "person_key", "enterprise_cvr")


@dataclass(frozen=True)
class Count:
    """How a count comes from rows: those that hold `condition`; `distinct`: different values of it, else rows; `total`: the sum of it; `is_share`: their share of all rows."""

    condition: str = "true"
    distinct: str | None = None
    total: str | None = None
    is_share: bool = False

    def sql(self, rows: str) -> str:
        """The count over `rows`, an alias with `is_member`."""
        holds = f"{rows}.is_member and ({self.condition})"
        if self.total:
            return f"coalesce(sum(case when {holds} then {rows}.{self.total} end), 0)"
        if self.is_share:
            return f"cast(count(case when {holds} then 1 end) as double) / nullif(count({rows}.is_member), 0)"
        return f"count({f'distinct case when {holds} then {rows}.{self.distinct}' if self.distinct else f'case when {holds} then 1'} end)"


@dataclass(frozen=True)
class Rows:
    """Rows that are counted: `step` of the SQL of `model` (`schema.table`), joined to the model's table by `keys` (key -> column of the step), of which `totals` may be all.

    `counts`: the model's column -> how it is counted. `columns`: of COLUMNS, those that the step has. `kinds`: of delivery, what decides that a row is one. `months`: event months whose pay is looked at.
    """

    model: str
    step: str
    keys: Mapping[str, str]
    totals: frozenset[str]
    counts: Mapping[str, Count]
    columns: Sequence[str]
    kinds: Sequence[str]

    def joined(self, build: Build, selected: str, where: str) -> str:
        """A query of the model's rows (`counted`) and those counted in each (`member`); `selected` may ask for both."""
        on = [
            f"(counted.{key} = 'all' or counted.{key} = member.{column})"
            if key in self.totals
            else f"counted.{key} = member.{column}"
            for key, column in self.keys.items()
        ]
        return f"{build.steps_of(self.model)}\nselect {selected} from {self.model} as counted left join (select *, true as is_member from {self.step}) as member on {' and '.join(on)} where {where}"


PERSON: Final = "person_key"
OF_PERSONS: Final = ("forloeb", "personer", "dream", "cvr_virksomheder", "cvr_produktionsenheder")
WITH_PAY: Final = (
    "forloeb",
    "eindkomst",
    "dream",
    "personer",
    "se_numre",
    "cvr_virksomheder",
    "cvr_produktionsenheder",
)

SCOPE: Final = Rows(
    "evaluation.fct_scope_cells",
    "spell_years",
    {"year": "year", "enterprise_kind": "kind", "municipality_group": "home_group", "municipality_code": "home_code", "instrument": "spell_instrument", "target_group": "spell_target_group", "age_band": "spell_age_band", "sex": "spell_sex"},
    frozenset({"enterprise_kind", "municipality_group", "municipality_code", "instrument", "target_group", "age_band", "sex"}),
    {"persons": Count("is_active", PERSON), "spells_started": Count("is_started"), "spells_active": Count("is_active")},
    COLUMNS,
    OF_PERSONS,
)  # fmt: skip
HOURS: Final = Rows(
    "evaluation.fct_hour_cells",
    "outcomes_by_year",
    {"start_year": "start_year", "horizon": "horizon", "enterprise_kind": "kind", "instrument": "spell_instrument", "target_group": "spell_target_group", "municipality_group": "home_group", "municipality_code": "home_code"},
    frozenset({"enterprise_kind", "instrument", "target_group", "municipality_group", "municipality_code"}),
    {"persons": Count(distinct=PERSON), "spells": Count(), "employed": Count("is_employed = 1"), "small_jobs": Count("is_small_job = 1"), **{f"band_{band}": Count(f"is_band_{band} = 1") for band in range(5)}, "exited": Count("is_exited = 1")},
    COLUMNS,
    WITH_PAY,
)  # fmt: skip
LASTING: Final = Rows(
    "evaluation.fct_lasting_cells",
    "outcomes_by_year",
    {"start_year": "start_year", "milestone": "milestone", "month": "month", "enterprise_kind": "kind", "instrument": "spell_instrument"},
    frozenset({"enterprise_kind", "instrument"}),
    {"persons": Count(distinct=PERSON), "spells": Count(), "events": Count("is_event = 1"), "competing": Count("is_competing = 1")},
    COLUMNS,
    WITH_PAY,
)  # fmt: skip
EVENT_MONTHS: Final = Rows(
    "evaluation.fct_event_month_cells",
    "outcomes",
    {"event_month": "event_month", "enterprise_kind": "kind", "baseline_band": "spell_baseline_band"},
    frozenset({"enterprise_kind", "baseline_band"}),
    {"persons": Count(distinct=PERSON), "spells": Count(), **{f"band_{band}": Count(f"is_band_{band} = 1") for band in range(5)}, "exited": Count("is_exited = 1")},
    COLUMNS,
    WITH_PAY,
)  # fmt: skip
REGISTERED: Final = Rows(
    "scope.fct_rsv_register_monthly",
    "states",
    {"month": "month"},
    frozenset(),
    {"rsv_registered": Count(), "rsv_active": Count("is_active"), "rsv_with_spells": Count("has_spells"), "municipalities_with_rsv": Count(distinct="municipality_code"), "employees": Count("is_active", total="employees")},
    ("enterprise_cvr",),
    ("cvr_virksomheder",),
)  # fmt: skip
CITIZENS: Final = Rows(
    "scope.fct_rsv_register_monthly",
    "citizens",
    {"month": "month"},
    frozenset(),
    {"citizens_unpaid": Count("not is_paid_by_employer", PERSON), "citizens_supported": Count("is_supported", PERSON)},
    COLUMNS,
    OF_PERSONS,
)
STARTED: Final = Rows(
    "scope.fct_rsv_register_monthly",
    "started_spells",
    {"month": "month"},
    frozenset(),
    {"guidance_share": Count("is_guidance", is_share=True)},
    COLUMNS,
    OF_PERSONS,
)
SUPPLIERS: Final = Rows(
    "scope.fct_municipal_supply_yearly",
    "registered",
    {"year": "year", "municipality_code": "municipality_code"},
    frozenset(),
    {"rsv_registered": Count(), "rsv_active": Count("is_active"), "industries": Count(distinct="industry")},
    ("enterprise_cvr",),
    ("cvr_virksomheder",),
)
PLACED: Final = Rows(
    "scope.fct_municipal_supply_yearly",
    "active_spells",
    {"year": "year", "municipality_code": "municipality_code"},
    frozenset(),
    {"persons_in_placement": Count(distinct=PERSON), "persons_in_rsv": Count("enterprise_kind = 'rsv'", PERSON)},
    COLUMNS,
    OF_PERSONS,
)
TARGETS: Final = Rows(
    "scope.fct_target_persons_yearly",
    "placed",
    {"year": "year", "municipality_code": "municipality_code"},
    frozenset(),
    {"persons": Count()},
    (PERSON,),
    ("dream", "personer"),
)
COUNTED: Final = (SCOPE, HOURS, LASTING, EVENT_MONTHS, REGISTERED, CITIZENS, STARTED, SUPPLIERS, PLACED, TARGETS)


@dataclass(frozen=True)
class Sought:
    """A count: `column` of the row (or rows) of a model that `where` and `values` name."""

    rows: Rows
    column: str
    where: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Proof:
    """A count of the model before disclosure control, and its members counted again. `table`: where it stands."""

    table: str
    column: str
    counted: float | None
    members: float

    @property
    def holds(self) -> bool:
        """Whether the members add up to the count; where there is none, there is nothing to add up to."""
        return self.counted is None or abs(self.counted - self.members) < 1e-9


def prove(build: Build, sought: Sequence[Sought]) -> list[Proof]:
    """Counts the members of counts, those of the same rows at once: a country's steps take a second each time."""
    at_once: dict[tuple[str, str, str], list[Sought]] = {}
    for one in sought:
        at_once.setdefault((one.rows.model, one.rows.step, one.where), []).append(one)
    found: dict[tuple[str, str, str, str], Proof] = {}
    for place, group in at_once.items():
        rows, where, values = group[0].rows, group[0].where, list(group[0].values)
        expressions = ", ".join(rows.counts[one.column].sql("member") for one in group)
        members = build.connection.execute(rows.joined(build, expressions, where), values).fetchone() or ()
        sums = ", ".join(f"sum(counted.{one.column})" for one in group)
        counted = build.connection.execute(f"select {sums} from {rows.model} as counted where {where}", values).fetchone() or ()  # fmt: skip
        for one, whole, parts in zip(group, counted, members, strict=True):
            found[*place, one.column] = Proof(rows.model, one.column, None if whole is None else float(whole), float(parts or 0))  # fmt: skip
    return [found[one.rows.model, one.rows.step, one.where, one.column] for one in sought]


def take(build: Build, sought: Sought) -> None:
    """Keeps the members of a count in the temporary table `MEMBERS`, with `COLUMNS`, null where the step has not got them."""
    rows = sought.rows
    selected = ", ".join(
        f"member.{name}"
        if name in rows.columns
        else f"cast(null as {'uuid' if name == PERSON else 'varchar'}) as {name}"
        for name in COLUMNS
    )
    # A share is of all its rows.
    count = rows.counts[sought.column]
    where = f"({sought.where}) and member.is_member and ({'true' if count.is_share else count.condition})"
    query = rows.joined(build, f"distinct {selected}", where)
    build.connection.execute(f"create or replace temp table {MEMBERS} as {query}", list(sought.values))
