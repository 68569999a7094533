"""What the tables say about one municipality against its group.

Belongs here: sentences for a municipality's page. Not here: its figures (sections/municipality.py).
"""

from __future__ import annotations

import pandas as pd

from assets.report.grammar import change, not_told, paragraph, sentence
from assets.report.language import Language, is_known
from assets.report.status import state


def registered(row: pd.Series | None, before: pd.Series | None, mean: float, name: str, language: Language) -> str:
    """How many RSV are registered in the municipality, the change, and the group's mean."""
    if row is None or not is_known(row["rsv_registered"]):
        return not_told(None, "rsv_registered", language)
    count = int(row["rsv_registered"])
    year = int(row["year"])
    if count == 0:
        told = language.pick(
            f"Ved udgangen af {year} lå der ingen registreret socialøkonomisk virksomhed i {name}",
            f"At the end of {year} there was no registered social enterprise in {name}",
        )
    else:
        told = language.pick(
            f"Ved udgangen af {year} lå der {language.number(count)} {'registreret socialøkonomisk virksomhed' if count == 1 else 'registrerede socialøkonomiske virksomheder'} i {name}",
            f"At the end of {year} there {'was' if count == 1 else 'were'} {language.number(count)} registered social {'enterprise' if count == 1 else 'enterprises'} in {name}",
        )
    since = (f"ved udgangen af {year - 1}", f"at the end of {year - 1}")
    difference = change(None if before is None else before["rsv_registered"], count, language, since)
    average = language.pick(
        f"I kommunegruppen er der i gennemsnit {language.number(mean, 1)} pr. kommune.",
        f"The municipality group has {language.number(mean, 1)} per municipality on average.",
    )
    return paragraph(sentence(f"{told}, {difference}" if difference else told), average)


def placed(row: pd.Series | None, group: float | None, name: str, language: Language) -> str:
    """People of the municipality placed at RSV, of all placed; the group's share beside it."""
    if row is None or state(row, "persons_in_rsv") != "ok" or state(row, "persons_in_placement") == "protected":
        return not_told(
            row, "persons_in_rsv" if state(row, "persons_in_rsv") != "ok" else "persons_in_placement", language
        )
    year, count, total = int(row["year"]), row["persons_in_rsv"], row["persons_in_placement"]
    if not is_known(total) or float(total) == 0:
        return language.pick(
            f"I {year} var ingen borgere fra {name} i forløb.", f"In {year} no citizens of {name} were in a placement."
        )  # fmt: skip
    share = float(count) / float(total)
    told = language.pick(
        f"I {year} var {language.number(count)} af de {language.number(total)} borgere, {name} havde i forløb, i en registreret socialøkonomisk virksomhed ({language.percent(share)})",
        f"In {year}, {language.number(count)} of the {language.number(total)} citizens that {name} had in placements were at a registered social enterprise ({language.percent(share)})",
    )
    if float(count) == 0:
        told = language.pick(
            f"I {year} var ingen af de {language.number(total)} borgere, {name} havde i forløb, i en registreret socialøkonomisk virksomhed",
            f"In {year} none of the {language.number(total)} citizens that {name} had in placements were at a registered social enterprise",
        )
    beside = "" if group is None else language.pick(f"I kommunegruppen er andelen {language.percent(group)}.", f"In the municipality group the share is {language.percent(group)}.")  # fmt: skip
    return paragraph(sentence(told), beside)


def employed(own: pd.Series | None, group: pd.Series | None, name: str, language: Language) -> str:
    """Share in ordinary work after twelve months, against the group, with whether the intervals lie apart."""
    if own is None or not is_known(own["share"]):
        return not_told(own, "share", language)
    told = language.pick(
        f"12 måneder efter start var {language.percent(own['share'])} i ordinært arbejde af de forløb, {name} har haft i registrerede socialøkonomiske virksomheder ({language.number(own['employed'])} af {language.number(own['spells'])})",
        f"12 months after the start, {language.percent(own['share'])} of the placements that {name} has had at registered social enterprises were in ordinary work ({language.number(own['employed'])} of {language.number(own['spells'])})",
    )
    if group is None or not is_known(group["share"]):
        return sentence(told)
    bounds = [own["ci_lower"], own["ci_upper"], group["ci_lower"], group["ci_upper"]]
    beside = language.pick(f"I kommunegruppen er det {language.percent(group['share'])}", f"In the municipality group it is {language.percent(group['share'])}")  # fmt: skip
    if all(is_known(bound) for bound in bounds) and not (bounds[0] > bounds[3] or bounds[1] < bounds[2]):
        beside += language.pick("; intervallerne overlapper, så forskellen kan være tilfældig", "; the intervals overlap, so the difference may be chance")  # fmt: skip
    return paragraph(sentence(told), sentence(beside))
