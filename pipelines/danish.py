"""One Danish sentence for each asset: what a stakeholder reads first in the asset list.

Belongs here: sentences without markup, group names. Not here: the English descriptions (they stand beside the models), labels of columns.
"""

from __future__ import annotations

from typing import Final

GROUPS: Final = ("kilder", "kerne", "omfang", "progression", "effekt", "kvalitet", "evaluering")
GROUP_OF_SCHEMA: Final = {
    "staging": "kilder",
    "code_lists": "kilder",
    "core": "kerne",
    "scope": "omfang",
    "progression": "progression",
    "effect": "effekt",
    "quality": "kvalitet",
    "evaluation": "evaluering",
}

SENTENCES: Final[dict[str, str]] = {
    "lake/cvr_virksomheder": "Virksomheder fra CVR med navn, branche, selskabsform, beskæftigelse og perioder som registreret socialøkonomisk virksomhed.",
    "lake/cvr_produktionsenheder": "Produktionsenheder fra CVR og hvem der ejer dem hvornår.",
    "lake/se_numre": "SE-numre og den virksomhed, som hvert nummer indberetter løn for.",
    "lake/personer": "Personer med bopælskommune og civilstatus, uden CPR-numre.",
    "lake/dream": "Offentlige ydelser uge for uge fra DREAM.",
    "lake/forloeb": "Kommunernes registreringer af tilbud og forløb, måned for måned.",
    "lake/eindkomst": "Løn og timer fra eIndkomst, måned for måned.",
    "expectations/catalogue": "Kataloget over regler med grænser, begrundelser og hvad man gør.",
    "inputs/deliveries": "Hvilke filer der er leveret, og hvad der blev af dem.",
    "inputs/rule_counts": "Hvor mange rækker hver regel så på og afviste i hver fil.",
    "inputs/file_counters": "Særheder, som er talt op i filerne.",
    "inputs/build": "Opgørelsesdatoen og de måneder, som kørslen kan se.",
    "code_lists/benefit_codes": "Kodelisten over ydelser i DREAM, som kan udvides i en fil.",
    "code_lists/hour_bands": "Kodelisten over timebånd, som kan udvides i en fil.",
    "code_lists/income_types": "Kodelisten over indkomsttyper, som kan udvides i en fil.",
    "code_lists/instruments": "Kodelisten over redskaber, som kan udvides i en fil.",
    "code_lists/municipalities": "Kodelisten over kommuner, som kan udvides i en fil.",
    "code_lists/published_figures": "Tal, som andre har offentliggjort, og som opgørelsen holdes op mod.",
    "code_lists/target_groups": "Kodelisten over målgrupper, som kan udvides i en fil.",
    "code_lists/wage_conversion_rates": "Satserne, som regner løn om til timer, når timerne mangler.",
    "core/dim_enterprises": "Virksomhederne med en række for hver periode, hvor deres oplysninger er uændrede.",
    "core/dim_municipalities": "De 98 kommuner med region og kommunegruppe.",
    "core/dim_instruments": "Redskaberne i beskæftigelsesindsatsen.",
    "core/dim_target_groups": "Målgrupperne efter loven før og efter 2020.",
    "core/dim_benefit_codes": "Ydelseskoderne i DREAM og hvad de betyder.",
    "core/dim_hour_bands": "Timebåndene, som ordinære timer deles op i.",
    "core/dim_months": "Månederne i opgørelsen og om de er observeret.",
    "core/dim_persons": "Personerne i opgørelsen med køn, fødselsår og afgang.",
    "core/fct_placement_activities": "Kommunernes aktiviteter, som de står på opgørelsesdatoen.",
    "core/fct_placement_spells": "Forløb, hvor sammenhængende aktiviteter hos samme virksomhed er lagt sammen.",
    "core/fct_person_months": "Hver persons timer, løn og ydelser måned for måned.",
    "scope/fct_scope_monthly": "Hvor mange forløb der starter, slutter og er i gang hver måned.",
    "scope/fct_scope_yearly": "Hvor mange personer der er i forløb hvert år, fordelt på kommuner, redskaber og målgrupper.",
    "scope/fct_target_persons_yearly": "Hvor mange personer der hvert år hører til målgruppen for indsatsen.",
    "scope/fct_benefit_hours_monthly": "Hvor mange der hver måned får en ydelse, og hvor mange ordinære timer de har.",
    "scope/fct_rsv_register_monthly": "Hvor mange registrerede socialøkonomiske virksomheder der er, og hvor mange der er aktive.",
    "scope/fct_rsv_enterprises_yearly": "De enkelte socialøkonomiske virksomheders ansatte og forløb hvert år.",
    "scope/fct_municipal_supply_yearly": "Udbuddet af socialøkonomiske virksomheder i hver kommune hvert år.",
    "scope/fct_supply_inequality_yearly": "Hvor ulige udbuddet er mellem kommunerne, og hvad tilfældet alene ville give.",
    "progression/fct_progression_months": "Timer og tilknytning måned for måned før og efter et forløbs start.",
    "progression/fct_progression_horizons": "Hvordan det er gået tre, seks, tolv og fireogtyve måneder efter start.",
    "progression/fct_hour_band_transitions": "Hvor mange der er gået op eller ned i timer siden start.",
    "progression/fct_pathways": "Hvad der følger efter et forløb: et nyt redskab, ordinært arbejde eller ingen af delene.",
    "progression/fct_employment_by_target_group": "Hvor mange fra hver målgruppe der er kommet i beskæftigelse.",
    "progression/fct_milestones": "Hvornår hvert forløb når sine milepæle mod varig tilknytning.",
    "progression/fct_milestone_curves": "Hvor stor en andel der har nået hver milepæl, måned for måned.",
    "lake/estimates": "Estimaterne af, hvad et forløb i en socialøkonomisk virksomhed betyder for borgerne.",
    "effect/fct_effect_estimates": "Hvad der blev anderledes af et forløb i en registreret socialøkonomisk virksomhed, med usikkerhed og port.",
    "effect/fct_effect_balance": "Hvor ens de sammenlignede borgere er før og efter vægtning.",
    "effect/fct_effect_event_study": "Effekten måned for måned før og efter et forløbs start.",
    "effect/fct_effect_diagnostics": "Porten: om hvert estimat kan bære at blive læst.",
    "effect/fct_effect_cohort": "Hvem der indgår i sammenligningen, og hvem der er ladt ude.",
    "quality/fct_deliveries": "De leverede filer med antal godkendte og afviste rækker.",
    "quality/fct_rule_results": "Resultatet af hver regel i hver fil.",
    "quality/fct_counters": "Særheder i data, som er talt op, men ikke afvist.",
    "quality/fct_placement_coverage": "Hvilke kommuner der har leveret forløb for hvilke måneder.",
    "quality/fct_reporting_triangle": "Hvor hurtigt lønindberetningerne bliver fuldstændige.",
    "quality/codebook": "Kodebogen med alle tabeller og kolonner.",
    "quality/fct_builds": "Hvilken opgørelsesdato og hvilke parametre kørslen er lavet med.",
    "evaluation/fct_scope_cells": "Omfanget talt op, som det er før diskretionering.",
    "evaluation/fct_event_month_cells": "Ordinære timer måned for måned, før og efter start, som de er før diskretionering.",
    "evaluation/fct_hour_cells": "Arbejde og timer talt op, som de er før diskretionering.",
    "evaluation/fct_lasting_cells": "Varig tilknytning talt op, som den er før diskretionering.",
    "evaluation/preview_tables": "De offentlige tabeller efter diskretionering, som en forhåndsvisning til huset selv.",
    "evaluation/report": "Siderne med svar på de tre spørgsmål, som en forhåndsvisning til huset selv.",
    "release/public_tier": "En udgivelses offentlige tabeller efter diskretionering.",
    "release/restricted_tier": "En udgivelses tabeller til forskere og arkivet, med nøgler, der kun gælder den.",
    "release/codebook": "En udgivelses kodebøger, som beskriver hver variabel i den.",
    "release/report": "En udgivelses sider, lavet af dens offentlige tabeller alene.",
    "release/manifest": "En udgivelses følgeseddel med filer, versioner og fingeraftryk.",
    "quarantine/rejected_lines": "De afviste linjer, gemt for sig selv, så leverandøren kan rette dem.",
    "published/outcome": "Det færdige datavarehus, som alle læser fra.",
}


def sentence(path: str, label: str | None = None) -> str:
    """The Danish sentence of an asset (`schema/table`); from the label where nothing better is written."""
    if path in SENTENCES:
        return SENTENCES[path]
    schema = path.partition("/")[0]
    if schema == "staging":
        return "En kilde, gjort klar til brug i beregningerne."
    if schema == "intermediate":
        return "En mellemregning, som de færdige tabeller bygger på."
    if label:
        return f"{label}."
    raise KeyError(f"{path}: no Danish sentence in pipelines/danish.py")
