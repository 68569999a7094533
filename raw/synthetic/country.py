"""`make`: a whole delivery, and the truth beside it.

Belongs here: the order in which the country is made and written. Not here: any of the steps.
"""

from __future__ import annotations

import hashlib
import hmac
import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from raw.synthetic import defect_files, defect_registry
from raw.synthetic.calendar import Calendar, month_number
from raw.synthetic.defect_payroll import PayrollDefects
from raw.synthetic.defect_placement import PlacementDefects
from raw.synthetic.defects import Defects
from raw.synthetic.draws import Draws, Ints
from raw.synthetic.enterprises import make_enterprises
from raw.synthetic.files import write
from raw.synthetic.life import World
from raw.synthetic.parameters import I, Parameters, load
from raw.synthetic.payroll_files import number_lines, write_payroll
from raw.synthetic.payroll_log import payroll_events
from raw.synthetic.people import make_people
from raw.synthetic.placement_files import PlacementFiles, write_placement
from raw.synthetic.placement_log import PlacementLog, placement_log
from raw.synthetic.pools import fill_pools
from raw.synthetic.registry_documents import RegisterWriter, documents_text, se_text, staff_scale
from raw.synthetic.registry_people import residences, write_dream, write_people
from raw.synthetic.simulate import Country, simulate
from raw.synthetic.truth import write_truth

SAMPLE_KEY = hashlib.sha256(b"fodfaeste-sample").digest()
FOLDERS = ("registry", "placement", "payroll")
_SUPPORTED = ("wage_subsidy", "job_rotation", "flex_job")
_PAID = (*_SUPPORTED, "small_job")


@dataclass
class Summary:
    """What was made."""

    persons: int
    target_persons: int
    enterprises: int
    spells: int
    placement_rows: int
    payroll_lines: int
    files: int
    planted: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def person_keys(cpr: Ints) -> list[str]:
    """The warehouse's person keys under the sample's public key."""
    return [
        str(uuid.UUID(bytes=hmac.digest(SAMPLE_KEY, f"{number:010d}".encode(), "sha256")[:16]))
        for number in cpr.tolist()
    ]


def make(
    out: Path,
    persons: int,
    first_month: str,
    last_month: str,
    seed: int = 1,
    defects: str | Mapping[str, float | int | bool] = "default",
    progress: Callable[[str], None] | None = None,
    *,
    truth_dir: Path | None = None,
    truth: bool = True,
    truth_starts: int = 40_000,
    municipalities: int | None = None,
    parameters: Parameters | None = None,
) -> Summary:
    """Makes a synthetic country: deliveries in `out`/registry, placement and payroll, the truth in `truth_dir` (by default `out`'s neighbour `truth`).

    `persons`: people in the country; calibrated from 20,000 on. Months are 'YYYY-MM', both delivered. `defects`: "default" (the rates of truth.toml), "none", or rates that
    replace some of them. `truth_starts`: at most so many starts are lived again for potential outcomes. `municipalities`: only so many of the 98, the largest, have people
    and deliver. The three folders are made anew: what stood in them is removed. The same arguments give the same bytes.
    Raises ValueError where an argument cannot be.
    """
    began = time.perf_counter()
    say = progress or (lambda message: None)
    if persons < 1:
        raise ValueError(f"persons must be at least 1, not {persons}")
    if month_number(first_month) < month_number("2015-01") - 12 or month_number(last_month) > month_number("2030-12"):
        raise ValueError("months lie from 2014-01 (the registers' shape) to 2030-12")
    truth_folder = Path(truth_dir) if truth_dir is not None else out.parent / "truth"
    if truth and truth_folder.resolve().is_relative_to(out.resolve()):
        raise ValueError(f"the truth may not lie inside the delivery: {truth_folder}")
    given = parameters or load()
    population = given["population"]
    calendar = Calendar.of(
        first_month,
        last_month,
        population["months_before"],
        population["dream_months_before"],
        population["months_after"],
    )
    draws = Draws(seed)
    for name in FOLDERS:
        shutil.rmtree(out / name, ignore_errors=True)
        (out / name).mkdir(parents=True)

    enterprises = make_enterprises(given, calendar, draws, persons)
    fill_pools(enterprises, given, calendar)
    people = make_people(given, calendar, draws, persons, municipalities)
    world = World(given, calendar, draws, people, enterprises)
    say(f"{len(people):,} people, {len(enterprises):,} enterprises")
    country = simulate(world, truth, say)
    log = placement_log(world, country)
    say(f"{len(country.spells.person):,} placements, {len(log.rows):,} registered rows")
    planted = Defects(world, defects)

    files, placement_rows = _write_placement(world, log, planted, out / "placement", municipalities)
    events, post = number_lines(payroll_events(world, country, log))
    PayrollDefects(planted, events, post).plant()
    files += write_payroll(world, events, post, out / "payroll", planted)
    files += defect_files.payroll_files(planted, out / "payroll")
    say(f"{len(events):,} payroll lines")
    files += _write_registry(world, country, log, planted, out / "registry")
    say("registers")
    if truth:
        write_truth(world, country, log, person_keys(people.cpr), truth_folder, truth_starts, say)
        planted.write_manifest(truth_folder)
    target = ((country.state[:, calendar.first :] >= 1) & (country.state[:, calendar.first :] <= 11)).any(axis=1)
    lines = len(events) + sum(len(lines) for lines in planted.payroll_extra.lines.values())
    return Summary(
        persons, int(target.sum()), len(enterprises), len(country.spells.person), placement_rows, lines, len(files), dict(planted.counts),
        time.perf_counter() - began,
    )  # fmt: skip


def _write_placement(
    world: World, log: PlacementLog, planted: Defects, folder: Path, municipalities: int | None
) -> tuple[list[Path], int]:
    files = PlacementFiles(world, has_habits=bool(planted.rates["municipal_habits"]))
    rows = PlacementDefects(planted, files, log).plant()
    codes = world.parameters.municipalities.code
    deliver = sorted(
        int(code) for code in (codes if municipalities is None else codes[np.unique(world.people.first_home)])
    )
    choice = defect_files.FileChoice(planted, deliver)
    written = write_placement(files, folder, choice.missing, choice.extra_column, choice.bom, deliver)
    return written + defect_files.placement_files(planted, files, folder, choice), rows


def _write_registry(world: World, country: Country, log: PlacementLog, planted: Defects, folder: Path) -> list[Path]:
    # Where the newest snapshot is refused, the sound ones are two days older.
    day = world.calendar.last_day - (2 if planted.rates["refused_files"] else 0)
    date = str(np.int64(day).astype("datetime64[D]"))
    register = RegisterWriter(world, rsv_staff_scale(world, country, log))
    everyone = range(len(world.enterprises))
    enterprises = documents_text(
        [register.enterprise(at) for at in everyone], defect_registry.enterprise_documents(planted, register)
    )
    units = documents_text(
        [document for at in everyone for document in register.units(at)], defect_registry.unit_documents(planted)
    )
    found = residences(world, country)
    without, unknown, rows = defect_registry.dream_rows(planted, country)
    written = [
        write(folder / f"cvr_virksomheder_{date}.ndjson.gz", enterprises), write(folder / f"cvr_produktionsenheder_{date}.ndjson.gz", units),
        write(folder / f"se_numre_{date}.csv", se_text(world.enterprises, defect_registry.se_rows(planted))),
        write_people(world, found, folder / f"personer_{date}.csv", defect_registry.person_rows(planted, found)),
        write_dream(world, country, folder / f"dream_{date}.csv.gz", without, unknown, rows),
    ]  # fmt: skip
    return written + defect_files.registry_files(planted, folder, day)


def rsv_staff_scale(world: World, country: Country, log: PlacementLog) -> float:
    """How large RSV must be for the published share of ordinarily employed, given the citizens they have on the day."""
    given, calendar, enterprises, spells = (
        world.parameters["enterprises"],
        world.calendar,
        world.enterprises,
        country.spells,
    )
    day = int(np.datetime64(given["rsv_active_on"], "D").astype(np.int64))
    if not calendar.first_day(calendar.first) <= day <= calendar.last_day:
        return 1.0
    registered = (
        (enterprises.rsv_from <= day)
        & (enterprises.rsv_to >= day)
        & ~enterprises.is_dormant
        & (enterprises.founded <= day - 184)
    )
    here = (spells.place >= 0) & registered[np.maximum(spells.place, 0)] & (log.start_day <= day) & (log.end_day >= day)
    supported = len(np.unique(spells.person[here & np.isin(spells.instrument, [I[name] for name in _SUPPORTED])]))
    unpaid = len(np.unique(spells.person[here & ~np.isin(spells.instrument, [I[name] for name in _PAID])]))
    return staff_scale(enterprises.size[registered & enterprises.has_staff], supported, unpaid, given["ordinary_share"])
