"""Labels of codes in both languages: the release's own, then those of the report.

Belongs here: looking a label up. Not here: the labels of the tables (public/labels.json), the words (transforms/release/vocabulary.yml).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from assets.report.language import Language

VOCABULARY: Final = Path(__file__).resolve().parents[2] / "transforms" / "release" / "vocabulary.yml"


@functools.cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """The report's own words: {column: {code: [Danish, English]}}. They win over the tables' where a page needs a shorter word."""
    with VOCABULARY.open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


@dataclass(frozen=True)
class Labels:
    """{column: {code: [Danish, English]}} of a release."""

    of_release: Mapping[str, Mapping[str, Sequence[str]]]

    def of(self, column: str, code: Any, language: Language) -> str:
        """The label of a code; the code itself when nobody has named it."""
        for source in (vocabulary(), self.of_release):
            words = source.get(column, {}).get(str(code))
            if words:
                return words[0] if language.is_danish else words[1]
        return str(code)

    def comparison(self, arm: str, instrument: str, language: Language) -> str:
        """`Mod andre: virksomhedspraktik og løntilskud`."""
        return f"{self.of('arm_short', arm, language)}: {self.of('instrument', instrument, language).lower()}"
