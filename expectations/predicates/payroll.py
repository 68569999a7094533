"""The row rules of payroll files that a file and the code lists alone decide, one SQL predicate a rule.

Belongs here: for every rule which rows it looks at and the condition under which a row breaks it. The predicates stand on the columns of
the relation `payroll_lines` (see `assets/ingest/payroll_rows.py`): the delivered columns as text under the contract's names, the
empty text when a value is missing, and beside each the value that could be read (null when it could not). Not here: rules that
need other files or the cut-off (dbt decides them in every build), the trailer's rules (`assets/ingest/payroll_files.py`).

A value that is missing or cannot be read breaks only the rule that says so: every other predicate is null or false for it.
"""

from __future__ import annotations

# Which rows a rule looks at, beside a right number of fields.
EVERY_ROW = "true"
REPORTS = "indberetningsart = 'I'"
REVERSALS = "indberetningsart = 'T'"

UNREADABLE = "payroll.unreadable_value"

UNREADABLE_PREDICATE = """
    not has_right_fields
    or (indberettet_tidspunkt <> '' and reported_at is null)
    or (
        indberetningsart = 'I'
        and (
            (dispositionsdato <> '' and payment_date is null)
            or (periode_fra <> '' and period_from is null)
            or (periode_til <> '' and period_to is null)
            or kryds_0220 not in ('', 'X')
        )
    )
"""
"""Of every row. The other columns of a reversal are not read, so they cannot be unreadable; an amount has a rule of its own."""

PREDICATES: dict[str, tuple[str, str]] = {
    "payroll.kind_unknown": (EVERY_ROW, "indberetningsart not in ('I', 'T')"),
    "payroll.report_id_missing": (EVERY_ROW, "indberetning_id = ''"),
    "payroll.line_id_missing": (EVERY_ROW, "post_nr = ''"),
    "payroll.timestamp_missing": (EVERY_ROW, "indberettet_tidspunkt = ''"),
    "payroll.cpr_invalid": (REPORTS, "not is_cpr_valid"),
    "payroll.se_invalid": (REPORTS, "not is_se_valid"),
    "payroll.income_type_unknown": (REPORTS, "not is_income_type_known"),
    "payroll.payment_date_missing": (REPORTS, "dispositionsdato = ''"),
    "payroll.period_missing": (REPORTS, "periode_fra = '' or periode_til = ''"),
    "payroll.period_reversed": (REPORTS, "period_from > period_to"),
    # Both ends count: a difference of 366 days is a period of 367.
    "payroll.period_too_long": (REPORTS, "period_to - period_from + 1 > 366"),
    "payroll.hours_out_of_range": (REPORTS, "abs(hours) >= 10000000"),  # 1/10000 of an hour
    "payroll.hours_with_cross": (REPORTS, "hours is not null and kryds_0220 = 'X'"),
    "payroll.amount_no_number": (
        REPORTS,
        "(felt_0013 <> '' and a_income_amount is null)"
        " or (felt_0014 <> '' and a_income_other_amount is null)"
        " or (felt_0016 <> '' and contribution_amount is null)"
        " or (felt_0200 <> '' and hours is null)",
    ),
    "payroll.p_number_invalid": (REPORTS, "p_nummer <> '' and not is_p_number_valid"),
    "payroll.reference_missing": (REVERSALS, "reference_id = ''"),
    "payroll.reversal_cpr_invalid": (REVERSALS, "cpr <> '' and not is_cpr_valid"),
}
"""Rule: (rows it looks at, condition of failing), of rows with the right number of fields."""

SOFT: dict[str, tuple[str, str]] = {
    # rule: (accepted rows it looks at, condition of failing)
    "payroll.hours_over_400": (REPORTS, "hours > 4000000"),
    "payroll.cpr_not_in_personer": (REPORTS, "false"),  # decided in the build: the file knows only whom it looks at
    "payroll.cpr_without_modulus_11": (f"{REPORTS} and not is_constructed", "not has_modulus_11"),
}
