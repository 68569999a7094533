"""The sentences for every case a number can be in: none, one, all, more, fewer, unchanged, protected, missing, gate closed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from assets.report.findings import effect, municipality, progression, progression_months, registration, scope
from assets.report.findings.answers import employment, hours, lasting, starts
from assets.report.findings.reasons import reason
from assets.report.findings.shares import at_least_39_hours, design_effect, exact_limits
from assets.report.grammar import change, moved, part_of, protected_rows, sentence
from assets.report.labels import Labels
from assets.report.language import DANISH, ENGLISH
from assets.report.status import is_protected, protections, state
from assets.report.tier import Tier

SINCE = ("året før", "the year before")
NOUN = ("forløb", "placements")


def row(**values: Any) -> pd.Series:
    """A row of a public table."""
    return pd.Series({"status": "ok", **values})


def test_none_some_and_all_have_their_own_words() -> None:
    """Prevents `0 af 12 forløb` and `12 af 12`."""
    assert part_of(0, 12, DANISH, NOUN) == "Ingen af 12 forløb"
    assert part_of(12, 12, DANISH, NOUN) == "Alle 12 forløb"
    assert part_of(444, 3301, DANISH, NOUN) == "444 af 3.301 forløb"
    assert part_of(0, 12, ENGLISH, NOUN) == "None of 12 placements"


@pytest.mark.parametrize(
    ("old", "new", "danish"),
    [(5, 9, "4 flere end året før"), (9, 5, "4 færre end året før"), (5, 6, "1 mere end året før"), (5, 5, "det samme som året før"), (None, 5, "")],
)  # fmt: skip
def test_a_change_says_its_direction_or_nothing(old: float | None, new: float, danish: str) -> None:
    """Prevents `-4 flere`, `1 flere`, and a change from what was not observed."""
    assert change(old, new, DANISH, SINCE) == danish


def test_a_share_that_is_written_alike_is_unchanged() -> None:
    """Prevents `steg fra 8,1 % til 8,1 %`."""
    subject, when = ("andelen", "the share"), ("i måned 3", "i måned 24")
    assert moved(0.0811, 0.0812, DANISH, subject, when) == "var andelen 8,1\u00a0% både i måned 3 og i måned 24"
    assert moved(0.2, 0.1, DANISH, subject, when).startswith("faldt andelen fra 20,0")
    assert moved(0.1, 0.2, ENGLISH, subject, when).startswith("the share rose from 10.0%")


def test_protected_rows_are_counted_in_the_right_number() -> None:
    """Prevents `For 1 målgrupper`."""
    nouns = (("målgruppe", "target group"), ("målgrupper", "target groups"))
    assert protected_rows(1, DANISH, *nouns) == "For 1 målgruppe er tallet beskyttet ([c])."
    assert protected_rows(0, DANISH, *nouns) == ""
    assert sentence("tal ([c])") == "Tal ([c])."


def estimate(**values: Any) -> pd.Series:
    """A primary estimate that passed, with these changes."""
    given = {"estimate": 0.05, "low": 0.01, "high": 0.09, "gate": "pass", "reason": None, "smallest_detectable": 0.04}
    return row(**{**given, **values})


def test_a_closed_gate_comes_before_the_number_and_forbids_to_read_it(tier: Tier) -> None:
    """Prevents an estimate that failed its diagnostics from being read as an effect."""
    text = effect.verdict(
        estimate(gate="fail", reason="outside the limits: largest_difference 0.461 (at most 0.1)"), tier, DANISH
    )
    assert text.startswith("Porten er lukket: største forskel mellem grupperne efter vægtning 0,46 (højst 0,1).")
    assert "må ikke læses som en effekt" in text
    assert effect.short(estimate(gate="fail"), DANISH) == "Det kan ikke siges."


@pytest.mark.parametrize(
    ("values", "short", "first"),
    [
        ({}, "Ja", "Flere er i ordinært arbejde"),
        ({"estimate": -0.05, "low": -0.09, "high": -0.01}, "Nej", "Færre er i ordinært arbejde"),
        ({"low": -0.01}, "Der kan ikke ses", "Der kan ikke ses en forskel"),
        ({"estimate": None, "gate": "not_estimated", "reason": "fewer than 30 treated starts in the cohort, too few to estimate anything"}, "Det kan ikke", "Effekten kunne ikke beregnes: for få starter: færre end 30."),
        ({"estimate": None, "status": "suppressed_primary", "gate": None}, "Det kan ikke", "Tallet er beskyttet"),
    ],
)  # fmt: skip
def test_the_verdict_has_the_direction_of_the_interval(tier: Tier, values: dict[str, Any], short: str, first: str) -> None:  # fmt: skip
    """Prevents `flere` over an interval that holds zero, and silence where there is no number."""
    assert effect.verdict(estimate(**values), tier, DANISH).startswith(first)
    assert effect.short(estimate(**values), DANISH).startswith(short)


def test_the_gates_are_counted_in_words() -> None:
    """Prevents `0 af 2` and a claim about estimates that were never tried."""

    def told(*gates: str) -> str:
        return effect.gates(pd.DataFrame([{"gate": gate, "status": "ok"} for gate in gates]), DANISH)

    assert told("fail", "fail").startswith("Ingen af de 2 prøvede estimater bestod porten")
    assert told("fail").startswith("Det ene prøvede estimat bestod ikke porten")
    assert told("pass", "pass") == "Alle 2 prøvede estimater bestod porten."
    assert told("pass", "fail").startswith("1 af 2 prøvede estimater bestod porten")
    assert told("not_estimated").startswith("Intet estimat kunne prøves. 1 kunne ikke beregnes")


def test_break_even_says_when_it_is_open_or_not_reached(tier: Tier) -> None:
    """Prevents a month without an interval, or a month that was never reached."""
    open_above = row(estimate=18, low=1, high=None, gate="pass", reason="the interval is open above: the band holds losses up to month 24")  # fmt: skip
    assert effect.break_even(open_above, tier, DANISH) == "De tabte timer er indhentet fra måned 18 (interval fra måned 1, åbent opad)."  # fmt: skip
    never = row(estimate=None, low=1, high=None, gate="not_estimated", reason="the cumulative effect is not at zero or above by month 24")  # fmt: skip
    assert effect.break_even(never, tier, DANISH) == "Det tabte er ikke indhentet inden for 24 måneder."


def test_a_reason_that_nobody_translated_stands_as_it_was() -> None:
    """Prevents a reason that disappears because its words changed."""
    labels = Labels({})
    assert reason("something new", labels, DANISH) == "something new"
    assert reason(None, labels, DANISH) == ""
    assert reason("outside the limits: pre_trend unknown (at most 0.05)", labels, DANISH, True) == "største forskel før registreringen: kan ikke ses"  # fmt: skip
    assert reason("outside the limits: equipoise 0.05 (at least 0.2), smallest_detectable 9.93e+03 (at most 9e+03)", labels, DANISH) == (
        "andel der kunne være endt i begge grupper 0,05 (mindst 0,2) og mindste effekt der kunne ses 9.930 (højst 9.000)"
    )  # fmt: skip


def test_towns_and_outskirts_are_not_different_when_the_interval_holds_one() -> None:
    """Prevents a difference in supply that chance alone gives."""
    values = {"year": 2021, "rate_towns": 9.1, "rate_outskirts": 6.3, "ratio": 1.44}
    assert "tilfældet kan give" in scope.towns(row(**values, ratio_lower=0.9, ratio_upper=2.4), DANISH)
    assert "størst i byerne" in scope.towns(row(**values, ratio_lower=1.1, ratio_upper=2.4), DANISH)
    assert "størst i yderområderne" in scope.towns(row(**{**values, "ratio": 0.5}, ratio_lower=0.3, ratio_upper=0.8), DANISH)  # fmt: skip


def test_a_municipality_without_any_and_with_one_are_written_right() -> None:
    """Prevents `1 registrerede virksomheder` and `0`."""
    none = municipality.registered(row(year=2021, rsv_registered=0), row(rsv_registered=1), 2.5, "Fanø", DANISH)
    assert none.startswith("Ved udgangen af 2021 lå der ingen registreret socialøkonomisk virksomhed i Fanø, 1 færre")
    one = municipality.registered(row(year=2021, rsv_registered=1), None, 2.5, "Fanø", DANISH)
    assert one.startswith("Ved udgangen af 2021 lå der 1 registreret socialøkonomisk virksomhed i Fanø.")
    hidden = row(year=2021, status="suppressed_primary", persons_in_rsv=None, persons_in_placement=None)
    assert "beskyttet" in municipality.placed(hidden, 0.2, "Fanø", DANISH)


def test_an_answer_that_is_protected_shows_the_mark_and_no_number(tier: Tier) -> None:
    """Prevents a number at the top of the page that the tables hide."""
    nothing = dict.fromkeys(["spells", "employed", "events", "share", "ci_lower", "ci_upper", "band_0", "band_2"])
    hours_table = tier.tables["hours_by_target_group"].assign(status="suppressed_primary", **nothing)
    lasting_table = tier.tables["lasting_attachment"].assign(status="suppressed_primary", **nothing)
    hidden = Tier(tier.public, {**tier.tables, "hours_by_target_group": hours_table, "lasting_attachment": lasting_table}, tier.labels, tier.manifest)  # fmt: skip
    for answer in (employment(hidden, DANISH), hours(hidden, DANISH), lasting(hidden, DANISH)):
        assert {number.value for number in answer.numbers} == {"[c]"}
        assert "beskyttet" in answer.text


def test_every_answer_has_number_interval_period_and_source(tier: Tier) -> None:
    """Prevents a figure that nobody can judge."""
    for answer in (employment(tier, DANISH), hours(tier, DANISH), lasting(tier, DANISH)):
        assert all("%" in number.value and "interval" in number.interval for number in answer.numbers)
        assert answer.period.startswith("Forløb startet september 2014 til marts 202")
        assert answer.source.endswith("jobcentrenes forløb.")
    assert starts(tier, DANISH, 12).endswith("marts 2021")


def test_the_interval_of_bands_is_exact_for_the_effective_number_of_spells() -> None:
    """Prevents an interval as if spells of one enterprise were independent, and one narrower than theirs."""
    bands = {"spells": 1000, "band_2": 50, "band_3": 30, "band_4": 20, "share": 0.2, "ci_lower": 0.15, "ci_upper": 0.25}
    found = at_least_39_hours(row(**bands))
    assert found is not None and found.value == 0.1
    assert design_effect(row(**bands)) == pytest.approx(4.07, abs=0.01)
    independent = exact_limits(100, 1000)
    assert found.low is not None and found.high is not None
    assert found.low < independent[0] < 0.1 < independent[1] < found.high
    assert exact_limits(0, 16) == (0.0, pytest.approx(0.2059, abs=1e-4))


def test_bands_and_milestones_are_told_from_their_rows(tier: Tier) -> None:
    """Prevents a sentence about another row than the one shown."""
    assert progression.bands(None, 12, DANISH) == "Tallet kan ikke opgøres af disse leverancer."
    spread = row(spells=200, band_0=150, band_1=20, band_2=10, band_3=10, band_4=10)
    assert "i 75\u00a0% af forløbene under én" in progression.bands(spread, 12, DANISH)
    rows = pd.DataFrame([{"milestone": name, "month": 24, "share": share, "status": "ok"} for name, share in (("lasting_six_in_row", 0.2), ("lasting_six_of_twelve", 0.3))])  # fmt: skip
    assert progression.lasting(rows, 24, tier, DANISH).endswith("Det gør en forskel, hvilken definition man vælger.")


def test_a_part_of_a_row_may_be_hidden_alone() -> None:
    """Prevents a share that its own status hides from being called missing, and a shown number from being hidden by its row."""
    part = row(spells=40, employed=None, share=None, band_0=None, employed_status="suppressed_secondary", bands_status="ok")  # fmt: skip
    assert (state(part, "spells"), state(part, "share"), state(part, "band_0")) == ("ok", "protected", "missing")
    beside = row(status="suppressed_primary", persons_in_placement=40, persons_in_rsv=None)
    assert (state(beside, "persons_in_placement"), state(beside, "persons_in_rsv")) == ("ok", "protected")
    rows = pd.DataFrame([part, row(spells=4, employed=0, share=0.0, employed_status="ok", bands_status="ok")])
    assert is_protected(rows, "share").tolist() == [True, False]
    assert protections(rows) == (0, 1)


def test_nothing_is_called_the_most_when_a_group_is_protected(tier: Tier) -> None:
    """A hidden group may have more than those shown: `flest fra` would then be false, and would say of the hidden one that it has fewer."""
    table = tier.tables["hours_by_target_group"].copy()
    of_rsv = (table["enterprise_kind"] == "rsv") & (table["start_year"] == 0) & (table["instrument"] == "all")
    parts = of_rsv & (table["target_group"] != "all") & (table["horizon"] == 12)
    shown = table.copy()
    shown.loc[parts, [name for name in shown if str(name).endswith("status")]] = "ok"
    shown.loc[parts, "employed"] = shown.loc[parts, "employed"].fillna(7)
    hidden = shown.copy()
    first = shown.index[parts][0]
    hidden.loc[first, "employed"] = pd.NA
    hidden.loc[first, [name for name in hidden if str(name).endswith("status")]] = "suppressed_secondary"
    for rows, words, share in (
        (shown, "Flest fra", "Andelen i"),
        (hidden, "Af de målgrupper, der kan vises, flest fra", "Af de målgrupper, der kan vises, er andelen"),
    ):
        part = rows[parts].assign(share=lambda part: part["employed"].astype(float) / 100)
        assert progression.by_target_group(part, tier, DANISH).startswith(share)
        told = employment(replace(tier, tables={**tier.tables, "hours_by_target_group": rows}), DANISH).text
        assert words in told


def test_hours_by_month_are_told_before_at_twelve_and_at_twenty_four() -> None:
    """Prevents a hidden month that is told, and two kinds of enterprise beside each other without the word that it is no effect."""
    rows = pd.DataFrame([{"event_month": month, "spells": 2726, "mean_hours": mean, "status": "ok" if mean else "suppressed_primary", "bands_status": "ok"} for month, mean in ((-12, 7.0), (-1, None), (12, 13.55), (24, 21.45))])  # fmt: skip
    text = progression_months.event_months({"rsv": rows}, DANISH)
    assert "(2.726 forløb) var gennemsnittet 7,0 ordinære timer om måneden et år før start, [c] måneden før, 13,6 et år efter og 21,4 to år efter." in text  # fmt: skip
    assert "ikke en effekt" in text
    hidden = rows.assign(mean_hours=None, status="suppressed_primary")
    assert progression_months.event_months({"rsv": hidden}, DANISH).startswith("Tallet er beskyttet")


def test_moves_between_bands_count_what_is_shown_alone(tier: Tier) -> None:
    """Prevents a band that is hidden from being counted as one where nobody moved."""
    counts = ("spells", "band_0", "band_1", "band_2", "band_3", "band_4", "exited")
    lines = {"0": (100, 80, 10, 4, 3, 2, 1), "1": (50, 20, 15, 5, 5, 5, 0), "2": (40, *[None] * 6)}
    rows = pd.DataFrame([{"baseline_band": band, **dict(zip(counts, line, strict=True)), "status": "ok", "bands_status": "ok" if line[1] else "suppressed_primary"} for band, line in lines.items()])  # fmt: skip
    text = progression_months.transitions(rows, tier, DANISH)
    assert "Af 100 forløb i RSV" in text and "80 (80,0\u00a0%) stadig under én time" in text
    assert "Af de 150 forløb" in text and "lå 34 i et højere bånd end før start, 95 i det samme og 20 i et lavere. For 1 timebånd" in text  # fmt: skip
    alone = progression_months.transitions(rows[:2], tier, DANISH)
    assert "Af alle 150 forløb lå 34" in alone and "[c]" not in alone
    assert progression_months.transitions(rows[2:].assign(baseline_band="0"), tier, DANISH).startswith("Under én time før start: tallet er beskyttet")  # fmt: skip


def test_registration_has_its_gate_before_its_number(tier: Tier) -> None:
    """Prevents the third design from being read as an effect, and from falling silent where it is hidden or could not be made."""
    rows = tier.rows("effect_estimates", arm="registration", outcome="employed")
    text = registration.summary(rows, DANISH)
    assert "1 af 2 prøvede estimater bestod porten" in text and "For 1 estimat er tallet beskyttet ([c])." in text
    told = [registration.one(line, tier, DANISH) for _, line in rows.iterrows()]
    assert told[0].startswith("Porten er ikke bestået: 49 af 82 sammenligninger") and told[0].endswith("må ikke læses som en effekt.")  # fmt: skip
    assert told[1].startswith("Porten er bestået. Flere er i ordinært arbejde efter registreringen: +6,0")
    assert told[2].startswith("Tallet er beskyttet")
    assert told[3].startswith("Kunne ikke beregnes: for få registrerede virksomheder")
    assert "ikke regnet i disse tabeller" in registration.summary(rows[:0], DANISH)
    curves = tier.rows("effect_curves", arm="registration", outcome="employed")
    assert registration.curves(curves, DANISH).startswith("1 af 2 kurver har bestået porten")
    first = registration.curves(curves[(curves["event_month"] >= -6) & (curves["gate"] == "fail")], DANISH)
    assert first.startswith("Ingen af kurverne har bestået porten") and "intet halvår før kan vises" in first
