"""Protection of tables that a reader can check by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.disclosure.made import RELATION, frame, sums, two_ways
from tests.disclosure.oracle import whole_tables
from transforms.disclosure import DisclosureError, Limits, audit, protect

LIMITS = Limits()


def suppressed(status: pd.Series) -> set[str]:
    return set(status.index[status != "ok"])


def test_one_small_cell_takes_three_others_and_no_total() -> None:
    """Textbook: with the totals published, a rectangle of four is the least; fewer, and the cell is the total less the rest."""
    cells, relations = two_ways([[20, 50, 10], [8, 19, 22], [17, 32, 3]])
    done = protect(cells, relations, LIMITS)
    assert done.status["c3"] == "suppressed_primary" and done.reason["c3"] == "few_persons"
    assert (done.status == "suppressed_secondary").sum() == 3
    assert not [name for name in suppressed(done.status) if "+" in name]
    assert done.audit["is_safe"].all() and len(done.audit) == 4
    assert done.information_loss["suppressed_secondary"] == 3
    # b1, b3 and c1 are the cheapest corners that let c3 go from 0 to 5: 8 + 22 + 17, against 10 + 20 + 17 with the first row.
    assert done.information_loss["share_of_counts_kept"] == pytest.approx(
        1 - (3 + min(8 + 22 + 17, 20 + 10 + 17)) / (4 * 181)
    )


def test_the_audit_agrees_with_every_table_of_whole_numbers() -> None:
    """The ends of a two-way table's intervals are whole: a difference to plain counting would be an error of the programme."""
    inside = [[6, 5, 7], [2, 9, 8], [7, 6, 4]]
    cells, relations = two_ways([[float(one) for one in row] for row in inside])
    done = protect(cells, relations, LIMITS)
    names = {f"{'abc'[i]}{j + 1}": (i, j) for i in range(3) for j in range(3)}
    hidden = suppressed(done.status)
    assert hidden <= set(names)
    ends = whole_tables(inside, {names[name] for name in hidden})
    found = audit(cells, relations, done.status, LIMITS, exact=True)
    assert found["is_exact"].all()
    for row in found.itertuples():
        assert (row.low, row.high) == pytest.approx(ends[names[row.cell]])


def test_nothing_is_suppressed_where_nothing_is_sensitive() -> None:
    """Protection that hides safe tables is vandalism."""
    done = protect(*two_ways([[20, 50], [8, 19]]), LIMITS)
    assert not suppressed(done.status) and done.audit.empty and done.blocks.empty
    assert done.information_loss["share_of_counts_kept"] == 1.0


def test_empty_cells_stay_published_and_protect_nobody() -> None:
    """A reader knows which cells must be empty, so a suppressed 0 hides nothing: another way is found, or the total goes."""
    cells, relations = two_ways([[3, 0, 20], [0, 30, 40], [25, 0, 50]])
    done = protect(cells, relations, LIMITS)
    assert not suppressed(done.status) & {"a2", "b1", "c2"}
    assert {"a1", "a3", "c1", "c3"} <= suppressed(done.status)
    alone = protect(frame({"a": 3, "b": 0, "t": 3}), sums({"t": ["a", "b"]}), LIMITS)
    assert suppressed(alone.status) == {"a", "t"} and (alone.status[["a", "t"]] == "suppressed_primary").all()


def test_a_hierarchy_is_protected_across_its_levels() -> None:
    """Each level safe by itself can still be unsafe together: a municipality follows from its group, the group from the country."""
    cells = frame({"land": 180, "g1": 60, "g2": 120, "m11": 3, "m12": 27, "m13": 30, "m21": 55, "m22": 65})
    relations = sums({"land": ["g1", "g2"], "g1": ["m11", "m12", "m13"], "g2": ["m21", "m22"]})
    done = protect(cells, relations, LIMITS)
    assert suppressed(done.status) == {"m11", "m12"}
    # With one other municipality in its group that is a public fact, the group itself must go, and with it another group.
    public = cells.assign(is_protected=~cells.index.isin(["m12", "m13"]))
    done = protect(public, relations, LIMITS)
    assert suppressed(done.status) == {"m11", "g1", "g2", "m21"}


def test_a_cell_that_stands_in_two_tables_is_suppressed_in_both() -> None:
    """Tables protected one by one give each other away through the margin they share."""
    cells = frame({"t": 100, "a": 3, "b": 40, "c": 57, "x": 48, "y": 52})
    relations = sums({"t": ["a", "b", "c"], "t ": ["x", "y"]})
    relations["cell"] = relations["cell"].str.strip()
    assert suppressed(protect(cells, relations, LIMITS).status) == {"a", "b"}
    without_b = cells.assign(is_protected=~cells.index.isin(["b", "c"]))
    assert suppressed(protect(without_b, relations, LIMITS).status) == {"a", "t", "x"}


def test_distinct_persons_do_not_add_up_and_are_bounded_all_the_same() -> None:
    """A person in two municipalities is one in the country: inequalities alone can pin a cell, or leave it free."""
    rows = [(0, "t", "persons", 1.0, "<="), (0, "a", "persons", -1.0, "<="), (0, "b", "persons", -1.0, "<=")]
    for number, part in enumerate(("a", "b"), start=1):
        rows += [(number, part, "persons", 1.0, "<="), (number, "t", "persons", -1.0, "<=")]
    relations = pd.DataFrame(rows, columns=RELATION)
    # 30 + 3 >= 33: at least 3 are in a, so b must go too. With 30 in the country nothing follows.
    assert suppressed(protect(frame({"t": 33, "a": 3, "b": 30}), relations, LIMITS).status) == {"a", "b"}
    assert suppressed(protect(frame({"t": 30, "a": 3, "b": 30}), relations, LIMITS).status) == {"a"}


def test_enterprise_cells_hide_every_count() -> None:
    """What one enterprise does with its citizens must not be known to within a few."""
    cells, relations = two_ways([[60, 50, 70], [80, 90, 85], [75, 65, 95]])
    cells["enterprises"] = np.where(cells.index == "a1", 1.0, 9.0)
    done = protect(cells, relations, LIMITS)
    assert done.reason["a1"] == "few_enterprises"
    exact = audit(cells, relations, done.status, LIMITS, exact=True).set_index("cell")
    assert exact.loc["a1", "low"] == 0.0 and exact.loc["a1", "high"] >= 60.0
    assert ((exact["high"] - exact["low"]) >= LIMITS.persons).all()


def test_that_all_do_the_same_cannot_be_worked_out() -> None:
    """Counts of 0 are then what is sensitive: none of 30 works."""
    cells = pd.DataFrame(
        {"persons": [30.0, 40.0, 45.0, 115.0], "employed": [0.0, 12.0, 20.0, 32.0]}, index=["a", "b", "c", "t"]
    )
    cells["is_uniform"] = cells.index == "a"
    both = [sums({"t": ["a", "b", "c"]}), sums({"t": ["a", "b", "c"]}, "employed").assign(relation=1)]
    done = protect(cells, pd.concat(both, ignore_index=True), LIMITS)
    assert done.reason["a"] == "all_do_the_same" and len(suppressed(done.status)) == 2
    exact = audit(cells, pd.concat(both, ignore_index=True), done.status, LIMITS, exact=True)
    row = exact[(exact["cell"] == "a") & (exact["count"] == "employed")].iloc[0]
    assert row["low"] == 0.0 and row["high"] >= LIMITS.persons


def test_public_facts_that_give_a_cell_away_are_an_error() -> None:
    """Nothing that may be suppressed can help: to publish anyway would be the leak."""
    cells = frame({"t": 43, "a": 3, "b": 40}).assign(is_protected=[False, True, False])
    with pytest.raises(DisclosureError, match="no further suppression"):
        protect(cells, sums({"t": ["a", "b"]}), LIMITS)


def test_the_audit_finds_what_was_forgotten() -> None:
    """The blocking check stands alone: it must not trust the search."""
    cells, relations = two_ways([[20, 50, 10], [8, 19, 22], [17, 32, 3]])
    nothing = pd.Series("ok", index=cells.index)
    assert audit(cells, relations, nothing, LIMITS)[["cell", "is_safe"]].to_numpy().tolist() == [["c3", False]]
    alone = nothing.where(nothing.index != "c3", "suppressed_primary")
    found = audit(cells, relations, alone, LIMITS)
    assert not found["is_safe"].any() and found[["low", "high"]].to_numpy().tolist() == [[3.0, 3.0]]


def test_wrong_relations_are_refused_all_at_once() -> None:
    """A sum that does not hold means a wrong number somewhere, and an audit of it says nothing."""
    cells = frame({"t": 43, "a": 3, "b": 40})
    with pytest.raises(DisclosureError, match="do not hold"):
        protect(cells.assign(persons=[44.0, 3.0, 40.0]), sums({"t": ["a", "b"]}), LIMITS)
    odd = sums({"t": ["a", "c"]}).assign(sense=["=", "<", "="])
    with pytest.raises(DisclosureError, match=r"not there: c.*sense other.*two senses"):
        protect(cells, odd, LIMITS)
    with pytest.raises(DisclosureError, match="stand twice"):
        protect(pd.concat([cells, cells]), sums({"t": ["a", "b"]}), LIMITS)


def test_a_revision_keeps_what_the_release_before_settled() -> None:
    """A cell published then and suppressed now, or the other way round, gives both away."""
    cells, relations = two_ways([[20, 50, 10], [8, 19, 22], [17, 32, 3]])
    free = protect(cells, relations, LIMITS)
    other = "a" if {"b1", "b3"} <= suppressed(free.status) else "b"
    earlier = pd.Series({f"{row}3": "ok" for row in "ab" if row != other})
    done = protect(cells, relations, LIMITS, earlier=earlier)
    assert done.status[earlier.index[0]] == "ok" and f"{other}3" in suppressed(done.status)
    kept = protect(cells, relations, LIMITS, earlier=pd.Series({"a2": "suppressed_secondary"}))
    assert "a2" in suppressed(kept.status) and kept.audit["is_safe"].all()
    with pytest.raises(DisclosureError, match="earlier release has published"):
        protect(cells, relations, LIMITS, earlier=pd.Series({"c3": "ok"}))


def test_rows_of_many_counts_can_be_hidden_by_their_base() -> None:
    """Bands of one or two spells in every row would hide whole tables; with the spells at 0 the bands are too."""
    loose = replace(LIMITS, small_count=0)
    rows = {"a": (3.0, 2.0, 1.0), "b": (40.0, 39.0, 1.0), "c": (60.0, 30.0, 30.0), "t": (103.0, 71.0, 32.0)}
    cells = pd.DataFrame.from_dict(rows, orient="index", columns=["spells", "band_0", "band_1"])
    cells["persons"] = cells["spells"]
    across = [
        sums({"t": ["a", "b", "c"]}, count).assign(relation=number)
        for number, count in enumerate(("spells", "band_0", "band_1"))
    ]
    within = [
        (10 + number, cell, count, sign, "=")
        for number, cell in enumerate(rows)
        for count, sign in (("spells", -1.0), ("band_0", 1.0), ("band_1", 1.0))
    ]
    relations = pd.concat([*across, pd.DataFrame(within, columns=RELATION)], ignore_index=True)
    by_base = protect(cells, relations, loose, reading="base")
    assert suppressed(by_base.status) == {"a", "b"}
    exact = audit(cells, relations, by_base.status, loose, exact=True, reading="base").set_index(["cell", "count"])
    assert exact.loc[("a", "spells"), "low"] == 0.0 and exact.loc[("a", "spells"), "high"] >= loose.persons
    assert exact.loc[("a", "band_1"), "high"] - exact.loc[("a", "band_1"), "low"] >= 1.0
    # The standard reading asks that a's one spell in band 1 could be five, which b's one cannot give.
    assert suppressed(protect(cells, relations, loose).status) == {"a", "c"}
