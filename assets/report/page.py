"""What a page knows of itself: language, links, names, where its files are.

Belongs here: what every template asks of a page. Not here: which pages there are (pages.py), what a section says (sections/).
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from assets.report.language import DANISH, ENGLISH, Language
from assets.report.tier import Tier

HERE: Final = Path(__file__).parent
FOLDERS: Final = {"da": ("", "kommuner"), "en": ("en", "en/municipalities")}


@dataclass(frozen=True)
class Page:
    """What every template needs: language, words, links. `depth`: folders above the page."""

    language: Language
    tier: Tier
    out: Path
    name: str
    title: str
    description: str
    is_preview: bool
    twin: str
    links: list[tuple[str, str]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """What one template alone needs."""
        try:
            return self.__dict__["extra"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def words(self) -> dict[str, str]:
        """The pages' words in this language."""
        return words(self.language)

    @property
    def other(self) -> Language:
        """The language of the twin."""
        return ENGLISH if self.language.is_danish else DANISH

    @property
    def home(self) -> str:
        """The index in this language, relative to the page."""
        return self.relative(f"{FOLDERS[self.language.code][0]}/index.html".lstrip("/"))

    @property
    def is_synthetic(self) -> bool:
        """Whether the people behind the numbers are invented."""
        return bool(self.tier.manifest.get("is_synthetic") or self.tier.manifest.get("is_sample_key"))

    @property
    def release(self) -> str:
        """The release's name in words."""
        name = next((self.tier.manifest[key] for key in ("release", "name", "release_name") if self.tier.manifest.get(key)), None)  # fmt: skip
        if self.is_preview or not name:
            return self.language.pick("forhåndsvisning", "preview")
        return self.language.pick(f"udgivelse {name}", f"release {name}")

    @property
    def period(self) -> str:
        """Cut-off and what is observed."""
        as_of, first, through = (self.tier.date(key) for key in ("as_of", "observed_from", "observed_through"))
        told = []
        if as_of:
            told.append(self.language.pick(f"Opgjort {self.language.day(as_of)}.", f"As of {self.language.day(as_of)}."))  # fmt: skip
        if first and through:
            told.append(
                self.language.pick(
                    f"Løn og ydelser er observeret {self.language.month(first)} til {self.language.month(through)}.",
                    f"Wages and benefits are observed {self.language.month(first)} to {self.language.month(through)}.",
                )
            )
        return " ".join(told)

    @property
    def release_line(self) -> str:
        """Release, cut-off, code and protocol: enough to cite."""
        manifest = self.tier.manifest
        parts = [self.release[:1].upper() + self.release[1:], self.period.rstrip(".")]
        if manifest.get("code_version"):
            parts.append(f"{self.language.pick('Kode', 'Code')} {manifest['code_version']}")
        if manifest.get("protocol_hash"):
            parts.append(f"{self.language.pick('Protokol', 'Protocol')} {str(manifest['protocol_hash'])[:12]}")
        return ". ".join(part for part in parts if part) + "."

    def relative(self, target: str) -> str:
        """A page or file of the report as a link from this page."""
        return os.path.relpath(target, os.path.dirname(self.name) or ".").replace(os.sep, "/")

    def table_name(self, table: str) -> str:
        """A public table's label."""
        return self.tier.labels.of("table", table, self.language)

    def download(self, table: str) -> str:
        """The table's CSV, or the section on data where there is none."""
        file = self.tier.public / f"{table}.csv"
        if not file.exists():
            return f"{self.home if self.name.count('/') > 1 or 'kommuner' in self.name else ''}#data"
        return os.path.relpath(file, self.out / os.path.dirname(self.name)).replace(os.sep, "/")


@functools.cache
def words(language: Language) -> dict[str, str]:
    """The pages' words in a language."""
    with (HERE / "words.yml").open(encoding="utf-8") as file:
        return {name: language.pick(*texts) for name, texts in yaml.safe_load(file).items()}
