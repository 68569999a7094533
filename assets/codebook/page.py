"""The codebook as one HTML page: self-contained, no script, Danish with what there is in English beside it.

Belongs here: what the template is given. Not here: the nine headings' texts (entries.py), other files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2

from assets.codebook import entries
from assets.codebook.entries import HEADINGS, Entry, Release, Table
from transforms.release.about import About, Text

TEMPLATE = "page.html.j2"
INLINE = 12  # codes: a longer value set stands once at the end, and the variables point to it
TIERS = {"public": "offentligt", "restricted": "begrænset (personoplysninger eller virksomheders forhold)"}
Codes = Mapping[str, Text]


def codebook_page(tables: Sequence[Table], about: About, release: Release) -> str:
    """The page; the same tables, `about` and release give the same bytes."""
    sets = LongSets(tables)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters |= {"anchor": anchor, "day": entries.danish_day}
    return environment.get_template(TEMPLATE).render(
        tables=tables,
        about=about,
        release=release,
        missing=about.unfilled() if release.name else [],
        facts=facts(about, release),
        headings=HEADINGS,
        kinds=entries.KINDS,
        tiers=TIERS,
        said=said,
        long_sets=sets.listed,
        set_anchor=sets.anchor_of,
    )


def anchor(name: str) -> str:
    """The place of a table in the page: its name, a point made a dash."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


def said(shown: Entry, heading: str) -> Text:
    """What an entry says under a heading (`HEADINGS`), but its name and its value set."""
    return {
        "label": lambda: shown.label,
        "valid": lambda: entries.valid(shown),
        "breaks": lambda: entries.breaks(shown),
        "quality": lambda: shown.quality,
        "general": lambda: shown.general,
        "detailed": lambda: entries.detailed(shown),
        "population": lambda: shown.population,
    }[heading]()


def facts(about: About, release: Release) -> list[tuple[Text, Text]]:
    """What stands under "Om datasættet": heading and text; what the owner has not filled in is said so. Of no release: where it comes from alone."""
    sources = Text(
        "; ".join(source.da for source in about.sources) + ".", "; ".join(source.en for source in about.sources) + "."
    )
    if release.as_of is None:
        return [(Text("Kilder", "Sources"), sources)]
    nobody = Text("Ikke udfyldt af ejeren", "Not filled in by the owner")
    observed = entries.PERIODS["panel"]
    if release.observed_from and release.observed_through:
        first, last = f"{release.observed_from:%Y-%m}", f"{release.observed_through:%Y-%m}"
        observed = Text(f"{first} til {last}", f"{first} to {last}")
    contact = " ".join(part for part in (about.contact, about.contact_email) if part)
    licence = " ".join(part for part in (about.licence, about.licence_url) if part)
    return [
        (Text("Udgivelse", "Release"), Text(release.name, "")),
        (Text("Opgjort pr.", "As of"), Text(entries.danish_day(release.as_of), release.as_of.isoformat())),
        (Text("Observerede måneder", "Observed months"), observed),
        (Text("Udgiver", "Publisher"), Text(about.publisher, "") or nobody),
        (Text("Kontakt", "Contact"), Text(contact, "") or nobody),
        (Text("Licens", "Licence"), Text(licence, "") or nobody),
        (Text("Citér som", "How to cite"), about.cite(release.name, release.as_of)),
        (Text("Kilder", "Sources"), sources),
        (Text("Kodens version", "Code version"), Text(release.code_version or "–", "")),
    ]


class LongSets:
    """The value sets too long to stand with each variable, each once; named by the variables that have them."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._anchors: dict[tuple[tuple[str, Text], ...], str] = {}
        names: dict[str, list[str]] = {}
        codes: dict[str, Codes] = {}
        for table in tables:
            for shown in table.entries:
                if len(shown.values) <= INLINE:
                    continue
                place = self._anchors.setdefault(_key(shown), f"vaerdisaet-{len(self._anchors) + 1}")
                codes[place] = shown.values
                if shown.name not in names.setdefault(place, []):
                    names[place].append(shown.name)
        self.listed = [(", ".join(names[place]), place, codes[place]) for place in names]

    def anchor_of(self, shown: Entry) -> str:
        """Where the value set of an entry stands; '' when it stands with the variable."""
        return self._anchors.get(_key(shown), "") if shown.values else ""


def _key(shown: Entry) -> tuple[tuple[str, Text], ...]:
    return tuple(shown.values.items())
