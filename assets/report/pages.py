"""Pages from a public tier: index, the list of municipalities, a page for each of the 98, in Danish and in English.

Belongs here: reading, composing, writing. Not here: what a section says (sections/), how it looks (templates/).
"""

from __future__ import annotations

import multiprocessing
import os
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from altair.utils.schemapi import debug_mode
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assets.report.charts.parts import IS_VALIDATED
from assets.report.charts.tiles import tiles
from assets.report.findings import effect as say_effect
from assets.report.findings.answers import three_answers
from assets.report.language import DANISH, ENGLISH, SUPPRESSED_MARK, Language
from assets.report.model import Download, Report, Section
from assets.report.page import FOLDERS, Page, words
from assets.report.sections import effect, limits, progression, quality, scope
from assets.report.sections.downloads import codebook, downloads
from assets.report.sections.effect_rows import primary
from assets.report.sections.municipality import Place, Rows, municipality_page, rows_of
from assets.report.status import status_of
from assets.report.svg import count_marks
from assets.report.tier import Tier, read_tier

HERE: Final = Path(__file__).parent
TABLES_OF_DOWNLOADS: Final = "#data"


@dataclass
class Written:
    """What has been written so far."""

    out: Path
    pages: int = 0
    municipality_pages: int = 0
    drawings: int = 0
    marks: int = 0
    protected: int = 0
    size: int = 0

    def write(self, name: str, html: str) -> None:
        """One page, its counts with it."""
        file = self.out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        html = re.sub(r"(\d) %", "\\1\u00a0%", html)  # a line never begins with the sign
        html = re.sub("%-(interval|bånd)", "%\u2011\\1", html)  # nor ends with its hyphen
        text = "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"
        file.write_text(text, encoding="utf-8")
        self.pages += 1
        self.size += len(text.encode())
        self.protected += len(re.findall(rf"<td[^>]*>{re.escape(SUPPRESSED_MARK)}</td>", text))


def make_pages(release_folder: Path, out: Path, *, is_preview: bool) -> Report:
    """Writes every page into `out` from the public tier in `release_folder` alone. Raises TierError or ChartError; returns what was written."""
    tier = read_tier(release_folder)
    is_internal = is_preview or bool(tier.manifest.get("is_preview"))
    if (os.cpu_count() or 1) < 2:
        parts = [_in_language(release_folder, out, language, is_internal) for language in (DANISH, ENGLISH)]
    else:
        # Half of the pages beside the other half; a process of its own, for the charts hold this one's lock.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            twin = pool.submit(_in_language, release_folder, out, ENGLISH, is_internal)
            parts = [_in_language(release_folder, out, DANISH, is_internal), twin.result()]

    def total(name: str) -> int:
        return sum(getattr(part, name) for part in parts)

    return Report(
        str(out), total("pages"), total("municipality_pages"), total("drawings"), total("marks"), total("protected"), total("size")
    )  # fmt: skip


def _in_language(release_folder: Path, out: Path, language: Language, is_preview: bool) -> Written:
    tier, written = read_tier(release_folder), Written(out)
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.globals["style"] = _style()
    with debug_mode(IS_VALIDATED):
        _index(environment, tier, language, written, is_preview)
        rows = rows_of(tier, language)
        _list(environment, tier, rows, language, written, is_preview)
        _municipalities(environment, tier, rows, language, written, is_preview)
    return written


def _style() -> Any:
    from markupsafe import Markup

    text = (HERE / "templates" / "style.css").read_text(encoding="utf-8")
    return Markup(re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).strip())


def _page(tier: Tier, language: Language, written: Written, is_preview: bool, name: str, title: str, description: str, **extra: Any) -> Page:  # fmt: skip
    own, other = FOLDERS[language.code], FOLDERS["en" if language.is_danish else "da"]
    rest = name.removeprefix(own[1]) if name.startswith(own[1]) else None
    twin = f"{other[1]}{rest}" if rest is not None else f"{other[0]}/index.html".lstrip("/")
    page = Page(language, tier, written.out, name, title, description, is_preview, "", [], extra)
    home = page.home
    anchor = "" if rest is None else home
    links = [
        (f"{anchor}#omfang", language.pick("Omfang", "Scope")),
        (f"{anchor}#progression", "Progression"),
        (f"{anchor}#effekt", language.pick("Effekt", "Effect")),
        (f"{anchor}#ikke-sige", language.pick("Forbehold", "Limits")),
        (f"{anchor}#kvalitet", language.pick("Datakvalitet", "Data quality")),
        (page.relative(f"{own[1]}/index.html"), language.pick("Kommuner", "Municipalities")),
        (f"{anchor}#data", language.pick("Hent data", "Data")),
    ]
    return Page(language, tier, written.out, name, title, description, is_preview, page.relative(twin), links, extra)


def _index(environment: Environment, tier: Tier, language: Language, written: Written, is_preview: bool) -> None:
    name = f"{FOLDERS[language.code][0]}/index.html".lstrip("/")
    word = words(language)
    sections: list[Section] = [part.section(tier, language) for part in (scope, progression, effect, limits, quality)]
    row = primary(tier)
    files: list[Download] = downloads(tier, language, written.out / os.path.dirname(name))
    page = _page(
        tier, language, written, is_preview, name, f"{word['title']} – Fodfæste", word["description"],
        heading=word["heading"], lead=word["lead"], answers=three_answers(tier, language),
        verdict=say_effect.verdict(row, tier, language), short=say_effect.short(row, language), has_passed=row is not None and say_effect.gate_of(row) == "pass",
        sections=sections, downloads=files, codebook=codebook(tier, written.out / os.path.dirname(name)),
    )  # fmt: skip
    for figure in (figure for section in sections for figure in section.figures):
        if figure.drawing is not None:
            written.drawings += 1
            written.marks += sum(figure.drawing.marks.values())
    written.write(name, environment.get_template("index.html").render(page=page))


def _list(
    environment: Environment, tier: Tier, rows: Rows, language: Language, written: Written, is_preview: bool
) -> None:
    word = words(language)
    names = {place.code: place.name for place in rows.places}
    year = tier.last_whole_year
    groups = []
    for group in sorted({place.group for place in rows.places}):
        lines = []
        for place in (place for place in rows.places if place.group == group):
            supply = rows.supply[place.code]
            row = supply[supply["year"] == year].iloc[0]
            own = rows.hours.get(place.code)
            share = language.shown(None, "ok") if own is None else language.shown(own["share"], status_of(own, "share"), language.percent)  # fmt: skip
            lines.append(
                (
                    place.code,
                    [
                        place.name,
                        language.shown(row["rsv_registered"], "ok"),
                        language.shown(row["persons_in_rsv"], status_of(row, "persons_in_rsv")),
                        share,
                    ],
                )
            )
        groups.append({"name": tier.labels.of("municipality_group", group, language), "rows": lines})
    page = _page(
        tier, language, written, is_preview, f"{FOLDERS[language.code][1]}/index.html",
        f"{word['municipalities']} – Fodfæste", word["list_lead"], heading=word["list_heading"], lead=word["list_lead"],
        tiles=[(tile, names.get(tile.code, tile.code)) for tile in tiles()], groups=groups, caption=str(year),
        columns=[
            language.pick("Kommune", "Municipality"), language.pick("Registreret", "Registered"),
            language.pick("Borgere i RSV", "Citizens at RSV"), language.pick("I arbejde efter 12 mdr.", "In work after 12 mo."),
        ],
    )  # fmt: skip
    written.write(page.name, environment.get_template("municipalities.html").render(page=page))


def _municipalities(
    environment: Environment, tier: Tier, rows: Rows, language: Language, written: Written, is_preview: bool
) -> None:
    template = environment.get_template("municipality.html")
    places: tuple[Place | None, ...] = (None, *rows.places, None)
    for before, place, after in zip(places, places[1:], places[2:], strict=False):
        assert place is not None
        model = municipality_page(tier, rows, place, language)
        lead = language.pick(
            f"{place.name} hører til gruppen {model.group_name.lower()}. Her er kommunens tal ved siden af gruppens.",
            f"{place.name} belongs to the group {model.group_name.lower()}. Here are its numbers beside the group's.",
        )
        page = _page(
            tier, language, written, is_preview, f"{FOLDERS[language.code][1]}/{place.code}.html",
            f"{place.name} – Fodfæste", lead, lead=lead, before=before, after=after,
        )  # fmt: skip
        written.write(page.name, template.render(page=page, place=model))
        written.municipality_pages += 1
        written.drawings += 1 + len(model.figures)


def marks_in(file: Path) -> list[dict[str, int]]:
    """Marks of every picture of a page, by layer: for tests and for `make test-browser`."""
    return [count_marks(svg) for svg in re.findall(r"<svg .*?</svg>", file.read_text(encoding="utf-8"), flags=re.S)]
