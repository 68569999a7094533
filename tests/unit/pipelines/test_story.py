"""The figure that an asset's page opens with, and the page's text."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from pipelines import story
from pipelines.danish import GROUPS, SENTENCES, STORY
from pipelines.figures import Figure, choose, gather, read_figures, write_figures
from pipelines.settings import ROOT, Settings
from pipelines.translator import around

DAY = "2026-11-28"


@pytest.fixture
def told_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two figures are known."""
    figures = {
        "scope/fct_scope_yearly": Figure("personer i forløb, seneste år", "2.882", DAY),
        "lake/forloeb": Figure("godkendte rækker", "41.809", DAY),
    }
    monkeypatch.setattr(story, "_figures", lambda: figures)


@pytest.mark.usefixtures("told_with")
def test_a_page_opens_with_the_question_then_the_figure_then_the_place_in_the_story() -> None:
    """Prevents a stakeholder from meeting a grain and a schema before what the table answers."""
    paragraphs = story.told("scope/fct_scope_yearly", "omfang", "One row per year.").split("\n\n")
    assert paragraphs[0] == SENTENCES["scope/fct_scope_yearly"]
    assert paragraphs[1] == "Tallet: 2.882 personer i forløb, seneste år (kørt 28.11.2026)."
    assert paragraphs[2].startswith("Fortællingen, del 3 af 7, omfang: ")
    assert paragraphs[2].endswith("Før: kerne. Derefter: progression.")
    assert paragraphs[3:] == ["One row per year."]


@pytest.mark.usefixtures("told_with")
def test_a_view_says_whose_figure_it_shows_and_which_table_it_leads_to() -> None:
    """Prevents a source's rows from being read as those of a step that counts nothing itself."""
    text = story.told(
        "staging/stg_placement__rows",
        "kilder",
        serves=["quality/fct_counters", "core/fct_placement_spells"],
        reads=["inputs/unknown", "lake/forloeb"],
    )
    opening, figure, _ = text.split("\n\n")
    assert opening.startswith("En kilde, gjort klar til dette og ét andet spørgsmål: Hvilke forløb")
    assert figure == "Tallet: 41.809 godkendte rækker i lake/forloeb, som den læser (kørt 28.11.2026)."


def test_before_the_first_build_there_is_no_figure_and_no_empty_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prevents a zero, or a gap, where nothing has been built."""
    monkeypatch.setattr(story, "_figures", dict)
    assert "Tallet" not in story.told("scope/fct_scope_yearly", "omfang", "One row per year.")
    assert "\n\n\n" not in story.told("release/manifest", "evaluering", "")


@pytest.mark.parametrize(
    ("path", "metadata", "expected"),
    [
        ("lake/forloeb", {"dagster/row_count": 41809, "filer": 9408}, ("godkendte rækker", "41.809")),
        ("core/dim_persons", {"sekunder": 0.3, "dagster/row_count": 17505}, ("personer", "17.505")),
        ("scope/fct_scope_yearly", {"sekunder": 2.0, "dagster/row_count": 7353, "personer, seneste år": 2882}, ("personer, seneste år", "2.882")),
        ("effect/fct_effect_estimates", {"dagster/row_count": 8, "primært estimat": "+9,7 procentpoint"}, ("primært estimat", "+9,7 procentpoint")),
        ("published/outcome", {"fil": "outcome.duckdb", "megabyte": 41.2, "tabeller": 42}, ("tabeller", "42")),
        ("effect/fct_effect_estimates", {"dagster/row_count": 8, "primært estimat": "–"}, ("rækker", "8")),
        ("scope/fct_supply_inequality_yearly", {"gange": 1.52}, ("gange", "1,52")),
        ("staging/stg_build", {"sekunder": 0.1}, None),
    ],
)  # fmt: skip
def test_the_figure_is_what_an_asset_says_of_itself_else_its_rows(path: str, metadata: dict[str, object], expected: tuple[str, str] | None) -> None:  # fmt: skip
    """Prevents seconds, a file's name or a dash as the figure that a table is known by."""
    assert choose(path, metadata) == expected


def test_an_asset_with_months_is_known_by_its_newest_run_over_all_of_them() -> None:
    """Prevents a backfill of one month from being shown as all that was delivered."""
    key = dg.AssetKey(["lake", "eindkomst"])
    with dg.DagsterInstance.ephemeral() as instance:
        for rows, month in ((900, None), (7, "2022-06")):
            instance.report_runless_asset_event(dg.AssetMaterialization(key, partition=month, metadata={"dagster/row_count": rows}))  # fmt: skip
        [(path, figure)] = gather(instance)
    assert (path, figure.value) == ("lake/eindkomst", "900")


def test_figures_are_written_once_and_a_broken_file_is_no_figure(tmp_path: Path) -> None:
    """Prevents definitions that are loaded anew for nothing, and ones that a torn file keeps from loading."""
    settings = Settings(warehouse=tmp_path)
    settings.dagster_home.mkdir()
    with dg.DagsterInstance.ephemeral() as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(dg.AssetKey(["core", "dim_persons"]), metadata={"dagster/row_count": 3}))  # fmt: skip
        assert write_figures(settings, instance)
        assert not write_figures(settings, instance)
    assert read_figures(settings)["core/dim_persons"].value == "3"
    (settings.dagster_home / "figures.json").write_text('{"core/dim_persons": ["torn')
    assert read_figures(settings) == {}


def test_the_story_has_every_group_in_the_order_of_the_data() -> None:
    """Prevents a group without a place in the story."""
    assert tuple(STORY) == GROUPS


def test_what_is_nearest_comes_first_and_nothing_twice() -> None:
    """Prevents a step in between from being explained by a table far away, and a circle from never ending."""
    neighbours = {"a": ["c", "b"], "b": ["d"], "c": ["d", "a"], "d": []}
    assert around("a", neighbours) == ["b", "c", "d"]


def test_the_stakeholders_document_tells_the_same_story() -> None:
    """Prevents a document that explains groups which the graph explains otherwise."""
    document = (ROOT / "docs" / "saadan-laeser-du.md").read_text(encoding="utf-8")
    rows = "".join(f"| {group} | {STORY[group]} |\n" for group in GROUPS)
    assert rows in document
