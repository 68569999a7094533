"""Data quality: what the numbers rest on, what is protected, what was delivered.

Belongs here: the section on quality. Not here: downloads (downloads.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.report.grammar import paragraph
from assets.report.language import SUPPRESSED_MARK, UNKNOWN_MARK, Language
from assets.report.model import Figure, Section
from assets.report.sections.parts import figure, table
from assets.report.status import protections
from assets.report.tier import TABLES, Tier

KINDS = {
    "cvr_virksomheder": ("Virksomheder (CVR)", "Enterprises (CVR)"),
    "cvr_produktionsenheder": ("Produktionsenheder (CVR)", "Production units (CVR)"),
    "se_numre": ("SE-numre", "SE numbers"),
    "personer": ("Personer", "Persons"),
    "dream": ("DREAM, uger på ydelse", "DREAM, weeks on benefit"),
    "forloeb": ("Forløb fra jobcentre", "Placements from job centres"),
    "eindkomst": ("eIndkomst, løn og timer", "eIndkomst, wages and hours"),
    "None": ("Ukendt slags fil", "Unknown kind of file"),
}
COUNTED = ("files", "files_used", "rows_delivered", "rows_used", "rows_rejected", "rows_of_files_not_used")


def section(tier: Tier, language: Language) -> Section:
    """Datakvalitet."""
    figures = [protection(tier, language)]
    delivered = deliveries(tier, language)
    if delivered is not None:
        figures.append(delivered)
    return Section(
        "kvalitet",
        language.pick("Datakvalitet", "Data quality"),
        figures=tuple(figures),
        points=tuple(facts(tier, language)),
    )


def facts(tier: Tier, language: Language) -> list[tuple[str, str]]:
    """What identifies the data and the method."""
    manifest = tier.manifest
    found: list[tuple[str, str]] = []
    for name, danish, english in (
        ("as_of", "Opgjort", "Cut-off"),
        ("observed_from", "Løn og ydelser fra", "Wages and benefits from"),
        ("observed_through", "Løn og ydelser til og med", "Wages and benefits through"),
    ):
        day = tier.date(name)
        if day is not None:
            found.append((language.pick(danish, english), language.day(day) if name == "as_of" else language.month(day)))  # fmt: skip
    for names, danish, english in (
        (("release", "name", "release_name"), "Udgivelse", "Release"),
        (("code_version",), "Kodeversion", "Code version"),
        (("protocol_hash", "protocol_sha256"), "Protokollens fingeraftryk (SHA-256)", "The protocol's fingerprint (SHA-256)"),
    ):  # fmt: skip
        value = next((str(manifest[name]) for name in names if manifest.get(name)), None)
        if value:
            found.append((language.pick(danish, english), value))
    limits = tier.limits
    if limits.get("persons") and limits.get("enterprises"):
        found.append(
            (
                language.pick("Grænser for beskyttelse", "Limits of protection"),
                language.pick(
                    f"Mindst {limits['persons']} personer og {limits['enterprises']} virksomheder bag hvert tal; mere i public/limits.json.",
                    f"At least {limits['persons']} people and {limits['enterprises']} enterprises behind each number; more in public/limits.json.",
                ),
            )
        )
    return found


def protection(tier: Tier, language: Language) -> Figure:
    """Rows protected in each public table."""
    body, all_rows, all_hidden = [], 0, 0
    for name in TABLES:
        frame = tier.tables[name]
        first, second = protections(frame)
        all_rows, all_hidden = all_rows + len(frame), all_hidden + first + second
        share = (first + second) / len(frame) if len(frame) else 0.0
        body.append(
            [
                tier.labels.of("table", name, language),
                *(language.number(count) for count in (len(frame), first, second)),
                language.percent(share),
            ]
        )
    title = language.pick("Beskyttede tal", "Protected numbers")
    columns = [language.pick("Tabel", "Table"), language.pick("Rækker", "Rows"), language.pick("For små", "Too small"), language.pick("Skjult for andres skyld", "Hidden for others' sake"), language.pick("Andel", "Share")]  # fmt: skip
    finding = language.pick(
        f"{language.number(all_hidden)} af {language.number(all_rows)} rækker har mindst ét tal, der er beskyttet og vises som {SUPPRESSED_MARK}. Et tal er beskyttet, når for få personer eller virksomheder står bag det, eller når det kunne bruges til at regne et andet ud.",
        f"{language.number(all_hidden)} of {language.number(all_rows)} rows have at least one number that is protected and shown as {SUPPRESSED_MARK}. A number is protected when too few people or enterprises stand behind it, or when it could be used to work another out.",
    )
    return figure("beskyttet", title, finding, table(title, columns, body), [], None, language)


def deliveries(tier: Tier, language: Language) -> Figure | None:
    """Rows delivered, used and rejected by kind of delivery, when the manifest says them (`sources`)."""
    entries: list[Mapping[str, Any]] = [
        entry for entry in tier.manifest.get("sources", []) if set(COUNTED) <= set(entry)
    ]
    if not entries:
        return None
    total = {name: sum(int(entry[name] or 0) for entry in entries) for name in COUNTED}
    body = []
    for entry in sorted(entries, key=lambda entry: (entry["kind"] is None, str(entry["kind"]))):
        delivered, rejected = int(entry["rows_delivered"] or 0), int(entry["rows_rejected"] or 0)
        body.append(
            [
                language.pick(*KINDS.get(str(entry["kind"]), (str(entry["kind"]), str(entry["kind"])))),
                *(language.number(int(entry[name] or 0)) for name in COUNTED),
                language.percent(rejected / delivered, 2) if delivered else UNKNOWN_MARK,
            ]
        )
    title = language.pick("Leverancer", "Deliveries")
    columns = [language.pick("Kilde", "Source"), language.pick("Filer", "Files"), language.pick("Heraf brugt", "Of these used"), language.pick("Rækker leveret", "Rows delivered"), language.pick("Brugt", "Used"), language.pick("Afvist", "Rejected"), language.pick("I filer, der ikke er brugt", "In files not used"), language.pick("Andel afvist", "Share rejected")]  # fmt: skip
    share = language.percent(total["rows_rejected"] / total["rows_delivered"], 2) if total["rows_delivered"] else UNKNOWN_MARK  # fmt: skip
    of, bad = language.number(total["rows_delivered"]), language.number(total["rows_rejected"])
    unused = total["files"] - total["files_used"]
    finding = paragraph(
        language.pick(
            f"{bad} af {of} leverede rækker ({share}) blev afvist af reglerne. Ingen er tabt: en afvist række ligger i karantæne med fil, linje og regel.",
            f"{bad} of {of} delivered rows ({share}) were rejected by the rules. None is lost: a rejected row lies in quarantine with file, line and rule.",
        ),
        language.pick(
            f"{language.number(unused)} af {language.number(total['files'])} filer er ikke brugt: erstattet af en nyere leverance, gentaget eller ikke til at læse.",
            f"{language.number(unused)} of {language.number(total['files'])} files are not used: replaced by a newer delivery, repeated or not to be read.",
        )
        if unused
        else "",
    )
    return figure("leverancer", title, finding, table(title, columns, body), [], None, language)
