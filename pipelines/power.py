"""`fodfaeste power`: the smallest effects that could be seen, as a table and a plot in the report folder.

Belongs here: reading the cohorts of a build file, CSV and plot. Not here: the computation (transforms/evaluation/power.py).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click
import pandas as pd

from assets.publishing.audit import connect
from pipelines.answers import number
from pipelines.cohorts import BuildCohorts
from pipelines.effect import COHORTS
from pipelines.settings import Settings

LABELS = {
    "work_trial": "Virksomhedspraktik",
    "wage_subsidy": "Løntilskud",
    "work_trial_and_wage_subsidy": "Praktik og løntilskud",
    "guidance_upskilling": "Vejledning og opkvalificering",
}
ARMS = {"RO": "mod andre arbejdspladser", "RN": "mod ikke nu"}


def report_folder(settings: Settings) -> Path:
    """Where what is made for reading stands."""
    return settings.warehouse / "report"


def run(settings: Settings) -> int:
    """Writes `power.csv`, `power.svg` and `power.png` and says the table; returns the exit code."""
    if not has_cohorts(settings):
        click.secho(f"{settings.build_file}: no cohorts yet. Build first: fodfaeste build --force.", fg="red", err=True)
        return 1
    from transforms.evaluation.plan import plan_of
    from transforms.evaluation.power import power_table
    from transforms.evaluation.protocol import load_protocol

    plan = plan_of(load_protocol(settings.protocol))
    with connect(settings.build_file) as connection:
        started = time.monotonic()
        table = power_table(
            plan,
            BuildCohorts(connection),
            say=lambda line: click.echo(f"  {time.monotonic() - started:6.1f} s  {line}", err=True),
        )
    folder = report_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "power.csv", index=False)
    draw(table[table["outcome"] == plan.primary[3]], folder)
    for line in lines(table, plan.shares):
        click.echo(line)
    click.echo(f"\nNo outcome after a start was read. Table and plot: {folder}/power.csv, power.svg, power.png")
    return 0


def has_cohorts(settings: Settings) -> bool:
    """Whether the build file is there and holds the cohorts."""
    if not settings.build_file.is_file():
        return False
    with connect(settings.build_file) as connection:
        found = connection.execute(
            "select count(*) from duckdb_tables() where schema_name = 'intermediate' and table_name in (select unnest(?))",
            [list(COHORTS)],
        ).fetchone()
    return bool(found and found[0] == len(COHORTS))


def lines(table: pd.DataFrame, shares: frozenset[str]) -> list[str]:
    """The table as text, a line a group and outcome, horizons side by side; shares in percentage points."""
    horizons = sorted(table["horizon"].unique())
    shown = [f"{'':<58}" + "".join(f"{f'{horizon} mdr.':>10}" for horizon in horizons)]
    for (arm, family, instrument, outcome), rows in table.groupby(
        ["arm", "family", "instrument", "outcome"], sort=False
    ):
        by_horizon = rows.set_index("horizon")
        texts = [_shown(by_horizon.loc[horizon], outcome in shares) for horizon in horizons]
        name = f"{LABELS.get(str(instrument), instrument)} {arm} {family}, {outcome}"
        shown.append(f"{name:<58}" + "".join(f"{text:>10}" for text in texts))
    return shown


def _shown(row: Any, is_share: bool) -> str:
    value = row["smallest_detectable_effect"]
    return "–" if pd.isna(value) else f"{number(value * (100 if is_share else 1), 1)}{' pp' if is_share else ''}"


def draw(table: pd.DataFrame, folder: Path) -> None:
    """Smallest detectable effect by horizon, a line an instrument, a panel an arm and family; as SVG and PNG, without a request outside."""
    import altair as alt
    import vl_convert as vlc

    known = table[table["smallest_detectable_effect"].notna()].copy()
    known["punkter"] = known["smallest_detectable_effect"] * 100
    known["redskab"] = known["instrument"].map(lambda name: LABELS.get(name, name))
    known["panel"] = [
        f"{ARMS.get(arm, arm)}, familie {family}" for arm, family in zip(known["arm"], known["family"], strict=True)
    ]
    limit = float(table["smallest_effect_that_matters"].max()) * 100
    lines_ = (
        alt.Chart()
        .mark_line(point=True)
        .encode(
            x=alt.X("horizon:Q", title="Måneder efter start", axis=alt.Axis(values=sorted(table["horizon"].unique()))),
            y=alt.Y("punkter:Q", title="Mindste effekt, der kan ses (procentpoint)"),
            color=alt.Color("redskab:N", title="Redskab"),
        )
    )
    rule = alt.Chart().mark_rule(strokeDash=[4, 4], color="#666").encode(y=alt.datum(limit))
    chart = (
        alt.layer(lines_, rule, data=known[["horizon", "punkter", "redskab", "panel"]])
        .properties(width=260, height=180)
        .facet(alt.Facet("panel:N", title=None), columns=2, title="Hvor små effekter kan ses?")
    )
    specification = chart.to_dict()
    (folder / "power.svg").write_text(vlc.vegalite_to_svg(specification), encoding="utf-8")
    (folder / "power.png").write_bytes(vlc.vegalite_to_png(specification, scale=2))
