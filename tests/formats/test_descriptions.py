"""What a description or a frame may not be: refused with the reason, before a file is written."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from assets.formats import names
from assets.formats.dataset import Dataset, DatasetError, Variable
from assets.formats.table import FrameError, conform
from tests.formats.tables import PERSONS, persons

KEY = Variable("person_key", "text", "Nøgle", "Key", is_key=True)


def dataset(*variables: Variable, **parts: str) -> Dataset:
    texts = {
        "name": "spells",
        "label_da": "Forløb",
        "label_en": "Spells",
        "description_da": "Én række.",
        "description_en": "One row.",
    } | parts
    return Dataset(variables=variables or (KEY,), **texts)


@pytest.mark.parametrize(
    ("variables", "parts", "reason"),
    [
        ((), {"description_da": " "}, "description_da is empty"),
        ((), {"label_en": ""}, "label_en is empty"),
        ((Variable("a" * 33, "text", "A", "A"),), {}, "at most 32 characters"),
        ((Variable("løn", "text", "A", "A"),), {}, "letters, digits and _"),
        ((Variable("if", "text", "A", "A"),), {}, "Stata keeps this name"),
        ((Variable("str12", "text", "A", "A"),), {}, "Stata keeps this name"),
        ((Variable("BY", "text", "A", "A"),), {}, "SPSS keeps this name"),
        ((KEY, Variable("PERSON_KEY", "text", "A", "A")), {}, "2 variables of this name"),
        ((Variable("a", "text", "", "A"),), {}, "label_da is empty"),
        ((Variable("a", "text", "A" * 81, "A"),), {}, "longer than 80 characters"),
        ((Variable("a", "money", "A", "A"),), {}, "kind 'money'"),  # type: ignore[arg-type]
        (
            (Variable("a", "text", "A", "A", values={"1": ("Ja", "Yes"), "2": ("Ja", "No")}),),
            {},
            "label_da 'Ja' stands for 2 codes",
        ),
        ((Variable("a", "text", "A", "A", values={"1": ("Ja", "")}),), {}, "label_en of code '1' is empty"),
        ((Variable("a", "text", "A", "A", values={"1": ("ø" * 61, "x")}),), {}, "longer than 120 bytes"),
        ((Variable("a", "integer", "A", "A", values={"01": ("Ja", "Yes")}),), {}, "code '01' is no whole number"),
        ((Variable("a", "date", "A", "A", values={"1": ("Ja", "Yes")}),), {}, "a value set goes with"),
    ],
)
def test_a_description_that_a_program_cannot_read_is_refused(
    variables: tuple[Variable, ...], parts: dict[str, str], reason: str
) -> None:
    """A label would be cut, a name changed, two codes become one, silently and in one program alone."""
    with pytest.raises(DatasetError, match=reason.replace("(", r"\(")):
        dataset(*variables, **parts)


def test_all_problems_of_a_description_come_at_once() -> None:
    """Whoever describes twelve tables would otherwise mend one label a run."""
    with pytest.raises(DatasetError) as error:
        dataset(Variable("if", "text", "", ""), label_da="")
    assert len(error.value.problems) == 4


def test_sql_keeps_year_and_month_for_itself() -> None:
    """A list that lost words in copying would let a package through that the archives refuse."""
    assert all(names.is_reserved_in_sql(word) for word in ("year", "Month", "VALUE", "zone", "absolute", "level"))
    assert not names.is_reserved_in_sql("persons")
    assert len(names.SQL99) == 299


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"remark": ""}, "remark: text that is empty"),
        ({"remark": " a"}, "remark: text that is empty, has spaces around it"),
        ({"remark": "a\nb"}, "or a control character"),
        ({"remark": [1, 2, 3, 4]}, "remark: int64 is not string"),
        ({"remark": ["a", 1, None, None]}, "remark: values of several types"),
        ({"hours": 1.234}, "hours: double is not decimal128"),
        ({"weight": float("inf")}, "weight: infinite numbers"),
        ({"large": 2**53 + 1}, "large: integers beyond 2"),
        ({"large": ["1", "2", "3", "4"]}, "large: large_string is not int64|large: string is not int64"),
        ({"hour_band": 7}, r"hour_band: codes outside its value set \(4 rows\)"),
        ({"month": datetime.date(2020, 1, 2)}, "month: months that are no first day"),
        ({"birth_date": pd.Timestamp("2020-01-01 10:00")}, "birth_date: timestamp.* is not date32"),
        ({"is_rsv": 1}, "is_rsv: int64 is not bool"),
        ({"person_key": None}, r"person_key: a key that is null \(4 rows\)"),
        (
            {"person_key": "a", "month": datetime.date(2020, 1, 1)},
            "person_key, month: the key of 3 rows stands in another row",
        ),
        ({"extra": 1}, "extra: not in the description"),
    ],
)
def test_a_frame_unlike_its_description_is_refused(change: dict[str, Any], reason: str) -> None:
    """One format would round, drop or guess what another keeps, and the files of a release would differ."""
    with pytest.raises(FrameError, match=reason):
        conform(persons().assign(**change), PERSONS)


def test_a_column_that_is_missing_is_refused() -> None:
    """The file would be one variable short of its codebook."""
    with pytest.raises(FrameError, match="remark: not in the frame"):
        conform(persons().drop(columns="remark"), PERSONS)


def test_a_refusal_shows_no_value_of_a_row() -> None:
    """A key or a remark of a person would stand in a log."""
    secret = "0101701234"
    for change in (
        {"hour_band": 7, "remark": f" {secret}"},
        {"remark": [secret, 1, None, None]},
        {"person_key": secret, "month": datetime.date(2020, 1, 1)},
    ):
        with pytest.raises(FrameError) as error:
            conform(persons().assign(**change), PERSONS)
        assert secret not in str(error.value)


def test_dates_come_as_dates_whatever_pandas_calls_them() -> None:
    """datetime64[s] became 1970 in Stata, SPSS and SAS without an error."""
    expected = conform(persons(), PERSONS)
    for unit in ("s", "ms", "ns"):
        frame = persons()
        frame["birth_date"] = pd.to_datetime(frame["birth_date"]).astype(f"datetime64[{unit}]")
        assert conform(frame, PERSONS).equals(expected)


def test_rows_come_in_the_order_of_the_keys_from_every_frame() -> None:
    """Two runs would write two files where the frame's order changed."""
    expected = conform(persons(), PERSONS)
    assert conform(persons().iloc[::-1], PERSONS).equals(expected)
    assert conform(pa.Table.from_pandas(persons(), preserve_index=False), PERSONS).equals(expected)
    assert expected.column("person_key").to_pylist() == ["a", "a", "b", "ø"]
