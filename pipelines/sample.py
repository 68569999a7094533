"""`make run`: the sample country, the whole way, three answers, the effect beside the truth, three next commands.

Belongs here: what a first-time user sees. Not here: the country (raw/synthetic), the build (build.py), the answers (answers.py).
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import time
from pathlib import Path

import click

from pipelines.build import build
from pipelines.settings import ROOT, Settings

# 20,000 people: the smallest country for which the generator is calibrated; it fills every headline cell (docs/decisions/0003).
PERSONS = 20_000
FIRST_MONTH, LAST_MONTH = "2014-07", "2022-06"
SEED = 20_170_101
COUNTRY, DELIVERY = ROOT / "raw" / "country", "delivery"  # the truth lies beside the delivery, never inside it
# Rejected rows, duplicates and the incomplete last month are there; whole files that are refused are not: the first thing anybody sees should warn of nothing.
DEFECTS = {"refused_files": False}


def run(settings: Settings, persons: int | None = None) -> int:
    """Makes the country when it is not there, builds it with the sample's public key; returns the exit code."""
    from assets.ingest.keys import FILE_VARIABLE, KEY_VARIABLE, SAMPLE_KEY

    started = time.monotonic()
    make_country(COUNTRY, persons or PERSONS)
    os.environ.pop(FILE_VARIABLE, None)
    os.environ[KEY_VARIABLE] = SAMPLE_KEY.hex()
    code = build(dataclasses.replace(settings, raw=COUNTRY / DELIVERY))
    if code:
        return code
    from pipelines.answers import three_answers
    from pipelines.truth import effect_sentence

    click.echo()
    for answer in three_answers(settings.published):
        click.echo(f"• {answer}")
    click.echo(f"• {effect_sentence(settings, COUNTRY / 'truth')}")
    click.echo()
    for who, command in NEXT:
        click.echo(f"  {who:<15}{command}")
    click.echo(f"\n({time.monotonic() - started:.0f} s)")
    return 0


NEXT = (
    ("Data engineer", "make ui            # graf, kørsler og kontroller: http://127.0.0.1:3000"),
    (
        "Analyst",
        ".venv/bin/python warehouse/examples/kl1_employment.py   # flere spørgsmål og værktøjer: warehouse/README.md",
    ),
    ("Stakeholder", "warehouse/report/pages/index.html   # svarene som sider: åbn filen i en browser"),
    ("Stakeholder", "make ui-readonly   # det samme, kun til at se på: http://127.0.0.1:3001"),
)


def make_country(folder: Path, persons: int) -> None:
    """Writes the country once; one of another size, or half written, is written anew."""
    wanted = {
        "persons": persons,
        "first_month": FIRST_MONTH,
        "last_month": LAST_MONTH,
        "seed": SEED,
        "defects": DEFECTS,
        "code": _version(),
    }
    stamp = folder / "country.json"
    try:
        if json.loads(stamp.read_text(encoding="utf-8")) == wanted:
            return
    except (OSError, ValueError):
        pass
    from raw.synthetic import make

    started = time.monotonic()
    click.echo(f"Laver et syntetisk land med {persons} personer …")
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    make(
        beside / DELIVERY,
        persons=persons,
        first_month=FIRST_MONTH,
        last_month=LAST_MONTH,
        seed=SEED,
        defects=DEFECTS,
        truth_dir=beside / "truth",
    )
    (beside / stamp.name).write_text(json.dumps(wanted), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    click.echo(f"  ({time.monotonic() - started:.1f} s)")


def _version() -> str:
    import hashlib

    digest = hashlib.sha256()
    for path in sorted((ROOT / "raw" / "synthetic").glob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
