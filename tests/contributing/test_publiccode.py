"""publiccode.yml, held to version 0.4 of the standard (https://yml.publiccode.tools) and to pyproject.toml. There is no validator for Python.

Belongs here: keys, values and lengths that the standard asks for. Not here: what the software does.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MANDATORY = (
    "publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType", "description", "legal",
    "maintenance", "localisation",
)  # fmt: skip
OPTIONAL = (
    "softwareVersion",
    "releaseDate",
    "intendedAudience",
    "dependsOn",
    "landingURL",
    "logo",
    "roadmap",
    "usedBy",
    "organizationUri",
)
STATUS = {"concept", "development", "beta", "stable", "obsolete"}
KINDS = {
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
}
# Of the controlled vocabularies, what fits this software.
CATEGORIES = {
    "business-intelligence",
    "data-analytics",
    "data-collection",
    "data-visualization",
    "predictive-analysis",
    "knowledge-management",
}
SCOPES = {
    "employment",
    "finance-and-economic-development",
    "government",
    "local-authorities",
    "research",
    "society",
    "welfare",
}
# Name there, package here.
PACKAGES = {
    "Dagster": "dagster",
    "dbt-core": "dbt-core",
    "DuckDB": "duckdb",
    "Great Expectations": "great-expectations",
}


@pytest.fixture(scope="module")
def public() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_keys_are_those_of_the_standard(public: dict[str, Any]) -> None:
    """A catalogue of public software passes over a file that lacks a key, and says nothing."""
    assert set(MANDATORY) <= set(public) <= {*MANDATORY, *OPTIONAL}
    assert public["publiccodeYmlVersion"] == "0.4"
    assert public["developmentStatus"] in STATUS and public["softwareType"] in KINDS
    assert set(public["categories"]) <= CATEGORIES and set(public["intendedAudience"]["scope"]) <= SCOPES
    assert all(re.fullmatch("[a-z]{2}", country) for country in public["intendedAudience"]["countries"])
    assert public["url"].startswith("https://")
    assert public["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert all(contact["name"] for contact in public["maintenance"]["contacts"])
    assert isinstance(public["localisation"]["localisationReady"], bool)


def test_each_language_has_texts_of_the_length_that_the_standard_allows(public: dict[str, Any]) -> None:
    """A sentence that is too long is cut in the middle, or refuses the file."""
    assert set(public["description"]) == set(public["localisation"]["availableLanguages"]) == {"da", "en"}
    for texts in public["description"].values():
        assert set(texts) == {"shortDescription", "longDescription", "features"}
        assert 0 < len(texts["shortDescription"]) <= 150 and "\n" not in texts["shortDescription"]
        assert 150 <= len(texts["longDescription"]) <= 10_000
    danish, english = (public["description"][language]["features"] for language in ("da", "en"))
    assert len(danish) == len(english) and not set(danish) & set(english)


def test_version_licence_and_dependencies_are_those_of_pyproject(
    public: dict[str, Any], project: dict[str, Any]
) -> None:
    """What is announced and what is installed must not part."""
    assert (public["softwareVersion"], public["legal"]["license"]) == (project["version"], project["license"])
    needed = {entry["name"]: entry for entry in public["dependsOn"]["open"]}
    bounds = dict(re.match(r"([\w-]+)>=([\d.]+)", line).groups() for line in project["dependencies"])  # type: ignore[union-attr]
    assert {name: bounds[package] for name, package in PACKAGES.items()} == {
        name: needed[name]["versionMin"] for name in PACKAGES
    }
    first, beyond = re.fullmatch(r">=([\d.]+),<3\.(\d+)", project["requires-python"]).groups()  # type: ignore[union-attr]
    assert (needed["Python"]["versionMin"], needed["Python"]["versionMax"]) == (first, f"3.{int(beyond) - 1}")
    assert all(set(entry) <= {"name", "version", "versionMin", "versionMax", "optional"} for entry in needed.values())
