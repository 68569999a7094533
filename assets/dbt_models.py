"""Every dbt seed and model as an asset, made in two runs of dbt: all but the effect, then the effect out of the estimates.

Belongs here: running dbt and saying what came out of it. Not here: SQL, the translation of names (pipelines/translator.py), checks of values.
"""

from collections.abc import Callable, Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from pipelines.built import BuiltTable, describe_tables
from pipelines.dbt_runner import DbtRun, NodeResult
from pipelines.lineage import column_lineage
from pipelines.manifest import contracts
from pipelines.metadata import column_schema
from pipelines.resources import House
from pipelines.stages import transform, transform_effect
from pipelines.translator import Translator, is_of_effect

DATA_TESTS = "datatest"


def dbt_models(manifest: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """The assets of a manifest, one definition a step. They cannot be made one by one: the marts are made anew from the lake, all of them or none."""
    return [
        _step("dbt", manifest, transform, of_effect=False),
        _step("dbt_effekt", manifest, transform_effect, of_effect=True),
    ]


def _step(step: str, manifest: Mapping[str, Any], make: Callable[..., DbtRun], of_effect: bool) -> dg.AssetsDefinition:
    translator = Translator(manifest)
    nodes = {
        unique_id: translator.get_asset_key(node)
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed") and is_of_effect(node) is of_effect
    }
    mine = set(nodes.values())
    specs = _in_order(
        [
            spec
            for spec in build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=translator)
            if spec.key in mine
        ]
    )
    keys = {".".join(spec.key.path): spec.key for spec in specs}
    marts = [table for table in contracts(dict(manifest)) if table in keys]

    @dg.multi_asset(
        name=step,
        specs=specs,
        check_specs=[
            dg.AssetCheckSpec(
                DATA_TESTS,
                asset=keys[table],
                blocking=True,
                description="Tabellens datatest: nøgler, tilladte værdier og sammenhænge.\n\nThe data tests of its model, summed up.",
            )
            for table in marts
        ],
        can_subset=False,
    )
    def run_models(
        context: dg.AssetExecutionContext, house: House
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        settings = house.settings()
        outcome = make(settings, on_node=lambda node: _tell(context, node))
        made = {
            nodes[result.unique_id] for result in outcome.results if result.unique_id in nodes and not _is_lost(result)
        }
        tables = describe_tables(settings.build_file)
        lineage = column_lineage(settings, manifest, tables)
        seconds = {nodes[result.unique_id]: result.seconds for result in outcome.results if result.unique_id in nodes}
        for spec in specs:
            if spec.key in made:
                yield dg.MaterializeResult(
                    asset_key=spec.key, metadata=_metadata(spec, tables, lineage, seconds.get(spec.key, 0.0), manifest)
                )
        yield from _test_results(outcome, manifest, nodes, {keys[table] for table in marts} & made)
        if not outcome.is_success:
            problems = outcome.problems()
            raise dg.Failure(
                description="dbt: "
                + (
                    "\n".join(problems[:20])
                    or "stopped without a reason: it was interrupted, or its process was killed; build again"
                ),
                metadata={"problems": len(problems)},
                allow_retries=False,
            )

    return run_models


def _in_order(specs: list[dg.AssetSpec]) -> list[dg.AssetSpec]:
    """Each after those it rests on: Dagster refuses results in another order."""
    by_key = {spec.key: spec for spec in specs}
    sorter = TopologicalSorter(
        {spec.key: [dep.asset_key for dep in spec.deps if dep.asset_key in by_key] for spec in specs}
    )
    return [by_key[key] for key in sorter.static_order()]


def _is_lost(result: NodeResult) -> bool:
    return result.is_failed or result.status == "skipped"


def _tell(context: dg.AssetExecutionContext, node: NodeResult) -> None:
    if (node.kind == "model" and ".fct_" in node.unique_id) or node.is_failed:
        context.log.info(f"{node.unique_id.split('.')[-1]}: {node.status}, {node.seconds:.1f} s")


def _metadata(
    spec: dg.AssetSpec,
    tables: Mapping[str, BuiltTable],
    lineage: Mapping[str, dg.TableColumnLineage],
    seconds: float,
    manifest: Mapping[str, Any],
) -> dict[str, Any]:
    name = ".".join(spec.key.path)
    table = tables.get(name)
    found: dict[str, Any] = {"sekunder": round(seconds, 2)}
    if table is not None:
        found["dagster/column_schema"] = column_schema(table.columns, table.described)
        if table.rows is not None:
            found["dagster/row_count"] = table.rows
        found |= table.headline
    if name in lineage:
        found["dagster/column_lineage"] = lineage[name]
    return found


def _test_results(
    outcome: DbtRun, manifest: Mapping[str, Any], nodes: Mapping[str, dg.AssetKey], marts: set[dg.AssetKey]
) -> Iterator[dg.AssetCheckResult]:
    tests: dict[dg.AssetKey, list[NodeResult]] = {key: [] for key in marts}
    for result in outcome.results:
        node = manifest["nodes"].get(result.unique_id)
        if result.kind == "test" and node is not None:
            attached = node.get("attached_node")
            about = [attached] if attached else node["depends_on"]["nodes"]
            for unique_id in about:
                if nodes.get(unique_id) in tests:
                    tests[nodes[unique_id]].append(result)
    for key in sorted(tests, key=str):
        failed = [result for result in tests[key] if result.status in ("fail", "error", "runtime error")]
        warned = [result for result in tests[key] if result.status == "warn"]
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name=DATA_TESTS,
            passed=not failed and not warned,
            severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
            metadata={
                "tests": len(tests[key]),
                "failed": len(failed),
                "warned": len(warned),
                "which": ", ".join(result.unique_id.split(".")[2] for result in failed + warned) or "–",
            },
        )
