"""What cannot be said, and why: computed from what is missing, protected or behind a closed gate.

Belongs here: the list of limits. Not here: the numbers themselves.
"""

from __future__ import annotations

from assets.report.findings.effect import FAILED, PASSED, gate_of
from assets.report.findings.reasons import reason
from assets.report.grammar import sentence
from assets.report.language import Language
from assets.report.model import Section
from assets.report.sections.effect_rows import main_rows, primary
from assets.report.status import is_protected
from assets.report.tier import Tier

Point = tuple[str, str]


def section(tier: Tier, language: Language) -> Section:
    """Hvad vi ikke kan sige."""
    points = [_primary(tier, language), _ready(language), _working(language), _small(tier, language), _lasting(language)]  # fmt: skip
    points += [_breaks(language), _observed(tier, language), _price(language)]
    return Section(
        "ikke-sige",
        language.pick("Hvad der ikke kan siges, og hvorfor", "What cannot be said, and why"),
        points=tuple(point for point in points if point is not None),
    )


def _primary(tier: Tier, language: Language) -> Point | None:
    row = primary(tier)
    gate = "not_estimated" if row is None else gate_of(row)
    claim = language.pick("Om RSV bringer flere i arbejde end andre virksomheder", "Whether RSV bring more people into work than other enterprises")  # fmt: skip
    if gate == PASSED:
        return None
    if gate == FAILED and row is not None:
        why = reason(row["reason"], tier.labels, language, True)
        broken = language.pick("Hovedestimatet bestod ikke porten", "The main estimate did not pass the gate")
        shown = language.pick("Tallet vises, men er ikke et svar.", "The figure is shown, but is not an answer.")
        return claim, f"{sentence(f'{broken}: {why}' if why else broken)} {shown}"
    return claim, language.pick("Hovedestimatet kunne ikke beregnes eller vises.", "The main estimate could not be made or shown.")  # fmt: skip


def _ready(language: Language) -> Point:
    return (
        language.pick("Om forskelle skyldes, hvor klar borgeren var", "Whether differences are due to how ready the citizen was"),
        language.pick(
            "Registrene rummer timer, ydelser, alder og målgruppe, men ikke motivation, helbred eller jobcentrets skøn. Er de forskellige, kan de forklare en forskel, der ligner en effekt.",
            "The registers hold hours, benefits, age and target group, but not motivation, health or the job centre's judgement. Where these differ they can explain a difference that looks like an effect.",
        ),
    )  # fmt: skip


def _working(language: Language) -> Point:
    return (
        language.pick("At hvem der er uden ydelse, er i arbejde", "That whoever is without benefit is in work"),
        language.pick(
            "Man kan være uden ydelse og uden løn. Derfor måles arbejde i ordinære løntimer. Selvstændige og sort arbejde ses ikke.",
            "One can be without benefit and without wage. So work is measured in ordinary paid hours. The self-employed and undeclared work are not seen.",
        ),
    )


def _small(tier: Tier, language: Language) -> Point:
    year = tier.last_whole_year
    rows = tier.rows("supply_by_municipality", year=year)
    hidden = int(is_protected(rows, "persons_in_rsv").sum())
    subgroups = tier.tables["effect_estimates"]
    not_made = int((main_rows(tier)["gate"] == "not_estimated").sum())
    why = language.pick(
        f"Der er for få borgere og virksomheder. I {year} er tallet beskyttet i {hidden} af {len(rows)} kommuner, og effekt beregnes kun for hele landet.",
        f"There are too few citizens and enterprises. In {year} the number is protected in {hidden} of {len(rows)} municipalities, and effect is estimated for the whole country alone.",
    )
    if not_made or (subgroups["gate"] == "not_estimated").any():
        count = int((subgroups["gate"] == "not_estimated").sum())
        why += " " + language.pick(
            f"{language.number(count)} {'estimat' if count == 1 else 'estimater'} kunne ikke beregnes.",
            f"{language.number(count)} {'estimate' if count == 1 else 'estimates'} could not be made.",
        )
    return language.pick("Hvad RSV betyder i den enkelte kommune eller lille målgruppe", "What RSV mean in one municipality or a small target group"), why  # fmt: skip


def _lasting(language: Language) -> Point:
    return (
        language.pick("Hvad varig tilknytning er", "What lasting attachment is"),
        language.pick(
            "Ingen officiel definition findes. To står derfor side om side alle steder, og læseren må vælge.",
            "There is no official definition. So two stand side by side everywhere, and the reader must choose.",
        ),
    )


def _breaks(language: Language) -> Point:
    return (
        language.pick("At udviklingen over årene alene skyldes RSV", "That change over the years is due to RSV alone"),
        language.pick(
            "Reglerne for målgrupper og tilbud skiftede den 1. januar 2020, og covid-19 lukkede arbejdspladser fra marts 2020. Begge er databrud.",
            "The rules of target groups and instruments changed on 1 January 2020, and Covid-19 closed workplaces from March 2020. Both are breaks in the data.",
        ),
    )


def _observed(tier: Tier, language: Language) -> Point | None:
    through = tier.date("observed_through")
    if through is None:
        return None
    return (
        language.pick(f"Hvad der skete efter {language.month(through)}", f"What happened after {language.month(through)}"),
        language.pick(
            "Løn indberettes og rettes bagud. Måneder, der endnu ikke er indberettet færdigt, er ikke talt med og er ikke nul.",
            "Wages are reported and corrected afterwards. Months not yet fully reported are not counted, and are not zero.",
        ),
    )  # fmt: skip


def _price(language: Language) -> Point:
    return (
        language.pick("Om et forløb tjener sig hjem", "Whether a placement pays for itself"),
        language.pick(
            "Ingen dokumenteret pris på et forløb i en RSV findes. Uden den kan gevinst og udgift ikke holdes op mod hinanden.",
            "There is no documented price of a placement at an RSV. Without it gain and cost cannot be set against each other.",
        ),
    )
