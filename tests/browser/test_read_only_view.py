"""What a stakeholder sees: the read-only webserver over a built warehouse, in a real browser (Debian's chromium, headless)."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.ingest.keys import KEY_VARIABLE, SAMPLE_KEY
from tests.golden.delivery import write

COMMAND = Path(sys.executable).with_name("fodfaeste")
ENVIRONMENT = {**os.environ, KEY_VARIABLE: SAMPLE_KEY.hex()}
# Without the background-networking flags the browser looks for its maker's hosts at every start.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A read-only webserver over the golden delivery, built through Dagster as a user builds it."""
    folder = tmp_path_factory.mktemp("view")
    raw, warehouse = write(folder / "raw"), folder / "warehouse"
    places = ["--raw", str(raw), "--warehouse", str(warehouse)]
    subprocess.run([COMMAND, "build", *places], check=True, env=ENVIRONMENT, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [COMMAND, "ui", "--read-only", "--port", str(port), *places], env=ENVIRONMENT, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(180):
            try:
                urllib.request.urlopen(f"{url}/server_info", timeout=5).read()
                break
            except OSError:
                time.sleep(1)
        yield url
    finally:
        os.killpg(server.pid, 15)
        server.wait(30)


def page(url: str, folder: Path) -> str:
    """The page's document after its scripts have run."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    assert browser, "chromium is not installed: apt-get install chromium"
    command = [browser, *FLAGS, f"--user-data-dir={folder}", "--window-size=1700,1000", "--virtual-time-budget=60000"]
    return subprocess.run([*command, "--dump-dom", url], check=True, capture_output=True, text=True, timeout=300).stdout


def ask(address: str, query: str) -> dict:
    """The answer of the webserver's GraphQL to a query."""
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=60))


def test_the_lineage_shows_the_danish_groups(address: str, tmp_path: Path) -> None:
    """Prevents an empty or unnamed graph as the first thing a stakeholder sees."""
    text = page(f"{address}/asset-groups", tmp_path)
    assert all(
        group in text for group in ("kilder", "kerne", "omfang", "progression", "effekt", "kvalitet", "evaluering")
    )


def test_the_catalogue_shows_materialised_assets_with_danish_sentences(address: str, tmp_path: Path) -> None:
    """Prevents a catalogue without figures or descriptions, or one that shows marks of markup."""
    text = page(f"{address}/assets", tmp_path)
    assert "Materialized" in text
    assert "Kodelisten over ydelser i DREAM" in text
    assert "**" not in text


def test_no_asset_and_no_month_of_the_view_is_missing(address: str) -> None:
    """Prevents an amber or grey box in the first picture: an asset that no run makes, a month that nobody delivered."""
    query = "{ assetNodes { assetKey { path } assetMaterializations(limit: 1) { runId } partitionStats { numPartitions numMaterialized } } }"
    # Frozen releases are made by a person's decision, not by a build.
    nodes = [node for node in ask(address, query)["data"]["assetNodes"] if node["assetKey"]["path"][0] != "release"]
    assert len(nodes) > 100
    stats = {"/".join(node["assetKey"]["path"]): node["partitionStats"] for node in nodes if node["partitionStats"]}
    assert {key: months["numPartitions"] - months["numMaterialized"] for key, months in stats.items()} == {
        "lake/forloeb": 0,
        "lake/eindkomst": 0,
    }
    assert [node["assetKey"]["path"] for node in nodes if not node["assetMaterializations"]] == []


def test_nothing_can_be_started_from_the_read_only_view(address: str) -> None:
    """Prevents a stakeholder from starting, changing or deleting a run by a click."""
    answer = ask(address, "{ permissions { permission value } }")
    allowed = {row["permission"] for row in answer["data"]["permissions"] if row["value"]}
    assert not allowed & {
        "launch_pipeline_execution",
        "launch_partition_backfill",
        "delete_pipeline_run",
        "edit_sensor",
    }
