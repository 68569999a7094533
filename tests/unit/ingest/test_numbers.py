"""CPR, CVR and P-numbers, dates, timestamps and amounts: Python, SQL and whole columns give one answer."""

from __future__ import annotations

import random
from datetime import date, datetime

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.ingest import numbers, text_columns

CENTURIES = [
    ("010100", "0", 1900), ("010199", "3", 1999), ("010136", "4", 2036), ("010137", "4", 1937), ("010136", "9", 2036),
    ("010137", "9", 1937), ("010100", "5", 2000), ("010157", "8", 2057), ("010158", "5", 1858), ("010199", "8", 1899),
]  # fmt: skip
AMOUNTS = [
    ("1500", 15_000_000), ("12,5", 125_000), ("0,0001", 1), ("-0,00", 0), ("-1000,00", -10_000_000), ("0007", 70_000),
    ("1,50000", 15_000), ("99999999999999,9999", 999_999_999_999_999_999), ("1,23456", None), ("100000000000000", None),
    ("1e3", None), ("+5", None), (" 1,5", None), ("1,5 ", None), ("1_000,5", None), (",5", None), ("5,", None), ("12.50", None),
    ("1.500,00", None), ("", None), ("-", None), ("--5", None), ("5-3", None), ("-5-3", None), ("1,5,3", None), ("0x1", None),
    ("٣", None), ("²", None), ("-,5", None),
]  # fmt: skip


@pytest.mark.parametrize(("first_six", "seventh", "year"), CENTURIES)
def test_the_seventh_digit_gives_the_century(first_six: str, seventh: str, year: int) -> None:
    """A century too late makes a pensioner a child."""
    cpr = numbers.read_cpr(f"{first_six}{seventh}000")
    assert cpr is not None
    assert cpr.birth_date.year == year


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("6101801234", "6101801234"), ("610180-1234", "6101801234"), ("101801234", "0101801234"), ("61018-01234", None),
        ("6101801234 ", None), ("61018012", None), ("68018012AB", None), ("610180-123", None), ("", None), ("٦١٠١٨٠١٢٣٤", None),
    ],
)  # fmt: skip
def test_a_hyphen_after_six_and_a_lost_zero_are_repaired_and_nothing_else(text: str, digits: str | None) -> None:
    """What is guessed here is somebody else."""
    assert numbers.cpr_digits(text) == digits


@pytest.mark.parametrize(
    ("day", "is_valid"), [("31", True), ("32", False), ("60", False), ("61", True), ("91", True), ("92", False)]
)
def test_days_61_to_91_are_constructed(day: str, is_valid: bool) -> None:
    """A synthetic person must be told from a real one, and a typing error be neither."""
    cpr = numbers.read_cpr(f"{day}01801234")
    assert (cpr is not None) == is_valid
    if cpr is not None:
        assert cpr.is_constructed == (int(day) > 60)


def test_sql_and_python_read_the_same_of_every_cpr_number() -> None:
    """Readers use one or the other: where they differ, one person has two ages."""
    draw = random.Random(1)
    texts = [
        f"{draw.randrange(100):02d}{draw.randrange(14):02d}{draw.randrange(100):02d}{draw.randrange(10_000):04d}"
        for _ in range(20_000)
    ]
    texts += (
        [text[:6] + "-" + text[6:] for text in texts[:200]]
        + [text[1:] for text in texts[:200]]
        + ["", "abc", "61018-01234"]
    )
    connection = duckdb.connect()
    connection.execute("create table delivered as select unnest(?) as cpr", [texts])
    rows = connection.execute(f"""
        with repaired as (select cpr, {numbers.cpr_digits_sql("cpr")} as digits from delivered)
        select cpr, digits, {numbers.cpr_birth_date_sql("digits")}, {numbers.cpr_sex_sql("digits")},
            {numbers.cpr_is_constructed_sql("digits")}, {numbers.cpr_has_modulus_11_sql("digits")}, {numbers.cpr_is_repaired_sql("cpr")}
        from repaired
    """).fetchall()
    valid = 0
    for text, digits, birth_date, *rest in rows:
        cpr = numbers.read_cpr(text)
        assert (cpr is None) == (birth_date is None), digits
        if cpr is not None:
            valid += 1
            assert [cpr.sex, cpr.is_constructed, cpr.has_modulus_11, cpr.is_repaired] == rest
            assert (cpr.digits, cpr.birth_date) == (digits, birth_date)
    assert valid > 5_000


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        ("25052943", True),
        ("25052944", False),
        ("05052943", False),
        ("2505294", False),
        ("250529431", False),
        ("2505294x", False),
        ("", False),
    ],
)
def test_a_cvr_number_has_eight_digits_and_modulus_11(text: str, is_valid: bool) -> None:
    """A number that is none would be an enterprise of its own."""
    assert numbers.is_valid_cvr(text) == is_valid
    assert duckdb.execute(f"select {numbers.is_valid_cvr_sql('text')} from (select ? as text)", [text]).fetchone() == (
        is_valid,
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-02-29", date(2020, 2, 29)), ("2019-02-29", None), ("2019-1-5", None), ("20190105", None), (" 2019-01-05", None),
        ("2019/01/05", None), ("05-01-2019", None), ("0000-01-01", None), ("9999-12-31", date(9999, 12, 31)), ("", None),
    ],
)  # fmt: skip
def test_a_date_is_written_with_its_zeros_and_exists(text: str, day: date | None) -> None:
    """A cast takes more than the contract writes."""
    assert numbers.read_date(text) == day
    assert duckdb.execute(f"select {numbers.date_sql('text')} from (select ? as text)", [text]).fetchone() == (day,)


@pytest.mark.parametrize(("text", "value"), AMOUNTS)
def test_an_amount_is_digits_and_a_decimal_comma(text: str, value: int | None) -> None:
    """A cast takes more than the contract writes, and rounds the fifth decimal."""
    assert numbers.read_amount(text) == value


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.one_of(st.sampled_from([text for text, _ in AMOUNTS]), st.from_regex(r"-?[0-9]{1,9}(,[0-9]{1,5})?", fullmatch=True), st.text("0123456789,-. ", max_size=8)), max_size=40))  # fmt: skip
def test_a_column_of_amounts_is_read_as_each_of_them(texts: list[str]) -> None:
    """The quick way is allowed only where it gives the same."""
    values, is_number = text_columns.amounts(pa.array(texts, type=pa.string()))
    found = [value if is_there else None for value, is_there in zip(values.tolist(), is_number.tolist(), strict=True)]
    assert found == [numbers.read_amount(text) for text in texts]


MOMENTS = st.builds(
    lambda parts, place, letter: _spoilt("{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}".format(*parts), place, letter),
    st.tuples(*(st.integers(0, most) for most in (3000, 13, 32, 25, 61, 61))),
    st.integers(0, 60),
    st.sampled_from("/:. x-TZé"),
)


def _spoilt(text: str, place: int, letter: str) -> str:
    return text[:place] + letter + text[place + 1 :] if place < len(text) else text


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.one_of(MOMENTS, st.sampled_from(["", "2000-02-29T00:00:00", "1900-02-29T00:00:00", "x" * 19])), max_size=40))  # fmt: skip
def test_a_column_of_timestamps_is_read_as_each_of_them(texts: list[str]) -> None:
    """24:00:00, a blank for the T, a day that does not exist: refused both ways, and in SQL."""
    moments, is_moment = text_columns.timestamps(pa.array(texts, type=pa.string()))
    epoch = datetime(1970, 1, 1)
    for text, moment, is_there in zip(texts, moments.tolist(), is_moment.tolist(), strict=True):
        assert is_there == numbers.is_timestamp(text)
        (in_sql,) = (
            duckdb.execute(f"select {numbers.timestamp_sql('text')} from (select ? as text)", [text]).fetchone() or ()
        )
        assert (in_sql is not None) == is_there
        if is_there:
            assert moment == (datetime.fromisoformat(text) - epoch) // (datetime.resolution)
            assert in_sql == datetime.fromisoformat(text)


def test_p_numbers_are_ten_digits_in_a_column_too() -> None:
    """Nine digits are no P-number, and other scripts' digits are none."""
    texts = ["1000000001", "123456789", "12345678901", "", "100000000x", "٣٣٣٣٣٣٣٣٣٣"]
    found = text_columns.are_ten_digits(pa.array(texts)).tolist()
    assert found == [numbers.is_valid_p_number(text) for text in texts] == [True, False, False, False, False, False]
