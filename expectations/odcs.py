"""The data contract of each kind of extract in the Open Data Contract Standard: what a supplier sends, as a file that other tools read.

Belongs here: the standard's words for the catalogue, the field list, the due table and the code lists. Not here: those tables themselves (`catalogue.csv`, `fields.csv`,
`extracts.csv`, `due.csv`, `transforms/seeds/`), reading a delivered file. `python -m expectations.odcs` writes `contracts/<kind>.odcs.yaml`.
Standard: https://bitol-io.github.io/open-data-contract-standard/ (v3.1.0); the tests hold the files to its JSON schema and its model.
"""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from expectations.catalogue import Rule, read_catalogue
from expectations.code_lists import CodeLists
from expectations.due import MONTHLY, read_due
from expectations.predicates import payroll, placement

HERE = Path(__file__).parent
CONTRACTS = HERE / "contracts"
ABOUT = HERE.parent / "transforms" / "release" / "about.yml"
COMMAND = "python -m expectations.odcs"
# Of the contracts, by the rules of semantic versioning: a field or a rule that refuses more is a new first number.
VERSION, STANDARD = "1.0.0", "v3.1.0"
DIMENSIONS = {"conformance": "conformity", "completeness": "completeness", "plausibility": "accuracy"}
SEVERITIES = {"stop": "error", "check": "error", "file": "error", "hard": "warning", "soft": "info"}
HAPPENS = {
    "stop": "The build stops and says which file, rule and remedy; what is published stays as it was.",
    "check": "The build stops; what is published stays as it was.",
    "file": "The whole file is refused and used not at all. Above the threshold (share of the files) the build warns, in the strict profile it stops.",
    "hard": "The row is rejected and goes to quarantine with file, line and rule; the rest of the file is used. Above the threshold (share of the rows) the build warns, in the strict profile it stops.",
    "soft": "The row is kept and counted. Above the threshold (share) the build warns, in the strict profile it stops.",
}
# Rules about more than one kind, and whom they concern; those not named concern every kind.
CSV_ALONE = ("file.missing_column", "file.duplicate_column")
PAYROLL_ALONE = ("build.first_payroll_month_incomplete",)
PERSONS_ALONE = ("build.real_number_with_sample_key",)
# Rules that need other files or the cut-off: a supplier cannot try them before sending.
IN_BUILD = {
    *placement.DECIDED_IN_THE_BUILD,
    *(rule for rule, (_, condition) in {**payroll.SOFT, **placement.SOFT}.items() if condition == "false"),
}
# A rule of this standard's own library: the values of a field outside its list.
OF_VALUES = {
    "dream.unknown_code",
    "placement.instrument_unknown",
    "placement.target_group_unknown",
    "placement.municipality_unknown",
    "payroll.income_type_unknown",
    "payroll.kind_unknown",
}


@dataclass(frozen=True)
class Field:
    """A row of `fields.csv`. `field` is a path: `navne[].navn` is the `navn` of each entry of the list `navne`."""

    kind: str
    field: str
    logical_type: str
    physical_type: str
    required: str
    unique: str
    classification: str
    pattern: str
    values: str
    example: str
    description: str

    @property
    def name(self) -> str:
        """The last word of the path."""
        return re.split(r"\.|\[\]\.", self.field)[-1]


@lru_cache(maxsize=1)
def read_fields() -> tuple[Field, ...]:
    """Every delivered field of every kind, parents before their parts."""
    with (HERE / "fields.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Field(**row) for row in csv.DictReader(file, delimiter=";"))


@lru_cache(maxsize=1)
def read_extracts() -> dict[str, dict[str, str]]:
    """Kind to what is said of its files as a whole."""
    with (HERE / "extracts.csv").open(encoding="utf-8", newline="") as file:
        return {row["kind"]: row for row in csv.DictReader(file, delimiter=";")}


def contract(kind: str) -> dict[str, Any]:
    """The contract of a kind as plain values, in the order in which a person reads it."""
    extract = read_extracts()[kind]
    return {
        "kind": "DataContract",
        "apiVersion": STANDARD,
        "id": f"fodfaeste-{kind}",
        "name": extract["title"],
        "version": VERSION,
        "status": "active",
        "dataProduct": "fodfaeste",
        "description": {name: extract[name] for name in ("purpose", "usage", "limitations")},
        "authoritativeDefinitions": [{"type": "businessDefinition", "url": "docs/delivery.md"}],
        "tags": [extract["folder"]],
        "servers": [_server(extract)],
        "schema": [_schema(kind, extract)],
        "slaProperties": _service_levels(kind, extract),
        **_people(),
    }


def _server(extract: dict[str, str]) -> dict[str, Any]:
    pattern = re.sub(r"\[[^]]*\]|<[^>]*>", "*", extract["file_name"])
    custom = {"fileName": f"{extract['file_name']}[.gz]"}
    if extract["format"] == "csv":
        custom |= {"delimiter": ";", "decimal": ",", "quoting": "RFC 4180", "header": "column names, found by name"}
    return {
        "server": "landing-zone",
        "type": "local",
        "description": "The landing zone. A file may be packed with gzip, then its name ends in .gz.",
        "path": f"raw/incoming/{extract['folder']}/{pattern.replace('**', '*')}*",
        "format": extract["format"],
        "encoding": extract["encoding"],
        "customProperties": _custom(custom),
    }


def _custom(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"property": name, "value": value} for name, value in values.items()]


def rules_of(kind: str) -> list[Rule]:
    """The rules that a file of a kind is held to: its own, then those about more than one kind that concern it."""
    every = read_catalogue()
    is_csv = read_extracts()[kind]["format"] == "csv"
    has_persons = any(field.name == "cpr" for field in read_fields() if field.kind == kind)
    concerns = {
        **dict.fromkeys(CSV_ALONE, is_csv),
        **dict.fromkeys(PAYROLL_ALONE, kind == "eindkomst"),
        **dict.fromkeys(PERSONS_ALONE, has_persons),
    }
    general = [rule for rule in every if rule.dataset in ("file", "build") and concerns.get(rule.rule, True)]
    return [rule for rule in every if rule.kind == kind] + general


def _schema(kind: str, extract: dict[str, str]) -> dict[str, Any]:
    fields = [field for field in read_fields() if field.kind == kind]
    of_field: dict[str, list[Rule]] = {}
    of_file: list[Rule] = []
    for rule in rules_of(kind):
        named = [field for field in fields if re.search(rf"\b{field.name}\b", rule.predicate)]
        if rule.rule in OF_VALUES:
            named = [field for field in named or fields if field.values]
        is_of_one = len(named) == 1 and rule.level in ("hard", "soft")
        (of_field.setdefault(named[0].field, []) if is_of_one else of_file).append(rule)
    return {
        "name": kind,
        "physicalName": extract["file_name"],
        "physicalType": "file",
        "logicalType": "object",
        "description": extract["purpose"],
        "dataGranularityDescription": extract["grain"],
        "properties": _properties(fields, "", of_field),
        "quality": [_quality(rule, None) for rule in of_file],
    }


def _properties(fields: list[Field], within: str, rules: dict[str, list[Rule]]) -> list[dict[str, Any]]:
    """The fields directly below `within`, each with its own parts."""
    found = []
    for field in fields:
        inside = field.field.removeprefix(within)
        if field.field.startswith(within) and re.fullmatch(r"\w+", inside):
            found.append(_property(field, fields, rules))
    return found


def _property(field: Field, fields: list[Field], rules: dict[str, list[Rule]]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": field.name,
        "logicalType": field.logical_type,
        "physicalType": field.physical_type,
        "description": field.description,
        "required": field.required == "true",
        "unique": field.unique == "true",
        "classification": field.classification,
    }
    if field.pattern:
        told["logicalTypeOptions"] = {"pattern": field.pattern}
    if field.example:
        told["examples"] = [field.example]
    if field.values and not field.values.startswith("="):
        told["authoritativeDefinitions"] = [{"type": "implementation", "url": f"transforms/seeds/{field.values}.csv"}]
    if field.logical_type == "object" and (parts := _properties(fields, f"{field.field}.", rules)):
        told["properties"] = parts
    if field.logical_type == "array":
        told["items"] = {"logicalType": "object", "properties": _properties(fields, f"{field.field}[].", rules)}
    if field.field in rules:
        told["quality"] = [_quality(rule, field) for rule in rules[field.field]]
    return told


def valid_values(field: Field) -> list[str | int]:
    """The values that a field may have, in order: of its code list, or those named."""
    lists = CodeLists()
    if field.values.startswith("="):
        return list(field.values[1:].split(","))
    if field.values == "target_groups":
        return sorted({number for _, number in lists.target_groups})
    return sorted(getattr(lists, field.values))


def _quality(rule: Rule, field: Field | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": rule.rule,
        "description": rule.predicate,
        "dimension": DIMENSIONS[rule.category],
        "severity": SEVERITIES[rule.level],
        "businessImpact": rule.why,
    }
    if rule.rule in OF_VALUES and field is not None:
        told |= {"type": "library", "metric": "invalidValues", "arguments": {"validValues": valid_values(field)}}
        told |= {"unit": "percent", "mustBeLessOrEqualTo": round(rule.threshold * 100, 6)}
    else:
        is_of_build = rule.level in ("stop", "check") or rule.rule in IN_BUILD
        told |= {"type": "custom", "engine": "fodfaeste"}
        told["implementation"] = f"fodfaeste {'build' if is_of_build else 'check'}: {rule.rule}"
    told["customProperties"] = _custom(
        {"level": rule.level, "threshold": rule.threshold, "onFailure": HAPPENS[rule.level], "remedy": rule.remedy}
    )
    return told


def _service_levels(kind: str, extract: dict[str, str]) -> list[dict[str, Any]]:
    due = read_due()[kind]
    if due.rhythm == MONTHLY:
        levels: list[dict[str, Any]] = [
            {"property": "frequency", "value": 1, "unit": "month", "element": kind, "description": due.why},
            {
                "property": "timeOfAvailability",
                "value": due.due_day,
                "unit": "day of the following month",
                "element": kind,
                "description": f"A month is overdue from the day after the {due.due_day}th of the next; the check `friskhed` and `fodfaeste doctor` say so.",
            },
        ]
    else:
        levels = [{"property": "frequency", "value": "on request", "element": kind, "description": due.why}]
    return [
        *levels,
        {"property": "retention", "value": extract["retention"], "element": kind, "description": "In the landing zone: the warehouse is a function of the files that stand there."},
    ]  # fmt: skip


def _people() -> dict[str, Any]:
    """Who answers, as far as the owner has filled it in (about.yml): nothing is guessed."""
    about = yaml.safe_load(ABOUT.read_text(encoding="utf-8"))
    name, office, email = about["publisher"]["name"], about["contact"]["name"], about["contact"]["email"]
    support = [
        {"channel": "fodfaeste check", "tool": "other", "scope": "interactive", "description": "`fodfaeste check FILE...` holds files to this contract before they are sent; it needs no key and writes nothing."},
    ]  # fmt: skip
    if office or email:
        support.append({"channel": office or email, "tool": "email", "scope": "interactive"})
    if email:
        support[-1]["url"] = f"mailto:{email}"
    return ({"team": {"name": name}} if name else {}) | {"support": support}


def text(kind: str) -> str:
    """The file of a contract."""
    values = yaml.safe_dump(
        contract(kind), sort_keys=False, allow_unicode=True, width=160, default_flow_style=False, indent=2
    )
    return f"# Written by `{COMMAND}` from expectations/*.csv and transforms/seeds/; change those, not this.\n{values}"


def write(folder: Path = CONTRACTS) -> list[Path]:
    """Writes every contract; returns the files."""
    folder.mkdir(exist_ok=True)
    files = []
    for kind in read_extracts():
        files.append(folder / f"{kind}.odcs.yaml")
        files[-1].write_text(text(kind), encoding="utf-8")
    return files


if __name__ == "__main__":
    for file in write(*map(Path, sys.argv[1:2])):
        print(file)
