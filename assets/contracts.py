"""The finished tables held to their contracts, and to what others have published.

Belongs here: expectations on marts as asset checks. Not here: the expectations (expectations/marts.csv, published.csv), dbt's data tests.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from expectations.marts import Figure
from pipelines.manifest import contracts
from pipelines.resources import House
from pipelines.stages import check_marts, check_published_figures, check_rule_shares

CONTRACT = "kontrakt"
FIGURES = "offentliggjorte_tal"
LIMITS = "graenser"
REGISTER = dg.AssetKey(["scope", "fct_rsv_register_monthly"])
RULES = dg.AssetKey(["quality", "fct_rule_results"])


def mart_checks(manifest: Mapping[str, Any]) -> dg.AssetChecksDefinition:
    """One check a table, one for the published figures, one for the limits of the rules that only a build can decide."""
    marts = {table: dg.AssetKey(table.split(".")) for table in sorted(contracts(dict(manifest)))}
    specs = [
        dg.AssetCheckSpec(
            CONTRACT,
            asset=key,
            blocking=True,
            description="Om tabellens værdier holder det, som kolonnerne lover.\n\nGreat Expectations on the values of every column that expectations/marts.csv knows.",
        )
        for key in marts.values()
    ]
    if REGISTER in marts.values():
        specs.append(
            dg.AssetCheckSpec(
                FIGURES,
                asset=REGISTER,
                blocking=True,
                description="Om registret ligner de tal, som andre har offentliggjort.\n\nWithin the limits of expectations/published.csv; warns, and blocks in the strict profile.",
            )
        )
    if RULES in marts.values():
        specs.append(
            dg.AssetCheckSpec(
                LIMITS,
                asset=RULES,
                blocking=True,
                description="Om reglerne, som kun en hel kørsel kan afgøre, holder sig inden for grænserne.\n\nShares of rows rejected or marked by the rules decided in the build; warns, and blocks in the strict profile.",
            )
        )

    @dg.multi_asset_check(name="kontrakter", specs=specs)
    def check(house: House) -> Iterator[dg.AssetCheckResult]:
        settings = house.settings()
        warn = dg.AssetCheckSeverity.ERROR if settings.strict else dg.AssetCheckSeverity.WARN
        for table, result in check_marts(settings, list(marts)).items():
            wrong = result.broken("conformance")
            odd = result.broken("plausibility")
            yield dg.AssetCheckResult(
                asset_key=marts[table],
                check_name=CONTRACT,
                passed=not wrong and not odd,
                severity=dg.AssetCheckSeverity.ERROR if wrong else warn,
                metadata={
                    "rækker": "–" if result.rows is None else result.rows,
                    "forventninger": sum(len(outcomes) for outcomes in result.outcomes.values()),
                    "brudt": ", ".join(f"{outcome.rule}: {outcome.broken}" for outcome in [*wrong, *odd]) or "–",
                },
            )
        if REGISTER in marts.values():
            figures = check_published_figures(settings)
            warned = [figure for figure in figures if figure.outcome == "warn"]
            yield dg.AssetCheckResult(
                asset_key=REGISTER,
                check_name=FIGURES,
                passed=not warned,
                severity=warn,
                metadata={
                    "over grænsen": ", ".join(f"{figure.column} {figure.as_of}: {_held(figure)}" for figure in warned)
                    or "–",
                    **{f"{figure.column} {figure.as_of}": f"{figure.outcome}: {_held(figure)}" for figure in figures},
                },
            )
        if RULES in marts.values():
            exceeded = check_rule_shares(settings)
            yield dg.AssetCheckResult(
                asset_key=RULES,
                check_name=LIMITS,
                passed=not exceeded,
                severity=warn,
                metadata={"over grænsen": ", ".join(f"{rule}: {share:.2%}" for rule, share in exceeded.items()) or "–"},
            )

    return check


def _held(figure: Figure) -> str:
    return f"{_short(figure.found)} mod {_short(figure.published)}"


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.10g}" if value == int(value) else f"{value:.3f}"
