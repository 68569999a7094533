"""The row rules of the registry's CSV files `se_numre` and `personer`, one SQL predicate a rule.

Belongs here: for every rule the condition under which a row breaks it. The predicates stand on the delivered columns as text
under the contract's names (null when empty) and, beside each, the value that could be read. Every hard rule but
`unreadable_value` looks at the rows with the right number of fields, soft rules at the accepted ones. Not here: the rules of
JSON documents, which are types and no columns (`assets/ingest/enterprises.py`, `units.py`), of DREAM's wide rows, which are judged as arrays
(`assets/ingest/benefits.py`), rules decided in the build.
"""

from __future__ import annotations

SE_NUMBERS: dict[str, str] = {
    "se_numre.unreadable_value": """
        not has_right_fields
        or (gyldig_fra is not null and valid_from is null)
        or (gyldig_til is not null and valid_to is null)
    """,
    "se_numre.se_invalid": "se_nr is null or not is_se_valid",
    "se_numre.cvr_invalid": "cvr_nr is null or not is_cvr_valid",
}

PERSONS: dict[str, str] = {
    "personer.unreadable_value": """
        not has_right_fields
        or (bopael_fra is not null and residence_from is null)
        or (bopael_til is not null and residence_to is null)
        or (status_dato is not null and status_date is null)
    """,
    "personer.cpr_invalid": "person_key is null",
}

WITHOUT_MODULUS_11 = ("not is_constructed", "not has_modulus_11")
"""(accepted rows looked at, condition of failing) of the soft rule on CPR numbers."""
