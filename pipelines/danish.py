"""One Danish sentence for each asset, the question it answers, and the story of the groups: what a stakeholder reads first.

Belongs here: sentences without markup, group names. Not here: the English descriptions (they stand beside the models), labels of columns, putting a page together (story.py).
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

# What each group tells, in the order in which the story is read.
STORY: Final[dict[str, str]] = {
    "kilder": "Det, som registre, kommuner og arbejdsgivere har leveret, holdt op mod reglerne række for række.",
    "kerne": "Det lagt sammen til personer, virksomheder, forløb og måneder, uden CPR-numre.",
    "omfang": "Hvor mange og hvilke målgrupper kommer ind, hvor i landet, og hos hvor mange virksomheder.",
    "progression": "Hvordan timerne udvikler sig, hvor mange der kommer i arbejde, og om tilknytningen varer ved.",
    "effekt": "Hvad der blev anderledes af forløbet, sammenlignet med borgere, som ligner.",
    "kvalitet": "Hvor meget af det leverede tallene hviler på, og hvad der blev afvist.",
    "evaluering": "Det færdige datavarehus, de beskyttede tabeller og siderne, som man læser.",
}

SENTENCES: Final[dict[str, str]] = {
    "lake/cvr_virksomheder": "Hvilke virksomheder findes i CVR, og hvornår har de været registreret som socialøkonomiske?",
    "lake/cvr_produktionsenheder": "Hvilke produktionsenheder findes i CVR, og hvem har ejet dem hvornår?",
    "lake/se_numre": "Hvilken virksomhed har indberettet løn under hvert SE-nummer?",
    "lake/personer": "Hvem bor i hvilken kommune, og hvem er død eller udvandret (uden CPR-numre)?",
    "lake/dream": "Hvilke offentlige ydelser har hver person fået uge for uge?",
    "lake/forloeb": "Hvilke tilbud og forløb har kommunerne registreret, måned for måned?",
    "lake/eindkomst": "Hvilken løn og hvor mange timer er indberettet til eIndkomst, måned for måned?",
    "expectations/catalogue": "Hvilke regler skal en leverance holde, hvor går grænserne, og hvad gør man?",
    "inputs/deliveries": "Hvilke filer er leveret, og hvad blev der af dem?",
    "inputs/rule_counts": "Hvor mange rækker så hver regel på og afviste i hver fil?",
    "inputs/file_counters": "Hvor mange særheder er der talt op i filerne?",
    "inputs/build": "Hvilken dag er opgjort, og hvilke måneder kan kørslen se?",
    "code_lists/benefit_codes": "Hvad betyder koderne for ydelser i DREAM (en liste, som kan udvides)?",
    "code_lists/hour_bands": "Hvor går grænserne mellem timebåndene (en liste, som kan udvides)?",
    "code_lists/income_types": "Hvilke indkomsttyper tæller som løn (en liste, som kan udvides)?",
    "code_lists/instruments": "Hvilke redskaber findes der, og hvad er de en del af (en liste, som kan udvides)?",
    "code_lists/labels": "Hvad hedder koderne på dansk og engelsk (en liste, som kan rettes)?",
    "code_lists/reasons": "Hvad hedder begrundelserne på dansk og engelsk (en liste, som kan rettes)?",
    "code_lists/municipalities": "Hvilke kommuner findes der, og hvilken slags kommune er hver (en liste, som kan udvides)?",
    "code_lists/published_figures": "Hvilke tal har andre offentliggjort, som opgørelsen holdes op mod?",
    "code_lists/target_groups": "Hvilke målgrupper findes der før og efter 2020 (en liste, som kan udvides)?",
    "code_lists/wage_conversion_rates": "Hvor mange timer svarer en løn til, når timerne mangler?",
    "core/dim_enterprises": "Hvad vides der om hver virksomhed, og i hvilken periode gælder det?",
    "core/dim_municipalities": "Hvilken region og kommunegruppe hører hver af de 98 kommuner til?",
    "core/dim_instruments": "Hvilke redskaber har beskæftigelsesindsatsen?",
    "core/dim_target_groups": "Hvilke målgrupper har loven, før og efter 2020?",
    "core/dim_benefit_codes": "Hvad betyder ydelseskoderne i DREAM?",
    "core/dim_hour_bands": "Hvordan deles de ordinære timer op i bånd?",
    "core/dim_labels": "Hvad hedder hver kode på dansk og engelsk?",
    "core/dim_months": "Hvilke måneder er med, og hvilke af dem er observeret?",
    "core/dim_persons": "Hvem er med, og hvornår forlader de opgørelsen?",
    "core/fct_placement_activities": "Hvilke aktiviteter har kommunerne, som de står på opgørelsesdagen?",
    "core/fct_placement_spells": "Hvilke forløb har der været, når sammenhængende aktiviteter samme sted er lagt sammen?",
    "core/fct_person_months": "Hvor mange timer arbejder hver person, og hvad lever de af, måned for måned?",
    "scope/fct_scope_monthly": "Hvor mange forløb starter, slutter og er i gang hver måned?",
    "scope/fct_scope_yearly": "Hvor mange personer er i forløb hvert år, fordelt på kommuner, redskaber og målgrupper?",
    "scope/fct_target_persons_yearly": "Hvor mange personer hører hvert år til målgruppen for indsatsen?",
    "scope/fct_benefit_hours_monthly": "Hvor mange får hver måned en ydelse, og hvor mange ordinære timer har de?",
    "scope/fct_rsv_register_monthly": "Hvor mange registrerede socialøkonomiske virksomheder er der, og hvor mange er aktive?",
    "scope/fct_rsv_enterprises_yearly": "Hvor mange ansatte og forløb har den enkelte socialøkonomiske virksomhed hvert år?",
    "scope/fct_municipal_supply_yearly": "Hvor mange socialøkonomiske virksomheder har hver kommune hvert år?",
    "scope/fct_supply_inequality_yearly": "Hvor ulige er udbuddet mellem kommunerne, og hvad ville tilfældet alene give?",
    "progression/fct_progression_months": "Hvordan udvikler timer og tilknytning sig måned for måned før og efter et forløbs start?",
    "progression/fct_progression_horizons": "Hvordan er det gået tre, seks, tolv og fireogtyve måneder efter start?",
    "progression/fct_hour_band_transitions": "Hvor mange er gået op eller ned i timer siden start?",
    "progression/fct_pathways": "Hvad følger efter et forløb: et nyt redskab, ordinært arbejde eller ingen af delene?",
    "progression/fct_employment_by_target_group": "Hvor mange fra hver målgruppe er kommet i beskæftigelse?",
    "progression/fct_milestones": "Hvornår når hvert forløb sine milepæle mod varig tilknytning?",
    "progression/fct_milestone_curves": "Hvor stor en andel har nået hver milepæl, måned for måned?",
    "lake/estimates": "Hvad betyder et forløb i en socialøkonomisk virksomhed for borgerne (estimaterne, før de bliver tabeller)?",
    "effect/fct_effect_estimates": "Hvad blev anderledes af et forløb i en registreret socialøkonomisk virksomhed, hvor sikkert er det, og kan det læses?",
    "effect/fct_effect_balance": "Hvor ens er de sammenlignede borgere før og efter vægtning?",
    "effect/fct_effect_event_study": "Hvordan udvikler effekten sig måned for måned før og efter et forløbs start?",
    "effect/fct_effect_diagnostics": "Kan hvert estimat bære at blive læst (porten)?",
    "effect/fct_effect_cohort": "Hvem indgår i sammenligningen, og hvem er ladt ude?",
    "effect/dim_effect_labels": "Hvad hedder koderne om effekt, og hvorfor mangler et estimat, sagt på dansk?",
    "quality/fct_deliveries": "Hvor mange rækker er godkendt og afvist i hver leveret fil?",
    "quality/fct_rule_results": "Hvordan gik det med hver regel i hver fil?",
    "quality/fct_counters": "Hvilke særheder er talt op i data uden at blive afvist?",
    "quality/fct_placement_coverage": "Hvilke kommuner har leveret forløb for hvilke måneder?",
    "quality/fct_reporting_triangle": "Hvor hurtigt bliver lønindberetningerne fuldstændige?",
    "quality/codebook": "Hvad betyder hver tabel og hver kolonne?",
    "quality/fct_builds": "Hvilken dag og hvilke parametre er tallene opgjort efter?",
    "evaluation/fct_scope_cells": "Hvor mange er der i hver celle om omfang, før diskretionering?",
    "evaluation/fct_event_month_cells": "Hvor mange ordinære timer er der måned for måned før og efter start, før diskretionering?",
    "evaluation/fct_hour_cells": "Hvor mange er i arbejde med hvor mange timer, før diskretionering?",
    "evaluation/fct_lasting_cells": "Hvor mange har fået varig tilknytning, før diskretionering?",
    "evaluation/preview_tables": "Hvad ville de offentlige tabeller vise efter diskretionering (en forhåndsvisning til huset selv)?",
    "evaluation/report": "Hvad svarer siderne på de tre spørgsmål (en forhåndsvisning til huset selv)?",
    "release/public_tier": "Hvad må alle se (en udgivelses tabeller efter diskretionering)?",
    "release/restricted_tier": "Hvad får forskere og arkivet (en udgivelses tabeller med nøgler, der kun gælder den)?",
    "release/codebook": "Hvad betyder hver variabel i en udgivelse?",
    "release/report": "Hvad viser en udgivelses sider, lavet af dens offentlige tabeller alene?",
    "release/manifest": "Hvilke filer, versioner og fingeraftryk består en udgivelse af?",
    "simple/placements": "Hvad ved vi om hvert forløb: målgruppe, virksomhed, timer før og efter, varig tilknytning (med ord i stedet for koder)?",
    "simple/placement_months": "Hvordan går det i hvert forløb, måned for måned (med ord i stedet for koder)?",
    "simple/person_months": "Hvor mange timer arbejder hver person måned for måned (med ord i stedet for koder)?",
    "simple/employment_by_target_group": "Hvor mange fra hver målgruppe er kommet i arbejde (med ord i stedet for koder)?",
    "simple/hour_band_moves": "Hvor mange er gået fra ét timebånd til et andet (med ord i stedet for koder)?",
    "simple/hours_by_month": "Hvordan ser timetrappen ud måned for måned, i antal og andele (med ord i stedet for koder)?",
    "simple/lasting_attachment": "Hvor stor en andel har fået varig tilknytning, efter begge definitioner (med ord i stedet for koder)?",
    "simple/milestone_curves": "Hvor stor en andel har nået hver milepæl, måned for måned (med ord i stedet for koder)?",
    "simple/pathways": "Hvad følger efter et forløb (med ord i stedet for koder)?",
    "simple/scope_by_year": "Hvor mange er i forløb hvert år (med ord i stedet for koder)?",
    "simple/scope_by_month": "Hvor mange forløb starter, slutter og er i gang hver måned (med ord i stedet for koder)?",
    "simple/municipal_supply": "Hvilket udbud har hver kommune hvert år (med kommunens navn og region)?",
    "simple/supply_inequality": "Hvor ulige er udbuddet mellem kommunerne hvert år (samlet til et regneark)?",
    "simple/rsv_register": "Hvordan udvikler registret over socialøkonomiske virksomheder sig måned for måned (samlet til et regneark)?",
    "simple/rsv_enterprises_by_year": "Hvad gør den enkelte socialøkonomiske virksomhed hvert år (med navn og kommune)?",
    "simple/target_persons": "Hvor mange hører til målgruppen hvert år (med ord i stedet for koder)?",
    "simple/benefit_hours": "Hvor mange ydelsesmodtagere har ordinære timer hver måned (med ord i stedet for koder)?",
    "simple/effects": "Hvad er hvert estimat, kan det læses, og hvorfor ikke (med ord i stedet for koder)?",
    "simple/effect_diagnostics": "Hvad har porten prøvet for hvert estimat (med ord i stedet for koder)?",
    "simple/effect_curves": "Hvordan udvikler effekten sig måned for måned (med ord i stedet for koder)?",
    "simple/enterprises": "Hvad vides der om hver virksomhed (med kommunens navn og region)?",
    "simple/deliveries": "Hvad blev der af hver leveret fil (med ord i stedet for koder)?",
    "simple/rules": "Hvordan gik det med hver regel i hver fil (med ord i stedet for koder)?",
    "quarantine/rejected_lines": "Hvilke linjer blev afvist, så leverandøren kan rette dem?",
    "published/outcome": "Hvor ligger det færdige datavarehus, som alle læser fra?",
}


# What the rows of an asset are, where they are the figure it is known by.
ROWS: Final[dict[str, str]] = {
    "expectations/catalogue": "regler",
    "inputs/deliveries": "leverede filer",
    "inputs/rule_counts": "optællinger af en regel i en fil",
    "inputs/file_counters": "optællinger af en særhed i en fil",
    "core/dim_enterprises": "perioder, hvor en virksomheds oplysninger er uændrede",
    "core/dim_municipalities": "kommuner",
    "core/dim_instruments": "redskabskoder",
    "core/dim_target_groups": "målgrupper",
    "core/dim_benefit_codes": "ydelseskoder",
    "core/dim_hour_bands": "timebånd",
    "core/dim_labels": "koder med navn",
    "core/dim_months": "måneder",
    "core/dim_persons": "personer",
    "core/fct_placement_activities": "aktiviteter",
    "scope/fct_rsv_enterprises_yearly": "virksomhedsår",
    "progression/fct_progression_months": "måneder før og efter start, alle forløb",
    "progression/fct_hour_band_transitions": "skift mellem timebånd, talt op",
    "progression/fct_pathways": "veje videre, talt op",
    "progression/fct_milestones": "milepæle, fulgt i hvert forløb",
    "effect/fct_effect_balance": "sammenligninger af et kendetegn",
    "effect/fct_effect_event_study": "månedseffekter",
    "effect/dim_effect_labels": "koder og begrundelser med navn",
    "evaluation/fct_scope_cells": "celler",
    "evaluation/fct_event_month_cells": "celler",
    "evaluation/fct_hour_cells": "celler",
    "evaluation/fct_lasting_cells": "celler",
    "quality/codebook": "kolonner",
    "quality/fct_counters": "slags særheder",
    "quality/fct_deliveries": "leverede filer",
    "quality/fct_placement_coverage": "kommunemåneder",
    "quality/fct_reporting_triangle": "optællinger af arbejdsmåned og forsinkelse",
}
ROWS_OF_SCHEMA: Final[dict[str, str]] = {
    "lake": "godkendte rækker",
    "code_lists": "koder på listen",
    "inputs": "rækker",
    "intermediate": "rækker",
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
