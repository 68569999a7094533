"""The suppliers' contracts. Belongs here: they are valid, whole, fresh and give nobody away. Not here: whether the rules themselves are right (tests/unit/ingest)."""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator
from open_data_contract_standard.model import OpenDataContractStandard

from assets.ingest import benefits, cvr_documents, enterprises, payroll, persons, placement, se_numbers, units
from assets.ingest.landing import FOLDER_OF, KINDS, classify
from assets.ingest.numbers import is_valid_cvr
from assets.ingest.rules import rule_counts
from expectations import odcs
from expectations.catalogue import read_catalogue
from expectations.code_lists import CodeLists
from expectations.due import read_due

COLUMNS = {module.KIND: module.COLUMNS for module in (placement, payroll)} | {
    "se_numre": se_numbers.COLUMNS,
    "personer": persons.COLUMNS,
    "dream": (*benefits.COLUMNS, "y_YYWW"),
}
DOCUMENTS = {"cvr_virksomheder": enterprises, "cvr_produktionsenheder": units}


def committed(kind: str) -> Path:
    return odcs.CONTRACTS / f"{kind}.odcs.yaml"


@pytest.fixture(scope="module")
def contracts() -> dict[str, dict[str, Any]]:
    return {kind: yaml.safe_load(committed(kind).read_text(encoding="utf-8")) for kind in KINDS}


def properties(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every field below, however deep."""
    for field in [*part.get("properties", []), *part.get("items", {}).get("properties", [])]:
        yield field
        yield from properties(field)


def rules_in(contract: dict[str, Any]) -> list[dict[str, Any]]:
    [schema] = contract["schema"]
    return [*schema["quality"], *(rule for field in properties(schema) for rule in field.get("quality", []))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_contract_is_valid_by_the_standards_model_and_by_its_schema(kind: str) -> None:
    """A file that no tool of the standard reads is a text with a strange ending."""
    contract = OpenDataContractStandard.from_file(str(committed(kind)))
    assert contract.apiVersion == "v3.1.0" and contract.status == "active"
    schema = json.loads(OpenDataContractStandard.json_schema())
    values = yaml.safe_load(committed(kind).read_text(encoding="utf-8"))
    assert [error.message[:200] for error in Draft201909Validator(schema).iter_errors(values)] == []


def test_the_schema_of_the_standard_refuses_what_it_does_not_know(contracts: dict[str, dict[str, Any]]) -> None:
    """A validator that passes everything proves nothing."""
    wrong = json.loads(json.dumps(contracts["personer"]))
    wrong["schema"][0]["properties"][0]["colour"] = "blue"
    schema = json.loads(OpenDataContractStandard.json_schema())
    assert not Draft201909Validator(schema).is_valid(wrong)


def test_committed_contracts_are_those_of_the_catalogue(tmp_path: Path) -> None:
    """A supplier who holds a stale contract sends files that are refused."""
    written = {path.name: path.read_text(encoding="utf-8") for path in odcs.write(tmp_path)}
    there = {path.name: path.read_text(encoding="utf-8") for path in odcs.CONTRACTS.glob("*.yaml")}
    stale = sorted(name for name in {*written, *there} if written.get(name) != there.get(name))
    assert stale == [], f"write them again: {odcs.COMMAND}"


def test_every_column_that_the_code_reads_is_in_its_contract_and_no_other(contracts: dict[str, dict[str, Any]]) -> None:
    """A column without a contract is asked of nobody; one without code is sent in vain."""
    for kind, columns in COLUMNS.items():
        assert [field["name"] for field in contracts[kind]["schema"][0]["properties"]] == list(columns), kind


def test_every_key_that_the_code_reads_of_a_document_is_in_its_contract_and_no_other(
    contracts: dict[str, dict[str, Any]],
) -> None:
    """As columns; a document's keys stand in the readers' source alone."""
    shared = inspect.getsource(cvr_documents)
    read_by_all = set(re.findall(r'\.get\(\s*"(\w+)"', shared)) - {"gyldigFra", "gyldigTil"}
    for kind, module in DOCUMENTS.items():
        source = inspect.getsource(module)
        keys = {*re.findall(r'\.get\(\s*"(\w+)"', source), *re.findall(r'entries_of\(\s*\w+, "(\w+)"', source)}
        keys |= {entry[0] for entry in [*module.LISTS, *getattr(module, "HEADCOUNT_LISTS", ())]} | {module.ROOT}
        keys |= read_by_all if "employees_of" in source else {"kommune", "kommuneKode", "periode"}
        assert {field["name"] for field in properties(contracts[kind]["schema"][0])} == keys, kind


def test_every_rule_is_in_the_contracts_of_those_whom_it_concerns_and_once(
    contracts: dict[str, dict[str, Any]],
) -> None:
    """A supplier cannot keep a rule that nobody told."""
    found = {kind: Counter(rule["name"] for rule in rules_in(contract)) for kind, contract in contracts.items()}
    assert {count for counts in found.values() for count in counts.values()} == {1}
    for rule in read_catalogue():
        where = [kind for kind in KINDS if rule.rule in found[kind]]
        if rule.dataset in ("file", "build"):
            assert where, rule.rule
        else:
            assert where == [rule.kind], rule.rule
    for kind in KINDS:
        counted = {
            rule for rule, (looked_at, _) in rule_counts(None, kind).items() if looked_at and rule[:5] == "file."
        }
        assert counted <= set(found[kind]) and not ({"file.missing_column"} - counted) & set(found[kind])
    assert sum(map(len, (set(counts) for counts in found.values()))) > len(read_catalogue())


def test_a_rule_says_what_happens_and_what_to_do(contracts: dict[str, dict[str, Any]]) -> None:
    """A refusal without a remedy is a telephone call."""
    for contract in contracts.values():
        for rule in rules_in(contract):
            told = {entry["property"]: entry["value"] for entry in rule["customProperties"]}
            assert told["onFailure"] and told["remedy"] and rule["description"] and 0 <= told["threshold"] < 1


def is_of_build(rule: dict[str, Any]) -> bool:
    return str(rule.get("implementation", "")).startswith("fodfaeste build")


def test_rules_that_a_supplier_can_try_before_sending_are_told_apart(contracts: dict[str, dict[str, Any]]) -> None:
    """`fodfaeste check` says nothing of a rule that needs other files: the contract must not promise it."""
    of_build = {rule["name"] for contract in contracts.values() for rule in rules_in(contract) if is_of_build(rule)}
    general = {rule.rule for rule in read_catalogue() if rule.level in ("stop", "check")}
    others = {"placement.cpr_changed", "placement.start_too_late", "placement.cvr_contradicts_p_number"}
    assert of_build - general == others | {"placement.cpr_not_in_personer", "payroll.cpr_not_in_personer"}


def test_service_levels_are_those_of_the_due_table(contracts: dict[str, dict[str, Any]]) -> None:
    """Two due days are one too many."""
    for kind, contract in contracts.items():
        levels = {level["property"]: level["value"] for level in contract["slaProperties"]}
        assert levels.get("timeOfAvailability") == read_due()[kind].due_day
        assert levels["frequency"] == (1 if read_due()[kind].due_day else "on request")


def test_a_file_of_the_contracts_name_is_recognised_as_its_kind(contracts: dict[str, dict[str, Any]]) -> None:
    """A contract with another name than the landing zone's makes files that count as nothing."""
    for kind, contract in contracts.items():
        name = contract["schema"][0]["physicalName"]
        for old, new in (
            ("<YYYY-MM-DD>", "2024-05-31"),
            ("<YYYY-MM>", "2024-05"),
            ("<kkkk>", "0101"),
            ("[_<nnn>]", "_001"),
        ):
            name = name.replace(old, new)
        file = classify(Path(name), FOLDER_OF[kind], CodeLists().municipalities)
        assert (file.kind, file.last_day) == (kind, date(2024, 5, 31))
        assert Path(f"raw/incoming/{FOLDER_OF[kind]}/{name}.gz").match(contract["servers"][0]["path"])


def test_personal_data_is_classified_and_examples_are_invented(contracts: dict[str, dict[str, Any]]) -> None:
    """An example that is somebody's number is a leak in a public file; day plus 60 is nobody's."""
    for kind, contract in contracts.items():
        for field in properties(contract["schema"][0]):
            example = str(field.get("examples", [""])[0])
            assert field["classification"], (kind, field["name"])
            if field["name"] == "cpr":
                assert field["classification"] == "personal identifier" and 61 <= int(example[:2]) <= 91
            if field["name"] in ("cvr", "cvr_nr", "se_nr", "cvrNummer"):
                assert is_valid_cvr(example)
            options = field.get("logicalTypeOptions", {})
            if options:
                assert re.fullmatch(options["pattern"], example), (kind, field["name"])


def test_valid_values_are_those_of_the_code_lists(contracts: dict[str, dict[str, Any]]) -> None:
    """A code that the pipeline takes and the contract does not is corrected for nothing."""
    lists = {
        rule["name"]: rule["arguments"]["validValues"]
        for contract in contracts.values()
        for rule in rules_in(contract)
        if rule["type"] == "library"
    }
    assert set(lists) == odcs.OF_VALUES
    assert set(lists["dream.unknown_code"]) == CodeLists().benefit_codes
    assert set(lists["placement.municipality_unknown"]) == CodeLists().municipalities
    assert lists["payroll.kind_unknown"] == ["I", "T"]
