"""What Dagster loads. Belongs here: promises about the graph as a whole. Not here: what an asset computes."""

import re
import subprocess
from typing import Any

import dagster as dg

from assets.ingest.landing import KINDS
from pipelines.danish import GROUPS, SENTENCES
from pipelines.manifest import contracts

MARKUP = re.compile(r"[*_`#\[\]<>|]")
ENGLISH = re.compile(r"\b(the|of|and|one row per|which|with)\b", re.IGNORECASE)
DANISH = re.compile(r"[æøåÆØÅ]|\b(og|af|der|som|fra|med|de|den|det|til|en|er|om|for|efter|i|på)\b", re.IGNORECASE)


def first_sentence(spec: dg.AssetSpec) -> str:
    return (spec.description or "").split("\n", 1)[0]


def test_definitions_import_without_credentials_network_or_data(
    loaded_without_anything: subprocess.CompletedProcess,
) -> None:
    """A code location that needs the key or the files cannot be looked at where they are not."""
    assert loaded_without_anything.returncode == 0, loaded_without_anything.stderr[-2000:]
    assert int(loaded_without_anything.stdout.split()[-1]) > 40


def test_the_webserver_can_load_all_of_them(definitions: dg.Definitions) -> None:
    """A job with the name of a step runs from the command line, and leaves the webserver without a single asset."""
    definitions.get_repository_def().load_all_definitions()


def test_every_asset_has_owner_group_kind_and_description(specs: list[dg.AssetSpec]) -> None:
    """An asset that nobody owns is nobody's to mend."""
    bare = [
        spec.key.to_user_string()
        for spec in specs
        if not spec.owners or not spec.kinds or spec.group_name in (None, "default") or not spec.description
    ]
    assert bare == []


def test_every_description_opens_with_a_danish_sentence_without_markup(specs: list[dg.AssetSpec]) -> None:
    """The asset list shows the first line raw, and stakeholders read Danish."""
    wrong = {
        spec.key.to_user_string(): first_sentence(spec)
        for spec in specs
        if not first_sentence(spec).endswith((".", "?"))
        or MARKUP.search(first_sentence(spec))
        or ENGLISH.search(first_sentence(spec))
        or not DANISH.search(first_sentence(spec))
    }
    assert wrong == {}


def test_every_finished_table_has_a_sentence_of_its_own(manifest: dict[str, Any]) -> None:
    """A label is no sentence: what a table shows must be said."""
    assert {table.replace(".", "/") for table in contracts(manifest)} <= set(SENTENCES)


def test_groups_are_at_most_seven_and_danish(specs: list[dg.AssetSpec]) -> None:
    """Groups start collapsed: their names are the picture."""
    found = {spec.group_name for spec in specs}
    assert found <= set(GROUPS)
    assert {"kilder", "kvalitet", "kerne", "omfang", "progression", "effekt", "evaluering"} == found


def test_keys_have_two_levels_equal_to_dbts_schema_and_table(
    specs: list[dg.AssetSpec], manifest: dict[str, Any]
) -> None:
    """A person who knows the table must find the asset."""
    assert {len(spec.key.path) for spec in specs} == {2}
    keys = {".".join(spec.key.path) for spec in specs}
    assert set(contracts(manifest)) <= keys
    assert {f"lake.{kind}" for kind in KINDS} <= keys


def test_no_asset_stands_outside_the_definitions(specs: list[dg.AssetSpec]) -> None:
    """A dependency on something undefined is an arrow from nowhere."""
    keys = {spec.key for spec in specs}
    assert {dep.asset_key for spec in specs for dep in spec.deps} <= keys


def test_marts_never_read_staging(manifest: dict[str, Any]) -> None:
    """A mart that reads staging repeats what a step in between has decided."""
    nodes = manifest["nodes"]
    wrong = [
        (node["name"], parent)
        for node in nodes.values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
        for parent in node["depends_on"]["nodes"]
        if parent.startswith("source.") or (parent in nodes and nodes[parent]["fqn"][1] == "staging")
    ]
    assert wrong == []


def test_staging_and_steps_read_no_mart_of_a_later_room(manifest: dict[str, Any]) -> None:
    """One direction: nothing reads from a later room."""
    order = {
        "staging": 0,
        "core": 1,
        "scope": 2,
        "progression": 3,
        "effect": 4,
        "quality": 5,
        "evaluation": 6,
        "simple": 7,
    }
    nodes = manifest["nodes"]

    def room(node: dict[str, Any]) -> int:
        return order[node["fqn"][1]] if node["fqn"][1] == "staging" else order.get(node["fqn"][2], 0)

    wrong = [
        (node["name"], nodes[parent]["name"])
        for node in nodes.values()
        if node["resource_type"] == "model"
        for parent in node["depends_on"]["nodes"]
        if parent in nodes and nodes[parent]["resource_type"] == "model" and room(nodes[parent]) > room(node)
    ]
    assert wrong == []


def test_every_source_has_a_blocking_check_a_category(definitions: dg.Definitions) -> None:
    """A source without a check is taken on trust."""
    checks = [spec for asset in definitions.asset_checks or [] for spec in asset.check_specs]
    for kind in KINDS:
        of_kind = {spec.name for spec in checks if spec.asset_key == dg.AssetKey(["lake", kind])}
        assert of_kind == {"conformance", "completeness", "plausibility", "friskhed"}
    assert all(spec.blocking is (spec.name != "friskhed") for spec in checks)


def test_every_mart_is_held_to_its_contract(definitions: dg.Definitions, manifest: dict[str, Any]) -> None:
    """A table that nobody holds to its contract can break it unseen."""
    found = {
        spec.asset_key.path[0] + "." + spec.asset_key.path[1]
        for asset in definitions.asset_checks or []
        for spec in asset.check_specs
        if spec.name == "kontrakt"
    }
    assert found == set(contracts(manifest))


def test_there_is_a_job_for_the_whole_and_one_a_stage(definitions: dg.Definitions) -> None:
    """Who repairs one stage must not run all of them."""
    whole = definitions.resolve_job_def("hele_vejen")
    stages = [
        definitions.resolve_job_def(name)
        for name in ("kilder", "leverancer", "tabeller", "karantaene", "udgivelse", "evaluering")
    ]
    of_stages = [node.name for job in stages for node in job.graph.nodes]
    assert sorted(of_stages) == sorted(node.name for node in whole.graph.nodes)


def test_publishing_comes_after_every_table_and_check(definitions: dg.Definitions, manifest: dict[str, Any]) -> None:
    """Write, audit, publish: a table that is not waited for could be published unchecked."""
    [published] = [spec for spec in definitions.resolve_all_asset_specs() if spec.key.path == ["published", "outcome"]]
    upstream = {".".join(dep.asset_key.path) for dep in published.deps}
    assert set(contracts(manifest)) <= upstream


def test_a_frozen_release_is_made_by_a_run_of_its_own_and_whole(definitions: dg.Definitions) -> None:
    """A run that freezes by itself, or a tier without the other, is a release that nobody decided on."""
    releases = {spec.key for spec in definitions.resolve_all_asset_specs() if spec.key.path[0] == "release"}
    assert {key.path[1] for key in releases} == {"restricted_tier", "public_tier", "codebook", "report", "manifest"}
    job = definitions.resolve_job_def("evaluering_udgivelse")
    assert set(job.asset_layer.executable_asset_keys) == releases
    assert [node.name for node in job.graph.nodes] == ["udgiv"]
    for name in ("hele_vejen", "tabeller", "udgivelse", "evaluering"):
        assert not releases & set(definitions.resolve_job_def(name).asset_layer.executable_asset_keys)


def test_pages_come_after_publishing_and_nothing_comes_after_them(specs: list[dg.AssetSpec]) -> None:
    """A warehouse that waits for its pages is not published on the day that a table cannot be protected."""
    by_key = {"/".join(spec.key.path): {"/".join(dep.asset_key.path) for dep in spec.deps} for spec in specs}
    assert by_key["evaluation/preview_tables"] == {"published/outcome"}
    assert by_key["evaluation/report"] == {"evaluation/preview_tables"}
    assert not [key for key, deps in by_key.items() if "evaluation/report" in deps]
    assert {key.split("/")[0] for key, deps in by_key.items() if "published/outcome" in deps} == {
        "evaluation",
        "release",
    }


def test_only_placement_and_payroll_have_months_and_only_releases_have_names(specs: list[dg.AssetSpec]) -> None:
    """Snapshots carry their own history: a partition of them would be a lie."""
    partitioned: dict[str | None, set[str]] = {}
    for spec in specs:
        if isinstance(spec.partitions_def, dg.DynamicPartitionsDefinition):
            partitioned.setdefault(spec.partitions_def.name, set()).add("/".join(spec.key.path[:1]))
    assert partitioned == {"maaneder": {"lake"}, "udgivelser": {"release"}}
    monthly = {spec.key.path[1] for spec in specs if spec.partitions_def is not None and spec.key.path[0] == "lake"}
    assert monthly == {"forloeb", "eindkomst"}


def test_schedule_and_sensors_are_there(definitions: dg.Definitions) -> None:
    """Without the failure sensor a broken night stays unseen."""
    assert [schedule.name for schedule in definitions.schedules or []] == ["hver_maaned", "hver_morgen"]
    assert {sensor.name for sensor in definitions.sensors or []} == {"landingszone", "fejlbesked"}


def test_no_arrow_between_groups_points_backwards(specs: list[dg.AssetSpec]) -> None:
    """Groups start collapsed: an arrow back from quality to the sources is the first thing a stakeholder would ask about."""
    order = {
        group: place
        for place, group in enumerate(("kilder", "kerne", "omfang", "progression", "effekt", "kvalitet", "evaluering"))
    }
    group_of = {spec.key: spec.group_name or "" for spec in specs}
    wrong = {
        (group_of[dep.asset_key], spec.group_name)
        for spec in specs
        for dep in spec.deps
        if order[group_of[dep.asset_key]] > order[spec.group_name or ""]
    }
    assert wrong == set()
