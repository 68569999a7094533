"""Progression: hours after the start by band, who is in work, whether it lasts by both definitions.

Belongs here: figures of progression over horizons. Not here: the same spells month by month (progression_months.py), effect (effect.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.charts.dots import dot_chart
from assets.report.charts.stacked import stacked_chart
from assets.report.findings import progression as say
from assets.report.language import Language
from assets.report.model import Figure, Section
from assets.report.sections.bands import band_colours, band_names, band_row, spread
from assets.report.sections.parts import figure, share_and_interval, table
from assets.report.sections.progression_months import event_months, transitions
from assets.report.status import is_protected, status_of
from assets.report.theme import OTHER, RSV
from assets.report.tier import Tier

KINDS = ("rsv", "other")
POOLED = {"start_year": 0, "instrument": "all"}


def section(tier: Tier, language: Language) -> Section:
    """Progression: towards more hours, and lasting."""
    return Section(
        "progression",
        language.pick("Progression: mod flere timer, og varigt", "Progression: towards more hours, and lasting"),
        (
            language.pick(
                "Timer er ordinære løntimer i én måned efter Beskæftigelsesindikatorens bånd; timer med løntilskud og fleksjob er ikke med. Måned 0 er den måned, forløbet startede. Jo længere frem, jo færre forløb er fulgt så længe; hvor de samme forløb følges hele vejen, står det ved figuren.",
                "Hours are ordinary paid hours in one month, in the official bands; hours with wage subsidy and flex jobs are not among them. Month 0 is the month in which the placement started. The later the month, the fewer placements have been followed that long; where the same placements are followed all the way, the figure says so.",
            ),
        ),
        (
            event_months(tier, language),
            bands(tier, language),
            transitions(tier, language),
            horizons(tier, language),
            target_groups(tier, language),
            lasting(tier, language),
        ),
    )


def bands(tier: Tier, language: Language) -> Figure:
    """Spells by band of hours at each horizon, RSV and others."""
    names = band_names(tier, language)
    rows = tier.rows("hours_by_target_group", **POOLED, target_group="all").sort_values("horizon")
    parts: list[dict[str, object]] = []
    body: list[list[str]] = []
    for kind in KINDS:
        short = tier.labels.of("kind_short", kind, language)
        for _, row in rows[rows["enterprise_kind"] == kind].iterrows():
            label = language.pick(f"{short}, måned {row['horizon']}", f"{short}, month {row['horizon']}")
            parts += spread(row, label, names)
            body.append(band_row(row, label, language))
    title = language.pick("Ordinære timer efter start", "Ordinary hours after the start")
    columns = ["", language.pick("Forløb", "Placements"), *names.values()]
    twelve = tier.row("hours_by_target_group", **POOLED, target_group="all", enterprise_kind="rsv", horizon=12)
    return figure(
        "timer", title, say.bands(twelve, 12, language), table(title, columns, body), ["hours_by_target_group"],
        (lambda size: stacked_chart(pd.DataFrame(parts), band_colours(names), size, language)) if parts else None, language,
        note=language.pick("Andel af forløb. Forløb, hvor borgeren var i ordinært arbejde måneden før start, er ikke med.", "Share of placements. Placements of citizens who were in ordinary work the month before are left out."),
    )  # fmt: skip


def horizons(tier: Tier, language: Language) -> Figure:
    """Share in ordinary work at each horizon with its interval, RSV and others."""
    rows = tier.rows("hours_by_target_group", **POOLED, target_group="all").sort_values("horizon")
    names = {kind: tier.labels.of("enterprise_kind", kind, language) for kind in KINDS}
    by_kind = {kind: rows[rows["enterprise_kind"] == kind] for kind in KINDS}
    shown = pd.concat([_dots(part, [language.pick(f"Måned {h}", f"Month {h}") for h in part["horizon"]], names[kind]) for kind, part in by_kind.items()])  # fmt: skip
    shown = shown.sort_values("order", kind="stable")
    title = language.pick("I ordinært arbejde efter start", "In ordinary work after the start")
    body = [
        [f"{names[kind]}, {language.pick('måned', 'month')} {row['horizon']}", language.shown(row["spells"], status_of(row, "spells")), language.shown(row["employed"], status_of(row, "employed")), *share_and_interval(row, language)]
        for kind, part in by_kind.items()
        for _, row in part.iterrows()
    ]  # fmt: skip
    columns = ["", language.pick("Forløb", "Placements"), language.pick("I arbejde", "In work"), language.pick("Andel", "Share"), language.pick("95 %-interval", "95% interval")]  # fmt: skip
    return figure(
        "beskaeftigelse", title, say.by_horizon(by_kind, tier, language), table(title, columns, body), ["hours_by_target_group"],
        (lambda size: dot_chart(shown, {names["rsv"]: RSV, names["other"]: OTHER}, size, language)) if len(shown) else None, language,
        note=_intervals(language),
    )  # fmt: skip


def _dots(part: pd.DataFrame, labels: list[str], series: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": labels, "series": series, "value": part["share"].to_numpy(), "low": part["ci_lower"].to_numpy(),
            "high": part["ci_upper"].to_numpy(), "is_hidden": is_protected(part, "share").to_numpy(), "is_hollow": False, "order": range(len(part)),
        }
    )  # fmt: skip


def _intervals(language: Language) -> str:
    return language.pick(
        "Streger: 95 %-intervaller, beregnet ved at udelade én virksomhed ad gangen.",
        "Lines: 95% intervals, computed by leaving out one enterprise at a time.",
    )


def target_groups(tier: Tier, language: Language) -> Figure:
    """Share in ordinary work twelve months after the start at an RSV, by target group."""
    rows = tier.rows("hours_by_target_group", **POOLED, enterprise_kind="rsv", horizon=12)
    rows = rows[rows["target_group"] != "all"].sort_values(["share", "target_group"], ascending=[False, True], na_position="last")  # fmt: skip
    labels = [tier.labels.of("target_group", code, language) for code in rows["target_group"]]
    shown = _dots(rows, labels, "rsv")
    title = language.pick("I ordinært arbejde efter 12 måneder, efter målgruppe", "In ordinary work after 12 months, by target group")  # fmt: skip
    body = [
        [label, language.shown(row["spells"], status_of(row, "spells")), language.shown(row["employed"], status_of(row, "employed")), *share_and_interval(row, language)]
        for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
    ]  # fmt: skip
    columns = [language.pick("Målgruppe", "Target group"), language.pick("Forløb", "Placements"), language.pick("I arbejde", "In work"), language.pick("Andel", "Share"), language.pick("95 %-interval", "95% interval")]  # fmt: skip
    return figure(
        "maalgrupper", title, say.by_target_group(rows, tier, language), table(title, columns, body), ["hours_by_target_group"],
        (lambda size: dot_chart(shown, {"rsv": RSV}, size, language)) if len(shown) else None, language,
        note=_intervals(language),
    )  # fmt: skip


def lasting(tier: Tier, language: Language) -> Figure:
    """Share who have reached each milestone, both definitions of lasting first, by months since the start."""
    rows = tier.rows("lasting_attachment", **POOLED, enterprise_kind="rsv")
    shown_rows = rows[rows["milestone"].isin(say.LASTING)].sort_values(["month", "milestone"])
    names = {name: tier.labels.of("milestone", name, language) for name in say.LASTING}
    labels = [language.pick(f"Inden for {m} måneder", f"Within {m} months") for m in shown_rows["month"]]
    shown = _dots(shown_rows, labels, "").assign(series=shown_rows["milestone"].map(names).to_numpy())
    title = language.pick("Varig tilknytning: to definitioner side om side", "Lasting attachment: two definitions side by side")  # fmt: skip
    order = [*say.LASTING, *sorted(set(rows["milestone"]) - set(say.LASTING))]
    body = [
        [f"{tier.labels.of('milestone', milestone, language)}, {row['month']} {language.pick('mdr.', 'mo.')}", language.shown(row["spells"], status_of(row, "spells")), language.shown(row["events"], status_of(row, "events")), *share_and_interval(row, language)]
        for milestone in order
        for _, row in rows[rows["milestone"] == milestone].sort_values("month").iterrows()
    ]  # fmt: skip
    columns = ["", language.pick("Forløb", "Placements"), language.pick("Nået det", "Reached it"), language.pick("Andel", "Share"), language.pick("95 %-interval", "95% interval")]  # fmt: skip
    return figure(
        "varig", title, say.lasting(shown_rows, 24, tier, language), table(title, columns, body), ["lasting_attachment"],
        (lambda size: dot_chart(shown, dict(zip(names.values(), (RSV, OTHER), strict=True)), size, language)) if len(shown) else None, language,
        note=language.pick("Kumuleret andel af første forløb af hver slags i en RSV; hvem der dør, udvandrer eller går på pension forinden, er en konkurrerende afgang. Tabellen viser alle fem milepæle.", "Cumulative share of first placements of each kind at an RSV; who dies, emigrates or retires before is a competing exit. The table shows all five milestones."),
    )  # fmt: skip
