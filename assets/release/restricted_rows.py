"""The tables of the restricted tier out of a published warehouse: keys anew, whole hours, months, five-year bands.

Belongs here: the queries and the keys. Not here: files (restricted_tier.py), what the columns are called in words (restricted.yml).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final

import duckdb
import pandas as pd

KEY_CHARACTERS: Final = 32
QUERIES: Final = {
    "spells": """
        select
            spells.person_key, spells.enterprise_cvr as enterprise_key, spells.spell_id as spell_key, spells.spell_number, spells.instrument, spells.enterprise_kind,
            date_trunc('month', spells.start_date)::date as start_month, date_trunc('month', spells.end_date)::date as end_month, spells.is_stale, spells.activities,
            spells.target_group, spells.regime, spells.municipality_code, spells.residence_code, cast(round(spells.planned_weekly_hours) as integer) as planned_weekly_hours,
            cast(spells.age_at_start // 5 * 5 as integer) as age_from, spells.sex, spells.benefit_group_before, cast(round(spells.baseline_hours) as integer) as baseline_hours,
            spells.last_observed_event_month, spells.is_first_of_instrument, spells.previous_instrument
        from core.fct_placement_spells as spells
        order by spells.person_key, spells.spell_number
    """,
    "person_months": """
        select
            months.person_key, months.month, persons.sex, cast(persons.birth_year // 5 * 5 as integer) as birth_year_from,
            cast(round(months.ordinary_hours) as integer) as ordinary_hours, cast(round(months.supported_hours) as integer) as supported_hours,
            cast(round(months.imputed_hours) as integer) as imputed_hours, cast(round(months.wage_dkk / 100) * 100 as integer) as wage_dkk, months.employers,
            months.hour_band, months.is_employed, months.is_small_job, months.benefit_weeks, months.unknown_weeks, months.weeks, months.benefit_group, months.is_self_supporting, months.labour_state
        from core.fct_person_months as months
        inner join core.dim_persons as persons on months.person_key = persons.person_key
        order by months.person_key, months.month
    """,
    "enterprises": """
        select
            enterprise_cvr as enterprise_key, cast(row_number() over (partition by enterprise_cvr order by valid_from) as integer) as period_number, date_trunc('month', valid_from)::date as valid_from_month, date_trunc('month', valid_to)::date as valid_to_month,
            municipality_code, municipality_group, substr(industry_code, 1, 2) as industry, legal_form, is_rsv
        from core.dim_enterprises
        order by enterprise_cvr, valid_from
    """,
    "effect_cohort": "select * exclude (protocol_hash) from effect.fct_effect_cohort order by all",
    "estimates": "select * from effect.fct_effect_estimates order by all",
    "diagnostics": "select * from effect.fct_effect_diagnostics order by all",
}
KEYS: Final = ("person_key", "enterprise_key", "spell_key")


def release_key(project_key: bytes, name: str) -> bytes:
    """The key of a release: of the project key and the release's name, so that another release's keys are other keys."""
    return hmac.new(project_key, f"release:{name}".encode(), hashlib.sha256).digest()


def key_maker(key: bytes) -> Callable[[str, object], str]:
    """kind and value -> a key of 32 hexadecimal digits; a person and an enterprise of the same text have other keys."""

    def made(kind: str, value: object) -> str:
        return hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()[:KEY_CHARACTERS]

    return made


def read_table(connection: duckdb.DuckDBPyConnection, name: str, key: bytes) -> pd.DataFrame:
    """A restricted table, its keys made anew and its rows in the order of these: the order of the warehouse's keys would lead back to them."""
    frame = connection.execute(QUERIES[name]).df()
    made = key_maker(key)
    present = [column for column in KEYS if column in frame]
    for column in present:
        codes, values = pd.factorize(frame[column])
        new = pd.Series([made(column, value) for value in values], dtype=object)
        frame[column] = new.reindex(codes).to_numpy() if len(new) else frame[column].astype(object)
    if present:
        frame = frame.sort_values(
            [*present, *[c for c in ("month", "spell_number", "period_number") if c in frame]],
            kind="stable",
            ignore_index=True,
        )
    return frame
