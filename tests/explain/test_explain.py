"""`fodfaeste explain` tells of every table and column what the project knows of it, from the project alone."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pipelines.explain import command, explain
from pipelines.explain_parts import CODE_LIST, MART, STEP, Explained, UnknownName
from pipelines.explain_project import KINDS, Project, full_name
from pipelines.explain_words import WIDTH, as_json, as_text
from tests.conftest import SampleBuild


def test_every_published_table_is_explained_and_nothing_of_it_is_empty(project: Project) -> None:
    """A table without label, grain, tier, file, sources or tests in its explanation sends the analyst back to the source code."""
    marts = [node for node in project.nodes.values() if project.is_mart(node)]
    assert len(marts) > 35
    for node in marts:
        told = explain(project, full_name(node))
        assert told.what == MART
        assert told.label_da and told.sentence_da and told.description.startswith("One row per "), told.name
        assert told.tier in ("public", "restricted") and told.asset and told.file and told.sql, told.name
        assert told.sources.direct or told.name == "quality.codebook", told.name
        assert told.checks or node["config"]["materialized"] == "view", told.name
        assert [line.name for line in told.columns] == list(node["columns"])


def test_every_column_of_every_published_table_is_explained_as_the_codebook_has_it(project: Project) -> None:
    """An explanation that differs from the codebook, or leaves something out, is a second truth."""
    for (table, column), row in project.codebook.items():
        told = explain(project, f"{table}.{column}")
        assert told.label_da == row["label_da"] and told.description == row["description"], told.name
        assert told.type == row["data_type"] and told.tier == row["tier"], told.name
        assert (told.unit, told.rule) == (row["unit"] or "", row["rule"] or ""), told.name
        assert told.value_text == (row["value_set"] or "") and told.sources.fields == (row["source_fields"] or "")
        assert any("Made from" in line for line in as_text(told, with_sql=False)), told.name


def test_every_other_table_and_column_is_explained(project: Project) -> None:
    """Whoever follows a number upstream comes to steps, inputs and code lists; none may end in an exception."""
    for name, node in project.by_name.items():
        told = explain(project, name)
        assert told.description or told.asset, name
        for column in project.columns(node):
            assert explain(project, f"{name}.{column}").name == f"{name}.{column}"


def test_every_delivered_kind_and_field_is_explained(project: Project) -> None:
    """A supplier who asks for a field must find the rules that look at it."""
    for kind in KINDS:
        told = explain(project, kind)
        assert told.description and told.sentence_da and told.checks and told.uses.published, kind
        for line in told.columns:
            assert explain(project, f"{kind}.{line.name}").description, f"{kind}.{line.name}"
    hours = explain(project, "eindkomst.felt_0200")
    assert any(check.startswith("payroll.hours_over_400 ") for check in hours.checks)
    assert not any(check.startswith("payroll.period_missing ") for check in hours.checks)
    assert "core.fct_person_months.ordinary_hours" in hours.uses.published


def test_every_public_table_and_variable_is_explained(project: Project) -> None:
    """What leaves the house is what most people ask about."""
    for name, table in project.public.items():
        told = explain(project, f"public.{name}")
        assert told.label_da and told.sentence_da and told.description and told.sources.direct and told.uses.pages, name
        for line in told.columns:
            one = explain(project, f"public.{name}.{line.name}")
            assert one.label_da and one.description and one.type, one.name
            assert not (line.name in table.dimensions and line.type == "text") or one.values, one.name


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("fct_person_months", "core.fct_person_months"),
        ("core.fct_person_months", "core.fct_person_months"),
        ("core/fct_person_months", "core.fct_person_months"),
        ("fct_person_months.ordinary_hours", "core.fct_person_months.ordinary_hours"),
        ("core.fct_person_months.ordinary_hours", "core.fct_person_months.ordinary_hours"),
        ("int_person_month_hours", "intermediate.int_person_month_hours"),
        ("stg_payroll__lines.hours", "staging.stg_payroll__lines.hours"),
        ("instruments.csv", "code_lists.instruments"),
        ("code_lists.instruments.instrument", "code_lists.instruments.instrument"),
        ("eindkomst", "eindkomst"),
        ("lake/eindkomst", "eindkomst"),
        ("lake.eindkomst.hours", "eindkomst.hours"),
        ("inputs.build", "inputs.build"),
        ("register", "register"),
        ("public.scope_by_municipality.persons", "scope_by_municipality.persons"),
    ],
)
def test_a_table_is_found_with_its_schema_or_without(project: Project, asked: str, meant: str) -> None:
    """People write a name as they saw it: in SQL, in Dagster, in a file name."""
    assert explain(project, asked).name == meant


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("fct_person_month", "core.fct_person_months"),
        ("fct_person_months.ordinary_hour", "fct_person_months.ordinary_hours"),
        ("ordinary_hours", "core.fct_person_months.ordinary_hours"),
        ("fct_persn_months.ordinary_hours", "core.fct_person_months"),
        ("instrumets", "code_lists.instruments"),
        ("eindkomst.felt_200", "eindkomst.felt_0200"),
        ("scope_by_municipalty", "scope_by_municipality"),
    ],
)
def test_a_name_that_nothing_has_is_answered_with_its_nearest(project: Project, asked: str, near: str) -> None:
    """A typing error must cost one look, not a search."""
    with pytest.raises(UnknownName) as unknown:
        explain(project, asked)
    assert near in unknown.value.nearest


def test_a_name_that_two_things_have_is_the_warehouses_and_the_other_is_named(project: Project) -> None:
    """Of `simple.supply_inequality` and the public table of that name the reader must know which is shown."""
    both = [name for name in project.public if any(full.endswith(f".{name}") for full in project.by_name)]
    for name in both:
        told = explain(project, name)
        assert told.name.endswith(f".{name}") and f"public.{name}" in told.also
        assert any(f"public.{name}" in line for line in as_text(told, with_sql=False))


def test_values_carry_their_danish_labels(project: Project) -> None:
    """A code without its label sends the reader to a join."""
    kinds = {value.code: value.label_da for value in explain(project, "fct_placement_spells.enterprise_kind").values}
    assert kinds["rsv"] == "Registrerede socialøkonomiske virksomheder" or kinds["rsv"] == "RSV"
    bands = [value.code for value in explain(project, "fct_person_months.hour_band").values]
    assert bands == ["0", "1", "2", "3", "4"]
    assert [value.label_da for value in explain(project, "fct_person_months.is_employed").values] == ["ja", "nej"]


def test_a_column_is_followed_to_the_field_that_was_delivered_and_on_to_the_published_ones(project: Project) -> None:
    """Without the whole way nobody can say what a change of a field does to a published number."""
    told = explain(project, "core.fct_person_months.ordinary_hours")
    assert "intermediate.int_person_month_hours.ordinary_hours" in told.sources.columns
    assert "lake.eindkomst.hours" in told.sources.first
    assert "progression.fct_progression_months.ordinary_hours" in told.uses.published
    assert "hours_by_event_month.mean_hours" in told.uses.public_tables
    assert told.uses.pages


def test_text_fits_the_width_and_has_no_colour_when_piped(project: Project) -> None:
    """Lines that wrap in a terminal, or escape codes in a file, make the text unreadable."""
    for name in [*project.by_name, *(f"public.{name}" for name in project.public), *KINDS]:
        lines = as_text(explain(project, name), with_sql=False)
        assert max(map(len, lines)) <= WIDTH, name
        assert "\x1b" not in "".join(lines)


def test_steps_and_code_lists_are_called_what_they_are(project: Project) -> None:
    """A step in between taken for a published table is looked for in the published file in vain."""
    assert explain(project, "int_person_month_hours").what == STEP
    assert explain(project, "hour_bands").what == CODE_LIST
    assert explain(project, "hour_bands").more["rows"]


def test_for_machines_everything_is_there_and_the_sql_only_when_asked(project: Project) -> None:
    """A script that reads text breaks with the next change of a heading."""
    told: Explained = explain(project, "fct_person_months")
    assert "sql" not in as_json(told, with_sql=False)
    assert json.loads(json.dumps(as_json(told, with_sql=True)))["sql"] == told.sql


def test_the_command_adds_what_is_published_and_refuses_what_it_does_not_know(sample_build: SampleBuild) -> None:
    """Build and cut-off tell whether the reader looks at what they think; a wrong name is the user's error: exit 2."""
    runner = CliRunner()
    shown = runner.invoke(command, ["fct_person_months", "--warehouse", str(sample_build.warehouse)])
    assert shown.exit_code == 0, shown.output
    assert "rows, build " in shown.stdout and "cut-off 2021-12-31" in shown.stdout and "select" in shown.stdout
    column = runner.invoke(command, ["fct_person_months.month", "--warehouse", str(sample_build.warehouse)])
    assert "SQL (" not in column.stdout and "first time" not in column.output, "the build's own SQL is used"
    unknown = runner.invoke(command, ["fct_person_month", "--warehouse", str(sample_build.warehouse)])
    assert unknown.exit_code == 2 and "Did you mean core.fct_person_months" in unknown.output
