"""Loads the definitions once, into an empty warehouse, without a key. Belongs here: fixtures. Not here: tests."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.settings import ROOT, read_settings

SECRET = ("OUTCOME_PSEUDONYM_KEY", "OUTCOME_PSEUDONYM_KEY_FILE", "FODFAESTE_RAW", "FODFAESTE_AS_OF")


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("definitions")


@pytest.fixture(scope="session")
def bare_environment(empty_warehouse: Path) -> dict[str, str]:
    """An environment without key, landing zone and Dagster home; network addresses lead nowhere."""
    environment = {name: value for name, value in os.environ.items() if name not in (*SECRET, "DAGSTER_HOME")}
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    return (
        environment
        | nowhere
        | {"FODFAESTE_WAREHOUSE": str(empty_warehouse), "FODFAESTE_RAW": str(empty_warehouse / "gone")}
    )


@pytest.fixture(scope="session")
def loaded_without_anything(bare_environment: dict[str, str], empty_warehouse: Path) -> subprocess.CompletedProcess:
    """The definitions, imported by another process with nothing to go by; the manifest stays in the warehouse."""
    code = (
        "import socket\n"
        "def refuse(*_, **__): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "from pipelines.definitions import defs\n"
        "print(len(list(defs.resolve_all_asset_specs())))\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=bare_environment, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="session")
def definitions(
    loaded_without_anything: subprocess.CompletedProcess, empty_warehouse: Path
) -> Iterator[dg.Definitions]:
    assert loaded_without_anything.returncode == 0, loaded_without_anything.stderr[-2000:]
    before = os.environ.get("FODFAESTE_WAREHOUSE")
    os.environ["FODFAESTE_WAREHOUSE"] = str(empty_warehouse)
    try:
        from pipelines.definitions import build_definitions

        yield build_definitions()
    finally:
        if before is None:
            del os.environ["FODFAESTE_WAREHOUSE"]
        else:
            os.environ["FODFAESTE_WAREHOUSE"] = before


@pytest.fixture(scope="session")
def specs(definitions: dg.Definitions) -> list[dg.AssetSpec]:
    return list(definitions.resolve_all_asset_specs())


@pytest.fixture(scope="session")
def manifest(loaded_without_anything: subprocess.CompletedProcess, empty_warehouse: Path) -> dict[str, Any]:
    [path] = read_settings(warehouse=empty_warehouse).dbt_target.glob("manifest-*.json")
    return json.loads(path.read_text(encoding="utf-8"))
