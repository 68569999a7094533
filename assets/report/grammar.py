"""Sentences that fit whatever the number is: none, one, more, fewer, unchanged, protected, missing.

Belongs here: turns of phrase that several findings share. Not here: a finding (findings/).
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from assets.report.language import SUPPRESSED_MARK, Language, is_known
from assets.report.status import state


def not_told(row: pd.Series | None, measure: str, language: Language) -> str:
    """Why there is no number: protected, or not in the tables."""
    if state(row, measure) == "protected":
        return language.pick(
            f"Tallet er beskyttet og vises ikke ({SUPPRESSED_MARK}): for få personer eller virksomheder står bag det.",
            f"The number is protected and not shown ({SUPPRESSED_MARK}): too few people or enterprises stand behind it.",
        )
    return language.pick(
        "Tallet kan ikke opgøres af disse leverancer.", "The number cannot be made from these deliveries."
    )


def part_of(part: float, whole: float, language: Language, noun: tuple[str, str]) -> str:
    """`444 af 3.301 forløb`, `Ingen af 12 forløb`, `Alle 12 forløb`. `noun`: in Danish and English, plural."""
    word = language.pick(*noun)
    total = language.number(whole)
    if whole > 0 and part == 0:
        return language.pick(f"Ingen af {total} {word}", f"None of {total} {word}")
    if part == whole:
        return language.pick(f"Alle {total} {word}", f"All {total} {word}")
    return language.pick(f"{language.number(part)} af {total} {word}", f"{language.number(part)} of {total} {word}")


def change(old: Any, new: Any, language: Language, since: tuple[str, str]) -> str:
    """`158 flere end året før`, `12 færre end ...`, `det samme som ...`; empty when one of the two is not known."""
    if not is_known(old) or not is_known(new):
        return ""
    difference = float(new) - float(old)
    before = language.pick(*since)
    if difference == 0:
        return language.pick(f"det samme som {before}", f"the same as {before}")
    amount = language.number(abs(difference))
    more = difference > 0
    return language.pick(
        f"{amount} {'mere' if more and abs(difference) == 1 else 'flere' if more else 'færre'} end {before}",
        f"{amount} {'more' if more else 'fewer'} than {before}",
    )


def moved(old: float, new: float, language: Language, subject: tuple[str, str], when: tuple[str, str]) -> str:
    """`steg andelen fra 8,1 % i måned 3 til 13,9 % i måned 24` (after an opening adverbial), `faldt ...`, `var andelen uændret 8,1 %`.

    `subject` in Danish and English; `when`: of the old and the new share, in the page's language. Shares that are written alike are unchanged.
    """
    first, last = language.percent(old), language.percent(new)
    who = language.pick(*subject)
    if first == last:
        return language.pick(
            f"var {who} {first} både {when[0]} og {when[1]}", f"{who} was {first} both {when[0]} and {when[1]}"
        )
    rose = new > old
    return language.pick(
        f"{'steg' if rose else 'faldt'} {who} fra {first} {when[0]} til {last} {when[1]}",
        f"{who} {'rose' if rose else 'fell'} from {first} {when[0]} to {last} {when[1]}",
    )


def protected_rows(number: int, language: Language, noun: tuple[str, str], nouns: tuple[str, str]) -> str:
    """`For to målgrupper er tallet beskyttet ([c]).`; empty for none."""
    if number == 0:
        return ""
    word = language.pick(*(noun if number == 1 else nouns))
    return language.pick(
        f"For {language.number(number)} {word} er tallet beskyttet ({SUPPRESSED_MARK}).",
        f"For {language.number(number)} {word} the number is protected ({SUPPRESSED_MARK}).",
    )


def sentence(text: str) -> str:
    """First letter as a capital, a full stop at the end; empty stays empty."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".:!?" else text + "."


def paragraph(*sentences: str) -> str:
    """Sentences one after the other; empty ones are left out."""
    return " ".join(text for text in sentences if text)
