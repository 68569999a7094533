"""The row rules of placement files that a file and the code lists alone decide, one SQL predicate a rule.

Belongs here: for every rule the condition under which a row breaks it, and which rows are looked at. The predicates stand on the
columns of the relation `placement_rows` (see `assets/ingest/placement.py`): the delivered columns as text under the contract's
names, null when empty, and beside each the value that could be read. Not here: rules that need other files or the cut-off
(dbt decides them in every build), reading, writing.

A value that is missing or cannot be read breaks only the rule that says so: every other predicate is null or false for it.
"""

from __future__ import annotations

# Which rows a rule looks at, beside a right number of fields.
EVERY_ROW = "true"
ACTIVITIES = "is_activity"  # handling O or A

UNREADABLE = "placement.unreadable_value"

PREDICATES: dict[str, tuple[str, str]] = {
    "placement.cpr_invalid": (ACTIVITIES, "person_key is null"),
    "placement.instrument_unknown": (ACTIVITIES, "not is_instrument_known"),
    # Without a readable start there is no regime: a number then breaks nothing, a text that is no number does.
    "placement.target_group_unknown": (
        ACTIVITIES,
        "target_group_number is null or (start_date is not null and not is_target_group_of_regime)",
    ),
    "placement.start_missing": (ACTIVITIES, "startdato is null"),
    "placement.end_before_start": (ACTIVITIES, "end_date < start_date"),
    "placement.enterprise_missing": (ACTIVITIES, "is_company_based and cvr is null and p_nummer is null"),
    "placement.hours_out_of_range": (ACTIVITIES, "hours not between 0 and 59 or minutes not between 0 and 59"),
    "placement.municipality_unknown": (EVERY_ROW, "not is_municipality_known"),
    "placement.municipality_not_of_file": (
        EVERY_ROW,
        "is_municipality_known and ansvarlig_kommune <> file_municipality",
    ),
    "placement.start_before_2007": (ACTIVITIES, "start_date < date '2007-01-01'"),
    "placement.id_missing": (EVERY_ROW, "aktivitet_id is null"),
    "placement.timestamp_missing": (EVERY_ROW, "registreret_tidspunkt is null"),
    "placement.cvr_invalid": (ACTIVITIES, "cvr is not null and not is_cvr_valid"),
    "placement.p_number_invalid": (ACTIVITIES, "p_nummer is not null and not is_p_number_valid"),
    # Months and days are compared as they stand: adding years to 29 February would give 28 February in a year without one.
    "placement.under_16": (
        ACTIVITIES,
        "year(start_date) - year(birth_date) "
        "- (case when month(start_date) * 100 + day(start_date) < month(birth_date) * 100 + day(birth_date) then 1 else 0 end) < 16",
    ),
}
"""Rule: (rows it looks at, condition of failing), of rows with the right number of fields."""

UNREADABLE_PREDICATE = """
    not has_right_fields
    or coalesce(handling not in ('O', 'A', 'S'), true)
    or (registreret_tidspunkt is not null and registered_at is null)
    or (
        is_activity
        and (
            (startdato is not null and start_date is null)
            or (slutdato is not null and end_date is null)
            or (timer_pr_uge is not null and hours is null)
            or (minutter_pr_uge is not null and minutes is null)
        )
    )
"""
"""Of every row. The other columns of an `S` row are not read, so they cannot be unreadable."""

DECIDED_IN_THE_BUILD = (
    "placement.cpr_not_in_personer",
    "placement.start_too_late",
    "placement.cpr_changed",
)
"""Hard rules that the file cannot know: looked at here as the class says, never failed here."""

SOFT = {
    # rule: (accepted rows it looks at, condition of failing)
    "placement.cpr_without_modulus_11": ("is_activity and not is_constructed", "not has_modulus_11"),
    "placement.cvr_contradicts_p_number": ("is_activity", "false"),
}
