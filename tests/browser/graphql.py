"""Asking a webserver's GraphQL: queries, and one call of every mutation that its schema has, with the least arguments that fit.

Belongs here: reading the schema, making calls. Not here: what the answers must be (test_*.py).
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }"
SCHEMA = f"""{{ __schema {{
    types {{ kind name inputFields {{ name defaultValue type {{ {TYPE} }} }} enumValues {{ name }} }}
    mutationType {{ fields {{ name args {{ name defaultValue type {{ {TYPE} }} }} type {{ {TYPE} }} }} }}
}} }}"""
OF_A_KIND = {"Int": 1, "Float": 1.0, "Boolean": True}


def ask(address: str, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """The answer, also one that is an error."""
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    try:
        return dict(json.load(urllib.request.urlopen(request, timeout=120)))
    except urllib.error.HTTPError as refusal:
        return dict(json.load(refusal))


def mutations(address: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, document and variables of a call of every mutation."""
    schema = ask(address, SCHEMA)["data"]["__schema"]
    types = {one["name"]: one for one in schema["types"]}
    for field in schema["mutationType"]["fields"]:
        needed = [one for one in field["args"] if _is_needed(one)]
        declared = ", ".join(f"${one['name']}: {_written(one['type'])}" for one in needed)
        given = ", ".join(f"{one['name']}: ${one['name']}" for one in needed)
        chosen = "" if _core(field["type"])["kind"] in ("SCALAR", "ENUM") else "{ __typename }"
        head = f"mutation tried({declared})" if needed else "mutation tried"
        call = f"{field['name']}({given})" if needed else field["name"]
        yield (
            field["name"],
            f"{head} {{ {call} {chosen} }}",
            {one["name"]: _value(one["type"], types) for one in needed},
        )


def _is_needed(one: dict[str, Any]) -> bool:
    return one["type"]["kind"] == "NON_NULL" and one["defaultValue"] is None


def _core(kind: dict[str, Any]) -> dict[str, Any]:
    return _core(kind["ofType"]) if kind.get("ofType") else kind


def _written(kind: dict[str, Any]) -> str:
    if kind["kind"] == "NON_NULL":
        return f"{_written(kind['ofType'])}!"
    return f"[{_written(kind['ofType'])}]" if kind["kind"] == "LIST" else str(kind["name"])


def _value(kind: dict[str, Any], types: dict[str, dict[str, Any]]) -> Any:
    if kind["kind"] == "NON_NULL":
        return _value(kind["ofType"], types)
    if kind["kind"] == "LIST":
        return [_value(kind["ofType"], types)]
    if kind["kind"] == "ENUM":
        return types[kind["name"]]["enumValues"][0]["name"]
    if kind["kind"] == "INPUT_OBJECT":
        return {one["name"]: _value(one["type"], types) for one in types[kind["name"]]["inputFields"] if _is_needed(one)}  # fmt: skip
    return OF_A_KIND.get(kind["name"], "x")
