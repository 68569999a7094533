"""The country against the published figures, read from the written files in the plainest way."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from raw.synthetic import make
from raw.synthetic.parameters import HERE, SEEDS, STATES, S, read_csv

from .conftest import lived

ON = date(2017, 9, 30)
UNPAID = {"guidance_upskilling", "work_trial", "community_service", "mentor"}
SUPPORTED = {"wage_subsidy", "job_rotation", "flex_job"}


def _text(path: Path) -> str:
    plain = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return plain.decode("utf-8")


def _documents(raw: Path, kind: str) -> list[dict[str, Any]]:
    return [
        next(iter(json.loads(line).values()))
        for path in sorted((raw / "registry").glob(f"{kind}_*"))
        for line in _text(path).splitlines()
    ]


def _covers(period: dict[str, str | None], day: date) -> bool:
    return (period["gyldigFra"] or "0000") <= day.isoformat() <= (period["gyldigTil"] or "9999")


def _flag(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        value["periode"]
        for entry in document["attributter"]
        if entry["type"] == "SOCIAL_ØKONOMISK_VIRKSOMHED"
        for value in entry["vaerdier"]
    ]


def _is_registered(document: dict[str, Any], day: date) -> bool:
    return any(_covers(period, day) for period in _flag(document)) and any(
        _covers(life["periode"], day) for life in document["livsforloeb"]
    )


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few people, but the whole register of enterprises."""
    raw = tmp_path_factory.mktemp("registers") / "raw"
    make(raw, 200, "2017-01", "2021-08", seed=8, defects="none", truth=False, municipalities=2)
    return raw


def test_as_many_rsv_are_registered_as_were_published(registers: Path) -> None:
    """180, 234, 283, 458, 798: a country whose scope is another than Denmark's."""
    documents = _documents(registers, "cvr_virksomheder")
    wanted = {
        row["as_of"]: int(row["value"])
        for row in read_csv(SEEDS / "published_figures.csv")
        if row["figure"].startswith("registered social")
    }
    assert len(wanted) == 5
    assert {
        day: sum(_is_registered(document, date.fromisoformat(day)) for document in documents) for day in wanted
    } == wanted


def test_rsv_are_concentrated_in_the_cities(registers: Path) -> None:
    """A supply that is even over the country has nothing to show."""
    groups = {
        int(row["kommune_kode"]): int(row["kommunegruppe_kode"]) for row in read_csv(SEEDS / "municipalities.csv")
    }
    rsv = [document for document in _documents(registers, "cvr_virksomheder") if _flag(document)]
    homes = [groups[document["beliggenhedsadresse"][-1]["kommune"]["kommuneKode"]] for document in rsv]
    assert np.mean(np.array(homes) <= 2) > 0.5


def test_enterprises_are_of_very_unequal_size(registers: Path) -> None:
    """Enterprises that are all alike hide what clustering does to an error."""
    sizes = [
        max([entry["antalAnsatte"] or 0 for entry in document["maanedsbeskaeftigelse"]] or [0])
        for document in _documents(registers, "cvr_virksomheder")
    ]
    largest = sorted(sizes, reverse=True)
    assert sum(largest[: len(largest) // 100]) > 0.2 * sum(largest)
    assert sum(size <= 4 for size in sizes) > 0.4 * len(sizes)


def test_headcounts_change_list_in_october_2019(registers: Path) -> None:
    """Real documents have two lists; a reader of one alone sees an enterprise end or begin."""
    for document in _documents(registers, "cvr_virksomheder"):
        new = [(entry["aar"], entry["maaned"]) for entry in document["erstMaanedsbeskaeftigelse"]]
        old = [(entry["aar"], entry["maaned"]) for entry in document["maanedsbeskaeftigelse"]]
        assert all(month >= (2019, 10) for month in new)
        assert all(month <= (2020, 3) for month in old)


@pytest.fixture(scope="module")
def september(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A country of the size that is calibrated, up to the autumn of 2017."""
    raw = tmp_path_factory.mktemp("september") / "raw"
    make(raw, 30_000, "2016-01", "2017-12", seed=1, defects="none", truth=False)
    return raw


def test_active_rsv_and_what_they_do_are_as_published(september: Path) -> None:
    """118 of 234 active, just under 30 % ordinarily employed, four of five courses guidance, by the definitions of `fct_rsv_register_monthly`."""
    instruments = {row["tilbudstype"]: row["instrument"] for row in read_csv(SEEDS / "instruments.csv")}
    documents = {f"{document['cvrNummer']}": document for document in _documents(september, "cvr_virksomheder")}
    owner = {
        f"{unit['pNummer']}": f"{unit['virksomhedsrelation'][-1]['cvrNummer']}"
        for unit in _documents(september, "cvr_produktionsenheder")
    }
    latest: dict[str, dict[str, str]] = {}
    for path in sorted((september / "placement").iterdir()):
        for row in csv.DictReader(io.StringIO(_text(path), newline=""), delimiter=";"):
            if (
                row["aktivitet_id"] not in latest
                or row["registreret_tidspunkt"] >= latest[row["aktivitet_id"]]["registreret_tidspunkt"]
            ):
                latest[row["aktivitet_id"]] = row
    registered = {cvr for cvr, document in documents.items() if _is_registered(document, ON)}
    here = defaultdict(set)  # instrument to people active on the day, at registered RSV
    in_month, started = set(), []
    for row in latest.values():
        cvr = owner.get(row["p_nummer"], row["cvr"])
        if row["handling"] == "S" or cvr not in registered:
            continue
        instrument, start, end = instruments[row["tilbudstype"]], row["startdato"], row["slutdato"] or "9999"
        if start <= "2017-09-30" and end >= "2017-09-01":
            in_month.add(cvr)
        if "2016-10-01" <= start <= "2017-09-30" and not row["aktivitet_id"].endswith("B"):
            started.append(instrument)
        if start <= "2017-09-30" <= end:
            here[instrument].add((row["cpr"], cvr))
    employees = {}
    for cvr in registered:
        months = {(entry["aar"], entry["maaned"]): entry for entry in documents[cvr]["maanedsbeskaeftigelse"]}
        entry = months[2017, 9]
        employees[cvr] = (
            entry["antalAnsatte"]
            if entry["antalAnsatte"] is not None
            else int(entry["intervalKodeAntalAnsatte"].split("_")[1])
        )
    old_enough = {cvr for cvr in registered if documents[cvr]["livsforloeb"][0]["periode"]["gyldigFra"] <= "2017-03-30"}
    active = {cvr for cvr in old_enough if employees[cvr] > 0 or cvr in in_month}
    staff = sum(employees[cvr] for cvr in active)
    unpaid = len({person for name in UNPAID for person, cvr in here[name] if cvr in active})
    supported = len({person for name in SUPPORTED for person, cvr in here[name] if cvr in active})
    assert len(registered) == 234
    assert abs(len(active) - 118) <= 4
    assert 0.27 <= max(0, staff - supported) / (staff + unpaid) <= 0.305
    assert abs(started.count("guidance_upskilling") / len(started) - 0.80) <= 0.03


def test_transitions_follow_the_published_rates_by_year_in_the_state() -> None:
    """Careers whose length says nothing: nobody on a benefit for long would look other than a newcomer."""
    world, country = lived(30_000)
    first = world.calendar.first
    state = country.state[:, first - 12 :].astype(np.int64)
    n, months = state.shape
    years = np.zeros((n, months), dtype=np.int64)
    # Months in the state since it began within the window; who was in it before has an unknown start and is left out.
    known = np.zeros((n, months), dtype=bool)
    for month in range(1, months):
        same = state[:, month] == state[:, month - 1]
        years[:, month] = np.where(same, years[:, month - 1] + 1, 0)
        known[:, month] = np.where(same, known[:, month - 1], True)
    compared = 0
    for row in read_csv(HERE / "transition_rates.csv"):
        source, target = S[row["from_state"]], S[row["to_state"]]
        for year, name in enumerate(("rate_year_1", "rate_year_2", "rate_year_3")):
            wanted = float(row[name] or row["rate_per_year"])
            at_risk = (state[:, :-1] == source) & known[:, :-1] & (years[:, :-1] // 12 == year)
            exposure = at_risk.sum() / 12
            events = (at_risk & (state[:, 1:] == target)).sum()
            if wanted * exposure < 30:
                continue
            compared += 1
            # Competing exits take their part of a month's chance; the rest is chance itself.
            margin = 4 * np.sqrt(wanted * exposure) / exposure + 0.12 * wanted
            assert abs(events / exposure - wanted) < margin, (
                f"{STATES[source]} to {STATES[target]}, year {year + 1}: {events / exposure:.3f}, published {wanted}"
            )
    assert compared >= 12


def test_about_one_in_sixteen_activity_ready_finds_a_job_within_a_year() -> None:
    """0.06, published: a labour market that is open or shut to everybody."""
    world, country = lived(20_000, last="2018-01")
    month = world.calendar.index("2016-12")
    recipients = np.flatnonzero(country.state[:, month] == S["cash_activity_ready"])
    lines = country.lines
    working = np.unique(lines.person[(lines.kind == 0) & (lines.month > month) & (lines.month <= month + 12)])
    assert 0.04 <= np.isin(recipients, working).mean() <= 0.09
