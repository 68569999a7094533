"""The stakeholder's tour of the graph, in a real browser, over what `make run` has made; and that nothing can be changed from it."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

from assets.ingest.landing import KINDS
from pipelines.danish import GROUPS, SENTENCES
from pipelines.read_only import REFUSAL
from tests.browser.devtools import Tab
from tests.browser.graphql import ask, mutations
from tests.browser.pictures import take_all
from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NODES = """{ assetNodes {
    assetKey { path } description groupName dependencyKeys { path }
    assetMaterializations(limit: 1) { runId } partitionStats { numPartitions numMaterialized }
} }"""


@pytest.fixture(scope="module")
def nodes(address: str) -> dict[str, dict]:
    """Every asset that the webserver knows."""
    return {"/".join(node["assetKey"]["path"]): node for node in ask(address, NODES)["data"]["assetNodes"]}


def test_the_address_alone_leads_to_the_seven_danish_groups(address: str, tab: Tab) -> None:
    """Prevents an empty timeline, or an unnamed graph, as the first thing a stakeholder sees."""
    tab.open(address, 1600, 1000)
    tab.wait(*GROUPS)
    assert tab.run("location.pathname") == "/asset-groups"
    asked = {url for url in tab.requests if not url.startswith((address, "data:", "blob:"))}
    assert asked == set()


def test_an_assets_page_shows_what_it_answers_its_figure_its_schema_its_checks_and_its_headline(address: str, tab: Tab) -> None:  # fmt: skip
    """Prevents a page on which a stakeholder finds a name and a green dot."""
    tab.open(f"{address}/assets/scope/fct_scope_yearly", 1600, 2400)
    text = tab.wait("Latest check results", "Columns", "personer i forløb pr. år", "Fortællingen, del 3 af 7, omfang")
    question = SENTENCES["scope/fct_scope_yearly"]
    assert text.index(question) < text.index("Tallet: ") < text.index("Fortællingen") < text.index("spells_started")
    assert "Persons with a spell that ran in the year." in text
    assert "Failed" not in text
    tab.open(f"{address}/assets/scope/fct_scope_yearly?view=checks", 1600, 1000)
    tab.wait("datatest", "kontrakt")


def test_the_catalogue_shows_materialised_assets_with_danish_questions(address: str, tab: Tab) -> None:
    """Prevents a catalogue without figures or descriptions, or one that shows marks of markup."""
    tab.open(f"{address}/assets", 1600, 1000)
    text = tab.wait("Materialized", "Hvad betyder koderne for ydelser i DREAM")
    assert "**" not in text


def test_every_asset_opens_with_a_question_a_figure_and_its_place(nodes: dict[str, dict]) -> None:
    """Prevents a table, or a step on the way to it, that says nothing of what it is for."""
    assert len(nodes) > 150
    silent = {}
    for path, node in nodes.items():
        opening, figure, place = [*node["description"].split("\n\n"), "", ""][:3]
        is_told = figure.startswith("Tallet: ") or (path.startswith("release/") and figure == "Der er ingen udgivelse endnu.")  # fmt: skip
        if (
            not opening
            or not is_told
            or not place.startswith(f"Fortællingen, del {GROUPS.index(node['groupName']) + 1} af 7")
        ):
            silent[path] = node["description"][:200]
    assert silent == {}


def test_no_asset_and_no_month_of_the_view_is_missing(nodes: dict[str, dict]) -> None:
    """Prevents an amber or grey box in the first picture: an asset that no run makes, a month that nobody delivered."""
    # Frozen releases are made by a person's decision, not by a build.
    own = {path: node for path, node in nodes.items() if not path.startswith("release/")}
    stats = {path: node["partitionStats"] for path, node in own.items() if node["partitionStats"]}
    missing = {path: months["numPartitions"] - months["numMaterialized"] for path, months in stats.items()}
    assert missing == {"lake/forloeb": 0, "lake/eindkomst": 0}
    assert [path for path, node in own.items() if not node["assetMaterializations"]] == []


def test_a_published_number_can_be_followed_to_every_kind_of_extract(
    nodes: dict[str, dict], address: str, tab: Tab
) -> None:
    """Prevents a lineage that breaks between a table of the release and what was delivered."""
    upstream, ring = set(), {"evaluation/preview_tables"}
    while ring:
        upstream |= ring
        ring = {"/".join(key["path"]) for path in ring for key in nodes[path]["dependencyKeys"]} - upstream
    assert {f"lake/{kind}" for kind in KINDS} <= upstream
    tab.open(f"{address}/assets/scope/fct_scope_yearly?view=lineage&lineageScope=upstream&lineageDepth=6", 1600, 1000)
    tab.wait("fct_scope_yearly", "forloeb", "cvr_virksomheder")


def test_every_mutation_is_refused(address: str, made: Path) -> None:
    """Prevents a stakeholder from starting, changing or deleting anything by a click or a script: all mutations are tried, whatever Dagster adds."""
    before = ask(address, "{ runsOrError { ... on Runs { count } } }")
    tried = list(mutations(address))
    assert {"launchRun", "launchPartitionBackfill", "setNuxSeen", "sensorDryRun", "wipeAssets", "deleteRun"} <= {name for name, _, _ in tried}  # fmt: skip
    for name, document, variables in tried:
        answer = ask(address, document, variables)
        assert answer["data"] is None, name
        assert [error["message"] for error in answer["errors"]] == [REFUSAL], name
    assert ask(address, "{ runsOrError { ... on Runs { count } } }") == before
    assert not list((made / "dagster").rglob("nux.yaml"))


def test_a_mutation_over_the_socket_of_subscriptions_is_refused(address: str) -> None:
    """Prevents the way beside: subscriptions come over a socket that takes any document."""
    with connect(f"{address.replace('http', 'ws', 1)}/graphql", subprotocols=["graphql-ws"]) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "connection_init"}))
        socket.send(json.dumps({"type": "start", "id": "1", "payload": {"query": "mutation { setNuxSeen }"}}))
        answers = []
        while not answers or answers[-1]["type"] not in ("error", "complete"):
            answers.append(json.loads(socket.recv(timeout=60)))
    assert answers[-1]["type"] == "error"
    assert not any(answer["type"] == "data" for answer in answers)


@pytest.mark.parametrize("place", ["report_asset_materialization", "report_asset_check", "report_asset_observation"])
def test_nothing_can_be_reported_to_the_read_only_view(address: str, place: str) -> None:
    """Prevents a materialisation that never happened from being noted by whoever can reach the view."""
    request = urllib.request.Request(f"{address}/{place}/core/dim_months", b"{}", {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    assert refused.value.code == 405
    assert refused.value.read().decode() == REFUSAL


def test_the_buttons_of_the_read_only_view_are_off(address: str, tab: Tab) -> None:
    """Prevents a button that invites to what is then refused."""
    tab.open(f"{address}/assets/scope/fct_scope_yearly", 1600, 1000)
    tab.wait("Materialize", "Latest materialization")
    script = "[...document.querySelectorAll('button')].filter(one => one.innerText.startsWith('Materialize')).map(one => one.disabled || one.getAttribute('aria-disabled') === 'true')"
    assert set(tab.run(script)) == {True}


def test_an_engineer_can_open_the_dialogue_of_a_backfill(engineers: str, tab: Tab) -> None:
    """Prevents months that cannot be read again from the graph: the dialogue must offer the delivered months."""
    tab.open(f"{engineers}/assets/lake/eindkomst", 1600, 1000)
    tab.wait("Materialize", "Latest materialization")
    tab.click("Materialize")
    tab.wait("Partition selection", "0 partitions")
    tab.click("All")
    months = ask(engineers, NODES)["data"]["assetNodes"]
    delivered = next(node["partitionStats"]["numPartitions"] for node in months if node["assetKey"]["path"] == ["lake", "eindkomst"])  # fmt: skip
    assert delivered > 90
    tab.wait(f"{delivered} partitions")


def test_every_picture_of_the_documents_can_be_taken_anew(made: Path, tmp_path: Path) -> None:
    """Prevents screenshots that nobody can make again, and documents that show a page which is no longer there."""
    names = take_all(made, tmp_path)
    shown = set(
        re.findall(r"pictures/([a-z-]+[.]png)", "".join(page.read_text(encoding="utf-8") for page in DOCUMENTS))
    )
    assert set(names) == shown
    assert all((tmp_path / name).stat().st_size > 20_000 for name in names)
