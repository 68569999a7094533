"""`make pictures`: the screenshots of the documents, taken from what `make run` has made.

Belongs here: which page, which part of it, which file. Not here: driving the browser (devtools.py), the documents that show them.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pipelines.danish import GROUPS
from pipelines.settings import read_settings
from tests.browser.conftest import serving
from tests.browser.devtools import Tab, chromium
from tests.conftest import ROOT

PICTURES = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1280, 800
SETTLED_SECONDS = 6.0  # what the page draws after its words stand there: arrows, plots


@dataclass(frozen=True)
class Picture:
    """A page: its address, the words that tell that it is there, what to click with the words that follow, the height of the window."""

    file: str
    page: str
    words: tuple[str, ...]
    click: tuple[tuple[str, str], ...] = ()
    height: int = HEIGHT


OF_THE_PAGES = (("pages/index.html", "laes-forside.png", 1000), ("public/codebook.html", "spoerg-kodebog.png", HEIGHT))
# The first hides the navigation, which the browser remembers for all that follow.
OF_THE_VIEW = (
    Picture("lineage.png", "/asset-groups", GROUPS, (("Hide navigation", "kilder"),), height=620),
    Picture("laes-tabel.png", "/assets/scope/fct_scope_yearly", ("Tallet: ", "spells_started"), height=1000),
    Picture(
        "laes-afstamning.png",
        "/assets/scope/fct_scope_yearly?view=lineage&lineageScope=upstream&lineageDepth=6",
        ("fct_scope_yearly", "forloeb"),
        height=1000,
    ),
    Picture("koer-kontroller.png", "/assets/lake/eindkomst?view=checks", ("friskhed", "conformance"), height=700),
)
OF_THE_ENGINEER = (
    Picture("koer-automation.png", "/automation", ("hver_maaned", "landingszone"), height=560),
    Picture(
        "koer-maaneder.png",
        "/assets/lake/eindkomst",
        ("Materialize", "Latest materialization"),
        (("Materialize", "Partition selection"), ("All", "96 partitions")),
    ),
)


def take(tab: Tab, address: str, picture: Picture, folder: Path) -> None:
    """One picture, as it is seen by a person who has waited for the page."""
    tab.open(f"{address}{picture.page}", WIDTH, picture.height)
    tab.wait(*picture.words)
    for words, then in picture.click:
        tab.click(words)
        tab.wait(then)
    time.sleep(SETTLED_SECONDS)
    (folder / picture.file).write_bytes(tab.picture(whole=False))


def take_all(warehouse: Path, folder: Path) -> list[str]:
    """Takes every picture of the documents into `folder`; gives their names."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, chromium(Path(profile)) as tab:
        for page, file, height in OF_THE_PAGES:
            tab.open(warehouse / "report" / page, WIDTH, height)
            (folder / file).write_bytes(tab.picture(whole=False))
        with serving(warehouse, "--read-only") as address:
            for picture in OF_THE_VIEW:
                take(tab, address, picture, folder)
        with serving(warehouse) as address:
            for picture in OF_THE_ENGINEER:
                take(tab, address, picture, folder)
    return [file for _, file, _ in OF_THE_PAGES] + [one.file for one in (*OF_THE_VIEW, *OF_THE_ENGINEER)]


if __name__ == "__main__":
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    built = read_settings().warehouse
    assert (built / "report" / "pages").is_dir(), f"{built}: nothing is built here; make run"
    print("\n".join(f"docs/pictures/{name}" for name in take_all(built, PICTURES)))
