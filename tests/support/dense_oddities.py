"""Odd spellings: values that a lenient reader guesses at and a strict one must read exactly as the contract writes them.

Some are right (`004` is a whole number, `-0` an amount), most are not. Plain violations of a rule stand in `dense_defects`.
"""

from __future__ import annotations

import copy
import random
from typing import Any

Row = dict[str, str]

DATES = [
    "2019-6-01", "2019-06-31", "2019-02-29", "0000-01-01", "20190601", "2019-06-01 ", "2019-06-01T00:00:00", "2019/06/01",
    "２０１９-06-01", "19-06-01", "2019-06-00", "+2019-06-01", "2019-W23-1", "today", "-",
]  # fmt: skip
TIMESTAMPS = [
    "2019-06-01T24:00:00", "2019-06-01T10:00:60", "2019-06-01T10:00", "2019-06-01T10:00:00Z", "2019-06-01 10:00:00",
    "2019-02-29T10:00:00", "2019-06-01T10:00:00.5", "2019-06-01T1:00:00", "2019-06-01t10:00:00", "2019-06-01T10:00:00+01:00",
]  # fmt: skip
AMOUNTS = [
    "-0", "-0,00", "007,5", "0,0001", "12,3456", "1e3", "+5", " 1,5", "1,5 ", "1_000,5", ",5", "5,", "1.000,5", "1,5,5", "--1",
    "- 1", "١٢", "1 000", "nan", "inf", "0x10", "12345678,9", "-12,3456", "1.5", "1,50000", "1,00001", "12345678901234", "123456789012345", "0000000000000000012",
]  # fmt: skip
WHOLE = ["007", "-0", "60", "59", "-1", "+3", "3,0", "3.0", " 3", "3 ", "３", "1e1", "0x3", "٣", "00059"]
CPRS = [
    "6101701234 ", " 6101701234", "610170 1234", "6101-701234", "610170-123", "61017-01234", "6101701-234", "610170--1234",
    "６101701234", "9101701234", "9201701234", "3201701234", "6113701234", "6130021234", "6131041234", "610170-12345",
    "6129022901", "0001701234",
]  # fmt: skip
CVRS = ["10103940 ", " 10103940", "1010394", "010103940", "00000000", "１0103940", "10103941", "1010 3940", "+10103940"]
P_NUMBERS = ["1234567890 ", "123456789", "01234567890", "１234567890", "1234567890", "0000000000", "-123456789"]
CODES = [" 111", "111 ", "0111", "111,0", "１11", "11", "1111", "-11", "x", "129", "000"]
TEXTS = ["", " ", '"', "a;b", 'a"b"', "a\nb", "a\r\nb", "ÆØÅ", "'", "\\", "a,b", "NULL", "null", "\t"]

PLACEMENT = {
    "cpr": CPRS, "maalgruppe": [*WHOLE, "4", "04", "004"], "tilbudstype": ["VPK ", " VPK", "vpk", "VPK"], "cvr": CVRS, "p_nummer": P_NUMBERS,
    "startdato": DATES, "slutdato": DATES, "timer_pr_uge": WHOLE, "minutter_pr_uge": WHOLE, "ansvarlig_kommune": ["101", "0101 ", "01010", "0999"],
    "registreret_tidspunkt": TIMESTAMPS, "handling": ["o", "A ", " S", "", "OA"], "ydelse": TEXTS, "afslutningsaarsag": TEXTS,
    "aktivitet_id": [text for text in TEXTS if text],
}  # fmt: skip
PAYROLL = {
    "indberetning_id": [text for text in TEXTS if text], "post_nr": ["1 ", "01", "+1", "a", " "], "indberetningsart": ["i", "I ", "IT", " "],
    "reference_id": TEXTS, "se_nr": CVRS, "p_nummer": P_NUMBERS, "cpr": CPRS, "indkomsttype": ["0", " 00", "00 ", "000", "００", "8"],
    "dispositionsdato": DATES, "periode_fra": DATES, "periode_til": DATES, "felt_0013": AMOUNTS, "felt_0014": AMOUNTS, "felt_0016": AMOUNTS,
    "felt_0200": AMOUNTS, "kryds_0220": ["x", " ", "X ", "XX", "1"], "indberettet_tidspunkt": TIMESTAMPS,
}  # fmt: skip
PERSONER = {
    "cpr": CPRS, "kommunekode": ["101", "0101 ", "", "x"], "bopael_fra": [*DATES, "1700-01-01", "9999-12-31"],
    "bopael_til": [*DATES, "1700-01-01", "9999-12-31"], "status": ["1", " 01", "90 ", "091", "", "80"], "status_dato": [*DATES, "9999-12-31"],
}  # fmt: skip
SE_NUMRE = {
    "se_nr": CVRS, "cvr_nr": CVRS, "gyldig_fra": [*DATES, "1700-01-01", "9999-12-31"], "gyldig_til": [*DATES, "1700-01-01", "9999-12-31"],
}  # fmt: skip

PERIODS: list[Any] = [
    None, {}, {"gyldigFra": None}, {"gyldigTil": None}, {"gyldigFra": "2019-06-01", "gyldigTil": "2019-01-01"}, {"gyldigFra": ""},
    {"gyldigFra": "1700-01-01", "gyldigTil": "2150-12-31"}, {"gyldigFra": 2019}, {"gyldigFra": "2019-06-01T00:00:00"}, [], "2019", True,
    {"gyldigFra": "2019-06-01", "gyldigTil": "2019-06-01"}, {"gyldigFra": "2019-6-1"},
]  # fmt: skip
NUMBERS: list[Any] = [1.0, 1e3, True, "5", None, -1, 0, 10**12, [], {}, 2.5]
STRINGS: list[Any] = ["", " ", 5, None, True, "620100", [], {}, "ÆØÅ"]
ENTERPRISE = {
    "navne": ("navn", STRINGS), "hovedbranche": ("branchekode", STRINGS), "virksomhedsform": ("virksomhedsformkode", NUMBERS),
    "virksomhedsstatus": ("status", STRINGS), "penheder": ("pNummer", NUMBERS), "livsforloeb": ("x", STRINGS),
}  # fmt: skip
HEADCOUNT = {
    "aar": [2019, 2019, 0, 10000, -1, 2019.0, "2019", None, True], "maaned": [1, 12, 0, 13, 1.0, "1", None, True],
    "antalAnsatte": [None, 5, 0, -1, 5.0, "5", True, 10**6],
    "intervalKodeAntalAnsatte": [None, "ANTAL_2_4", "ANTAL_02_04", "ANTAL_2_", "ANTAL_2", "antal_2_4", "ANTAL_2_4 ", "", 5, "ANTAL_5000_999999"],
}  # fmt: skip
RSV = "SOCIAL_ØKONOMISK_VIRKSOMHED"
VALUES: list[Any] = ["true", "TRUE", "false", "", None, True, 1, " true"]
LINES = ["[]", "{}", "5", "null", "x", '{"Vrvirksomhed": null}', '{"Vrvirksomhed": []}', '{"Vrvirksomhed": {}} x', '{"Vrvirksomhed": {"cvrNummer": NaN}}',
         "{'a': 1}", '{"VrproduktionsEnhed": {}}', '{"Vrvirksomhed": {}}', "{", '"Vrvirksomhed"', " "]  # fmt: skip


def odd_row(rng: random.Random, row: Row, spellings: dict[str, list[str]]) -> Row:
    """A row with one value, now and then two, spelt oddly."""
    changed = dict(row)
    for _ in range(rng.choice([1, 1, 1, 2])):
        column = rng.choice(sorted(spellings))
        changed[column] = rng.choice(spellings[column])
    return changed


def odd_enterprise(rng: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """An enterprise document with one thing in it odd."""
    changed = copy.deepcopy(document)
    body = changed["Vrvirksomhed"]
    kind = rng.random()
    if kind < 0.3:
        name = rng.choice(sorted(ENTERPRISE))
        key, values = ENTERPRISE[name]
        body[name] = [*(body.get(name) or []), {key: rng.choice(values), "periode": {"gyldigFra": "2018-03-01"}}]
    elif kind < 0.5:
        name = rng.choice([*sorted(ENTERPRISE), "beliggenhedsadresse"])
        body[name] = [
            {**entry, "periode": rng.choice(PERIODS)} for entry in body.get(name) or [{}] if isinstance(entry, dict)
        ]
    elif kind < 0.6:
        entry = {name: rng.choice(values[:2] if rng.random() < 0.7 else values) for name, values in HEADCOUNT.items()}
        body[rng.choice(["maanedsbeskaeftigelse", "erstMaanedsbeskaeftigelse"])] = [entry]
    elif kind < 0.75:
        value = {"vaerdi": rng.choice(VALUES), "periode": rng.choice(PERIODS)}
        body["attributter"] = [
            {"type": rng.choice([RSV, RSV, RSV, "X", None, 5]), "vaerdier": rng.choice([[value], None, [], value, [5]])}
        ]
    elif kind < 0.9:
        body[rng.choice(["fejlRegistreret", "reklamebeskyttet"])] = rng.choice([None, False, "false", 0, [], True])
    else:
        name = rng.choice([*sorted(ENTERPRISE), "attributter", "beliggenhedsadresse", "maanedsbeskaeftigelse"])
        body[name] = rng.choice([None, [], {}, "x", [None], [5], 0])
    return changed


def odd_unit(rng: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """A unit document with one thing in it odd."""
    changed = copy.deepcopy(document)
    body = changed["VrproduktionsEnhed"]
    kind = rng.random()
    if kind < 0.4:
        relations = body["virksomhedsrelation"] or [{"cvrNummer": 10103940}]
        body["virksomhedsrelation"] = [{**entry, "periode": rng.choice(PERIODS)} for entry in relations]
    elif kind < 0.6:
        body["virksomhedsrelation"] = [{"cvrNummer": rng.choice([*NUMBERS, 10103940]), "periode": {}}]
    else:
        name = rng.choice(["fejlRegistreret", "reklamebeskyttet", "livsforloeb", "hovedbranche", "beliggenhedsadresse"])
        body[name] = rng.choice(
            [
                None,
                False,
                [],
                "x",
                0,
                [{}],
                [{"periode": None}],
                [{"branchekode": 5}],
                [{"kommune": {"kommuneKode": "101"}}],
            ]
        )
    return changed


def odd_lines(rng: random.Random, text: str) -> str:
    """NDJSON with lines that are no document of the kind, and with empty ones."""
    lines = text.splitlines()
    for line in rng.sample(LINES, 6):
        lines.insert(rng.randrange(len(lines) + 1), line)
    lines.insert(len(lines) // 2, "")
    return "\r\n".join(lines) if rng.random() < 0.5 else "\n".join(lines) + "\n"
