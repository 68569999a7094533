"""How a broken row looks, rule by rule.

Belongs here: for each row rule of the contract a change to a sound row that breaks that rule and no other. Not here: how many, and where (defects.py).
A change takes the fields by column name and a number that picks among its variants, and returns the fields; columns beyond the contract's count as too many.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

Fields = dict[str, str]
Change = Callable[[Fields, int], Fields]
TOO_MANY, TOO_FEW = "+", "-"


def with_(**values: str) -> Change:
    """Sets the columns."""
    return lambda fields, _: fields | values


def one_of(*changes: Change) -> Change:
    """One of the changes, in turn."""
    return lambda fields, number: changes[number % len(changes)](fields, number // len(changes))


def too_many_fields(fields: Fields, _: int) -> Fields:
    """A field beyond the last column."""
    return fields | {TOO_MANY: ""}


def too_few_fields(fields: Fields, _: int) -> Fields:
    """The last column is missing."""
    return fields | {TOO_FEW: ""}


def without_sums(change: Change) -> Change:
    """A payroll line whose fields are out of place adds nothing to the trailer, whoever reads it."""
    return lambda fields, number: change(
        fields | {"felt_0013": "", "felt_0016": "", "felt_0200": "", "kryds_0220": "X"}, number
    )


def month_thirteen(fields: Fields, _: int) -> Fields:
    """A CPR number whose date does not exist."""
    return fields | {"cpr": fields["cpr"][:2] + "13" + fields["cpr"][4:]}


def nine_digits_no_date(fields: Fields, _: int) -> Fields:
    """Nine digits; with the leading zero the month does not exist (with a month that does it would be a real person's form of number)."""
    return fields | {"cpr": "1" + "99" + fields["cpr"][4:]}


def wrong_check_digit(column: str) -> Change:
    """The last digit one further: modulus 11 fails."""
    return lambda fields, _: fields | {column: fields[column][:-1] + str((int(fields[column][-1]) + 1) % 10)}


def day_after(text: str, days: int) -> str:
    """An ISO date moved."""
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()


_cpr_invalid = one_of(month_thirteen, with_(cpr=""), nine_digits_no_date, with_(cpr="CPR"))

PAYROLL_HARD: dict[str, Change] = {
    "payroll.unreadable_value": one_of(
        without_sums(too_few_fields), without_sums(too_many_fields), with_(kryds_0220="J", felt_0200=""),
        lambda fields, _: fields | {"periode_fra": fields["periode_fra"].replace("-0", "-").replace("-", "/")},
        lambda fields, _: fields | {"indberettet_tidspunkt": fields["indberettet_tidspunkt"].replace("T", " ")},
    ),
    "payroll.kind_unknown": one_of(with_(indberetningsart="M"), with_(indberetningsart="")),
    "payroll.report_id_missing": with_(indberetning_id=""),
    "payroll.line_id_missing": with_(post_nr=""),
    "payroll.timestamp_missing": with_(indberettet_tidspunkt=""),
    "payroll.cpr_invalid": _cpr_invalid,
    "payroll.se_invalid": one_of(wrong_check_digit("se_nr"), with_(se_nr="")),
    "payroll.income_type_unknown": one_of(with_(indkomsttype="99"), with_(indkomsttype="")),
    "payroll.payment_date_missing": with_(dispositionsdato=""),
    "payroll.period_missing": one_of(with_(periode_fra=""), with_(periode_til="")),
    "payroll.period_reversed": lambda fields, _: fields | {"periode_til": day_after(fields["periode_fra"], -1)},
    "payroll.period_too_long": lambda fields, _: fields | {"periode_fra": day_after(fields["periode_til"], -366)},
    "payroll.hours_out_of_range": one_of(with_(felt_0200="1000,00", kryds_0220=""), with_(felt_0200="-1000,00", kryds_0220="")),
    "payroll.hours_with_cross": with_(felt_0200="37,00", kryds_0220="X"),
    "payroll.amount_no_number": one_of(with_(felt_0013="12.345,00"), with_(felt_0016="ukendt"), with_(felt_0200="1e2", kryds_0220="")),
    "payroll.p_number_invalid": with_(p_nummer="12345"),
    "payroll.reference_missing": with_(indberetningsart="T", reference_id="", felt_0013="", felt_0200=""),
    "payroll.reversal_cpr_invalid": with_(indberetningsart="T", reference_id="E0000000000", cpr="1234", felt_0013="", felt_0200=""),
}  # fmt: skip

_start_2006 = with_(startdato="2006-12-31", slutdato="2007-02-01", maalgruppe="2")
PLACEMENT_HARD: dict[str, Change] = {
    "placement.unreadable_value": one_of(
        too_few_fields, too_many_fields, with_(handling="X"), with_(timer_pr_uge="7,5"), with_(startdato="5. maj 2018"),
        lambda fields, _: fields | {"registreret_tidspunkt": fields["registreret_tidspunkt"].replace("T", " ")},
    ),
    "placement.cpr_invalid": _cpr_invalid,
    "placement.instrument_unknown": one_of(with_(tilbudstype="ABC"), with_(tilbudstype="")),
    "placement.target_group_unknown": one_of(with_(maalgruppe="99"), with_(maalgruppe=""), with_(maalgruppe="jobparat")),
    "placement.start_missing": with_(startdato=""),
    "placement.end_before_start": lambda fields, _: fields | {"slutdato": day_after(fields["startdato"], -1)},
    "placement.enterprise_missing": with_(tilbudstype="VPK", cvr="", p_nummer=""),
    "placement.hours_out_of_range": one_of(with_(timer_pr_uge="60"), with_(minutter_pr_uge="75"), with_(timer_pr_uge="-1")),
    "placement.municipality_unknown": one_of(with_(ansvarlig_kommune="0999"), with_(ansvarlig_kommune="")),
    "placement.start_before_2007": _start_2006,
    "placement.id_missing": with_(aktivitet_id=""),
    "placement.timestamp_missing": with_(registreret_tidspunkt=""),
    "placement.cvr_invalid": with_(cvr="12345678"),
    "placement.p_number_invalid": with_(p_nummer="P123"),
}  # fmt: skip


def as_line(fields: Fields, columns: tuple[str, ...]) -> list[str]:
    """The fields in the order of the columns, with one too many or too few where the change said so."""
    line = [fields[column] for column in columns if column in fields]
    if TOO_MANY in fields:
        line.append("overskydende")
    return line[:-1] if TOO_FEW in fields else line
