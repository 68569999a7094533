"""Labels of codes in both languages: the release's own, then those of the report.

Belongs here: looking a label up. Not here: the labels of the tables (public/labels.json), the words (transforms/seeds/labels.csv).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.report.language import Language
from transforms.release.labels import released_words


@dataclass(frozen=True)
class Labels:
    """{column: {code: [Danish, English]}} of a release."""

    of_release: Mapping[str, Mapping[str, Sequence[str]]]

    def of(self, column: str, code: Any, language: Language) -> str:
        """The label of a code; the code itself when nobody has named it. The house's own words win over the tables'."""
        for source in (released_words(), self.of_release):
            words = source.get(column, {}).get(str(code))
            if words:
                return words[0] if language.is_danish else words[1]
        return str(code)

    def comparison(self, arm: str, instrument: str, language: Language) -> str:
        """`Mod andre: virksomhedspraktik og løntilskud`."""
        return f"{self.of('arm_short', arm, language)}: {self.of('instrument', instrument, language).lower()}"
