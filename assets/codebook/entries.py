"""A variable under the headings that Danish register researchers know.

Belongs here: descriptions of tables + what the release says of itself -> entries, which every file of the codebook shows. Not here: HTML, sheets, JSON.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assets.formats.dataset import Dataset, Variable
from transforms.release.about import About, Break, Text
from transforms.release.variables import Meaning

# The nine headings of Danmarks Statistik's documentation of variables, with an English twin, in its order.
HEADINGS: tuple[tuple[str, Text], ...] = (
    ("name", Text("Navn", "Name")),
    ("label", Text("Beskrivende navn", "Descriptive name")),
    ("valid", Text("Gyldig fra/til", "Valid from/to")),
    ("breaks", Text("Databrud", "Breaks in the data")),
    ("quality", Text("Kvalitetssikring", "Quality assurance")),
    ("general", Text("Generel beskrivelse", "General description")),
    ("detailed", Text("Detaljeret beskrivelse", "Detailed description")),
    ("population", Text("Populationer", "Populations")),
    ("values", Text("Værdisæt", "Value set")),
)
KINDS: Mapping[str, Text] = {
    "integer": Text("heltal", "whole number"),
    "decimal": Text("decimaltal", "decimal number"),
    "double": Text("kommatal", "floating-point number"),
    "text": Text("tekst", "text"),
    "date": Text("dato", "date"),
    "month": Text("måned (dens første dag)", "month (its first day)"),
    "boolean": Text("ja/nej", "true/false"),
}
PERIODS: Mapping[str, Text] = {
    "placements": Text(
        "Første leverede forløbsmåned til opgørelsesdatoen", "First placement month delivered to the cut-off"
    ),
    "panel": Text("Første til sidste observerede måned", "First to last observed month"),
    "register": Text("Registerets begyndelse til dets sidste dag", "The register's beginning to its last day"),
    "all": Text("Uden tidsafgrænsning", "No limit in time"),
}


@dataclass(frozen=True)
class Release:
    """What the codebook has to know of a release. `name` is its folder's; a month is its first day; None: not observed.

    Without a name it is the warehouse as such, of no build: periods are then said in words.
    """

    name: str = ""
    as_of: datetime.date | None = None
    observed_from: datetime.date | None = None
    observed_through: datetime.date | None = None
    placements_from: datetime.date | None = None
    register_from: datetime.date | None = None
    code_version: str = ""
    issued: datetime.date | None = None
    is_preview: bool = False

    @property
    def day(self) -> datetime.date:
        """The cut-off.

        Raises:
            ValueError: when this is no release but the warehouse as such.
        """
        if self.as_of is None:
            raise ValueError("a release has a name and a cut-off (as_of)")
        return self.as_of

    def period(self, kind: str) -> tuple[datetime.date | None, datetime.date | None]:
        """First and last day that values of a kind of period (`about.PERIODS`) cover."""
        last_of_panel = None if self.observed_through is None else month_end(self.observed_through)
        return {
            "placements": (self.placements_from, self.as_of),
            "panel": (self.observed_from, last_of_panel),
            "register": (self.register_from, self.as_of),
            "all": (None, None),
        }[kind]


@dataclass(frozen=True)
class Entry:
    """A variable. `value_text` says in words what values there are, where there is no list or beside it."""

    table: str
    name: str
    label: Text
    kind: str
    unit: str
    is_key: bool
    period: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    breaks: tuple[Break, ...]
    quality: Text
    general: Text
    detailed: Text
    population: Text
    values: Mapping[str, Text] = field(default_factory=dict)
    value_text: str = ""
    tier: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its variables, in order. `file` is the name of its CSV file without ending, when it is part of a release."""

    name: str
    label: Text
    description: Text
    entries: tuple[Entry, ...]
    tier: str = ""

    @property
    def file(self) -> str:
        """The name of its files, without ending."""
        return self.name.rpartition(".")[2]


def tables_of(
    datasets: Iterable[Dataset],
    about: About,
    release: Release,
    meanings: Mapping[tuple[str, str], Meaning] | None = None,
    tier: str = "",
) -> list[Table]:
    """The tables of a release as the codebook shows them.

    Args:
        meanings: (table, variable) -> what it means and how it is derived, from the one source (`transforms.release.variables`); a description of
            the dataset itself goes before it.
        tier: `public` or `restricted`, said of every table.
    """
    known = meanings or {}
    nothing = Meaning(Text("", ""), Text("", ""))
    return [
        Table(
            dataset.name,
            Text(dataset.label_da, dataset.label_en),
            Text(dataset.description_da, dataset.description_en),
            tuple(
                _entry(dataset.name, variable, about, release, known.get((dataset.name, variable.name), nothing), tier)
                for variable in dataset.variables
            ),
            tier,
        )
        for dataset in datasets
    ]


def undescribed(tables: Iterable[Table]) -> list[str]:
    """Tables without a description and variables without a general one, by name: a release refuses them."""
    found = []
    for table in tables:
        if not table.description:
            found.append(f"{table.name}: no description")
        found += [f"{table.name}.{shown.name}: no description" for shown in table.entries if not shown.general]
    return found


def _entry(table: str, variable: Variable, about: About, release: Release, meaning: Meaning, tier: str) -> Entry:
    return entry(
        table,
        variable.name,
        about,
        release,
        label=Text(variable.label_da, variable.label_en),
        kind=variable.kind,
        unit=variable.unit,
        is_key=variable.is_key,
        general=Text(variable.description_da or meaning.general.da, variable.description_en or meaning.general.en),
        detailed=meaning.detailed,
        value_text="" if variable.values else meaning.value_set,
        values={code: Text(*labels) for code, labels in variable.values.items()},
        tier=tier,
    )


def entry(
    table: str,
    name: str,
    about: About,
    release: Release,
    *,
    label: Text,
    kind: str,
    unit: str,
    is_key: bool,
    general: Text,
    detailed: Text,
    values: Mapping[str, Text],
    value_text: str = "",
    tier: str = "",
) -> Entry:
    """An entry with what `about` and the release say of the variable; a table in a schema is known by its name alone there."""
    bare = table.rpartition(".")[2]
    period = about.period(bare, name)
    valid_from, valid_to = release.period(period)
    return Entry(
        table,
        name,
        label,
        kind,
        unit,
        is_key,
        period,
        valid_from,
        valid_to,
        about.breaks_of(bare, name),
        about.quality_of(bare, name),
        general,
        detailed,
        about.population(bare, name),
        dict(values),
        value_text,
        tier,
    )


def valid(shown: Entry) -> Text:
    """Gyldig fra/til in words, Danish dates (31.12.2024) and ISO dates."""
    since, until = shown.valid_from, shown.valid_to
    if since is None or until is None:
        return PERIODS[shown.period]
    return Text(f"{danish_day(since)} – {danish_day(until)}", f"{since.isoformat()} to {until.isoformat()}")


def breaks(shown: Entry) -> Text:
    """Databrud in words, one sentence or more a break."""
    if not shown.breaks:
        return Text("Ingen kendte", "None known")
    return Text(
        " ".join(f"{_span(known)}{known.text.da}" for known in shown.breaks),
        " ".join(f"{_span(known)}{known.text.en}" for known in shown.breaks),
    )


def detailed(shown: Entry) -> Text:
    """Detaljeret beskrivelse: how it is derived, then type and unit."""
    kind = KINDS.get(shown.kind, Text(shown.kind, shown.kind))
    unit = (f", enhed: {shown.unit}", f", unit: {shown.unit}") if shown.unit else ("", "")
    key = (" Del af tabellens nøgle.", " Part of the table's key.") if shown.is_key else ("", "")
    return Text(
        f"{shown.detailed.da} Type: {kind.da}{unit[0]}.{key[0]}".strip(),
        f"{shown.detailed.en} Type: {kind.en}{unit[1]}.{key[1]}".strip(),
    )


def month_end(month: datetime.date) -> datetime.date:
    """The last day of a month."""
    following = (month.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return following - datetime.timedelta(days=1)


def danish_day(day: datetime.date) -> str:
    """A day as Danes write it: 31.12.2024."""
    return f"{day.day}.{day.month}.{day.year}"


def _span(known: Break) -> str:
    if known.since is None:
        return ""
    return f"{known.since.isoformat()}{f'/{known.until.isoformat()}' if known.until else ' →'}: "
