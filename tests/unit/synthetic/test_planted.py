"""What is planted is what a reader of the contract finds: the oracle, which shares no code with the generator or the product."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from raw.synthetic import make
from raw.synthetic.placement_log import placement_log
from raw.synthetic.simulate import LINE_ORDINARY
from tests.oracle import BuildStops, oracle, quality
from tests.oracle.world import World as Built

from .conftest import SMALL, Made, lived

KEY = hashlib.sha256(b"fodfaeste-sample").digest()
COUNTERS = (
    "unknown_extra_columns", "placement_older_version_stands", "payroll_line_repeated", "payroll_line_replaced", "payroll_reversal_without_match",
    "payroll_hours_missing_without_cross",
)  # fmt: skip
# With the sample's key nothing real may occur, so these cannot: nine digits of a constructed number do not exist (its first digit is 6 to 9), nor does modulus 11
# look at constructed numbers.
IMPOSSIBLE = {"cpr_leading_zero"}


@pytest.fixture(scope="module")
def read(small: Made) -> Built:
    """The small country as the oracle reads it."""
    return oracle.build(small.raw, None, KEY)


@pytest.fixture(scope="module")
def planted(small: Made) -> dict[str, int]:
    """The manifest."""
    return json.loads((small.truth / "planted.json").read_text(encoding="utf-8"))


def _failed(built: Built) -> dict[str, int]:
    results = pd.DataFrame(list(quality.fct_rule_results(built.deliveries)), columns=quality.FCT_RULE_RESULTS)
    failed = results.groupby("rule")["rows_failed"].sum()
    return {str(rule): int(rows) for rule, rows in failed.items() if rows}


def test_every_rule_fails_for_as_many_rows_as_were_planted(read: Built, planted: dict[str, int]) -> None:
    """A rule that cannot be seen to work, or a sound row that is rejected."""
    assert _failed(read) == {rule: count for rule, count in planted.items() if "." in rule}


def test_every_row_and_file_rule_of_the_contract_is_planted(planted: dict[str, int]) -> None:
    """A rejection rule that the sample country never meets."""
    from raw.synthetic.parameters import SEEDS, read_csv

    rules = read_csv(SEEDS.parents[1] / "expectations" / "catalogue.csv")
    wanted = {row["rule"] for row in rules if row["level"] in ("hard", "soft", "file")}
    assert wanted - set(planted) == {rule for rule in wanted if rule.endswith("cpr_without_modulus_11")}


def test_counters_count_what_was_planted(read: Built, planted: dict[str, int]) -> None:
    """A repair or oddity that is counted twice or not at all."""
    found = {str(name): int(value) for name, value in quality.fct_counters(read)}
    assert {name: found[name] for name in COUNTERS} == {name: planted[name] for name in COUNTERS}
    others = set(found) - set(COUNTERS) - IMPOSSIBLE
    # Not planted but lived, so that a small country may have none.
    assert {name for name in others if found[name] == 0} <= {"person_return_after_emigration", "placement_stale"}


def test_some_activities_are_never_ended() -> None:
    """A country without stale activities: nobody would see what becomes of them."""
    world, country = lived(6_000)
    log = placement_log(world, country)
    open_ended = {
        row.activity
        for row in log.rows
        if row.end is None and row.instrument in ("TVED", "TVEK") and row.start < world.calendar.last_day - 800
    }
    never = open_ended - {row.activity for row in log.rows if row.end is not None or row.handling == "S"}
    assert 0 < len(never) < 0.1 * len(open_ended)


def test_outcomes_of_files_are_those_planted(read: Built, planted: dict[str, int]) -> None:
    """A sound file that is refused, a duplicate that counts."""
    files = pd.DataFrame(list(quality.fct_deliveries(read.deliveries)), columns=quality.FCT_DELIVERIES)
    outcomes = files["outcome"].value_counts()
    assert int(outcomes["duplicate"]) == planted["duplicate"]
    assert int(outcomes["unrecognised"]) == planted["unrecognised"]
    assert int(outcomes["superseded"]) == planted["superseded"]
    refusing = {
        "payroll.trailer_missing",
        "payroll.trailer_count",
        "payroll.trailer_sum_0013",
        "payroll.trailer_sum_0200",
        "payroll.line_numbers",
        "placement.mixed_date_forms",
        "dream.missing_week",
    }
    assert int(outcomes["refused"]) == sum(
        count for rule, count in planted.items() if rule.startswith("file.") or rule in refusing
    )


def test_the_defaults_trip_no_stop_rule_and_leave_months_to_observe(read: Built) -> None:
    """A first run that ends with an error, or with nothing in it (`oracle.build` raises where the contract stops)."""
    assert oracle.month_date(read.plan.observed_from).isoformat() == "2018-02-01"
    # The last month lacks a part and two months have to mature.
    assert oracle.month_date(read.plan.observed_through).isoformat() == "2020-03-01"


def test_a_country_without_defects_has_none(clean: Made) -> None:
    """A benchmark that measures rejections, and defects that nobody chose."""
    built = oracle.build(clean.raw, None, KEY)
    assert _failed(built) == {}
    assert {delivery.outcome for delivery in built.deliveries} == {"used"}
    # What was reported before the first delivered month can be reversed in it: that is no defect, and is counted all the same.
    assert set(json.loads((clean.truth / "planted.json").read_text())) <= {"payroll_reversal_without_match"}
    assert oracle.month_date(built.plan.observed_through).isoformat() == "2020-04-01"


def test_planted_rows_do_not_change_what_is_counted(small: Made, clean: Made, read: Built) -> None:
    """A defect that moves the truth: activities and hours of the target population are those of the country without defects, where no month is missing."""
    sound = oracle.build(clean.raw, None, KEY)
    lost = {activity.version.activity_id for activity in sound.activities} - {
        activity.version.activity_id for activity in read.activities
    }
    assert {activity.version.activity_id for activity in read.activities} <= {
        activity.version.activity_id for activity in sound.activities
    }
    assert len(lost) <= len(sound.activities) * 0.05
    both = [
        (sound.panel[person][month].ordinary, read.panel[person][month].ordinary)
        for person in set(sound.panel) & set(read.panel)
        for month in set(sound.panel[person]) & set(read.panel[person])
    ]
    assert len(both) > 10_000
    assert sum(before != after for before, after in both) / len(both) < 0.002


def test_what_a_build_sees_is_what_was_lived(clean: Made) -> None:
    """Hours of a subsidy or a flex job that look ordinary, corrections that do not add up: the truth would be about other numbers than the warehouse's."""
    built = oracle.build(clean.raw, None, KEY)
    world, country = lived(
        SMALL["persons"],
        SMALL["seed"],
        last=SMALL["last_month"],
        first=SMALL["first_month"],
        municipalities=SMALL["municipalities"],
    )
    lines, calendar = country.lines, world.calendar
    hours = np.zeros((len(world.people), calendar.last + 1))
    ordinary = lines.kind == LINE_ORDINARY
    np.add.at(hours, (lines.person[ordinary], lines.month[ordinary]), lines.quarters[ordinary] / 4.0)
    position = {f"{number:010d}": at for at, number in enumerate(world.people.cpr.tolist())}
    seen, was = [], []
    for person, months in built.panel.items():
        for month, row in months.items():
            seen.append(row.ordinary / 10_000)
            was.append(hours[position[person], calendar.index(oracle.month_date(month).isoformat()[:7])])
    seen_hours, lived_hours = np.array(seen), np.array(was)
    assert len(seen_hours) > 10_000
    assert ((seen_hours >= 1) == (lived_hours >= 1)).mean() > 0.99
    # Late reports, odd periods and hours that could not be given move some months.
    assert (np.abs(seen_hours - lived_hours) < 0.01).mean() > 0.93
    assert abs(seen_hours.mean() / lived_hours.mean() - 1) < 0.03


def test_a_stop_can_be_asked_for(tmp_path: Path) -> None:
    """A stop rule that no country can trip could not be tried out."""
    make(
        tmp_path / "raw",
        60,
        "2018-01",
        "2018-06",
        truth=False,
        municipalities=1,
        defects={"first_month_incomplete": True},
    )
    with pytest.raises(BuildStops, match="first_payroll_month_incomplete"):
        oracle.build(tmp_path / "raw", None, KEY)
