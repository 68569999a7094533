"""The manifest is given away with the public tier: what it may say."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import pytest

from assets.release.manifest import coarse, facts
from transforms.disclosure.protect import Protection

KIND = "forloeb"


@pytest.fixture
def told() -> dict[str, Any]:
    """Three files of one source, two of them used, and one system that was protected."""
    protection = Protection(
        status=pd.Series(dtype=object),
        reason=pd.Series(dtype=object),
        audit=pd.DataFrame({"is_safe": [True, True]}),
        information_loss={"cells": 500, "share_of_counts_kept": 0.98765},
        blocks=pd.DataFrame({"ended_by": ["gap", "time", "gap"], "seconds": [1.0, 2.0, 3.0]}),
    )
    with duckdb.connect() as connection:
        connection.execute("create schema quality; create schema effect")
        connection.execute(
            "create table quality.fct_builds as select date '2021-12-31' as as_of, null::date as observed_from, null::date as observed_through, "
            "date '2018-07-01' as placement_first_month, null::date as register_day, 'abc' as code_version, '{}' as parameters, true as is_sample_key"
        )
        connection.execute("create table effect.fct_effect_estimates as select 'hash' as protocol_hash")
        connection.execute(
            f"create table quality.fct_deliveries as select '{KIND}' as kind, * from (values ('a', 'used', 4, 3, 1), ('b', 'used', 6, 6, 0), ('c', 'superseded', 3, 3, 0)) "
            "as t (sha256, outcome, rows_delivered, rows_accepted, rows_rejected)"
        )
        return facts(connection, "r", is_preview=False, rows={}, protections={"scope": protection}, unfilled=["doi"])


def test_rows_are_told_by_source_not_by_file(told: dict[str, Any]) -> None:
    """A file is a municipality's month: its rows are a count that no rule of disclosure control has seen."""
    assert [set(file) for file in told["deliveries"]] == [{"kind", "sha256", "outcome"}] * 3
    assert told["sources"] == [
        {
            "kind": KIND,
            "files": 3,
            "files_used": 2,
            "rows_delivered": 13,
            "rows_used": 9,
            "rows_rejected": 1,
            "rows_of_files_not_used": 3,
        }
    ]


def test_shares_are_too_coarse_to_sum_what_is_suppressed(told: dict[str, Any]) -> None:
    """An exact share gives the sum of the suppressed counts, an equation of which the audit knows nothing."""
    assert told["information_loss"]["scope"] == {"cells": 500, "share_of_counts_kept": 0.99}
    assert coarse({"cells": 499, "share_of_counts_kept": 0.98765}) == {"cells": 499, "share_of_counts_kept": None}


def test_the_audit_and_how_the_search_ended_are_told_without_times(told: dict[str, Any]) -> None:
    """A time in the manifest makes two runs of the same inputs differ."""
    assert told["protection"]["scope"] == {
        "counts_audited": 2,
        "all_safe": True,
        "blocks": 3,
        "ended_by": {"gap": 2, "time": 1},
    }
    assert told["unfilled"] == ["doi"]
