"""Months, weeks and days of the country.

Belongs here: arithmetic of dates. Not here: what happens on them. Months are counted from the first simulated one (index 0); days are days since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from raw.synthetic.draws import Ints


def month_number(text: str) -> int:
    """Months since January 1970 of 'YYYY-MM'."""
    return int(np.datetime64(text, "M").astype(np.int64))


def month_days(months: Ints | int) -> Ints:
    """First day of each month (months since January 1970)."""
    return np.asarray(months, dtype=np.int64).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def day_number(text: str) -> int:
    """Days since 1970 of 'YYYY-MM-DD'."""
    return int(np.datetime64(text, "D").astype(np.int64))


def month_of_day(days: Ints) -> Ints:
    """Months since January 1970 of each day."""
    return np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


@dataclass(frozen=True)
class Calendar:
    """The country's time: simulated months 0..`months`-1, of which `first`..`last` are delivered, and those after it in which potential outcomes go on."""

    zero: int
    first: int
    last: int
    months: int
    dream_first: int

    @classmethod
    def of(cls, first_month: str, last_month: str, before: int, dream_before: int, after: int) -> Calendar:
        """From the first and last delivered month ('YYYY-MM')."""
        first, last = month_number(first_month), month_number(last_month)
        if last < first:
            raise ValueError(f"last month {last_month} lies before first month {first_month}")
        return cls(
            first - before, before, before + last - first, before + last - first + 1 + after, before - dream_before
        )

    def first_day(self, month: Ints | int) -> Ints:
        """First day of a simulated month."""
        return month_days(np.asarray(month) + self.zero)

    def length(self, month: Ints | int) -> Ints:
        """Days of a simulated month."""
        return self.first_day(np.asarray(month) + 1) - self.first_day(month)

    @property
    def last_day(self) -> int:
        """The last delivered day."""
        return int(self.first_day(self.last + 1)) - 1

    def name(self, month: int) -> str:
        """'YYYY-MM' of a simulated month."""
        return str(np.int64(month + self.zero).astype("datetime64[M]"))

    def index(self, text: str) -> int:
        """The simulated month of 'YYYY-MM'."""
        return month_number(text) - self.zero

    def weeks(self) -> tuple[list[str], Ints]:
        """Names (`y_YYWW`) and Thursdays of the ISO weeks of the DREAM file: all weeks whose Thursday lies from `dream_first` to the last month."""
        start, end = int(self.first_day(self.dream_first)), self.last_day
        thursday = start + (0 - start) % 7  # day 0 (1 January 1970) was a Thursday
        thursdays = np.arange(thursday, end + 1, 7, dtype=np.int64)
        years = thursdays.astype("datetime64[D]").astype("datetime64[Y]")
        week = (thursdays - years.astype("datetime64[D]").astype(np.int64)) // 7 + 1
        year = years.astype(np.int64) + 1970
        return [f"y_{y % 100:02d}{w:02d}" for y, w in zip(year, week, strict=True)], thursdays
