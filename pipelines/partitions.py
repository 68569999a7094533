"""The months that placement and payroll can be taken in again for: those that were delivered.

Belongs here: partitions. Not here: which months are new (ingest knows that by content), marking them as taken in (assets/source.py).
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile
from typing import Final

import dagster as dg

from assets.ingest.landing import PAYROLL_KIND, PLACEMENT_KIND, Landing

NAME: Final = "maaneder"
# Kept in the Dagster home, so that definitions load without data and a month that arrives is a partition without a restart. One definition for both
# sources: Dagster refuses a job over assets with two. See docs/decisions/0004.
MONTHS = dg.DynamicPartitionsDefinition(name=NAME)
EVERY_MONTH_IN_ONE_RUN = dg.BackfillPolicy.single_run()


def delivered_months(landing: Landing) -> list[str]:
    """The months up to the cut-off for which a file of placement or payroll stands in the landing zone, in order."""
    return sorted({file.partition for kind in (PLACEMENT_KIND, PAYROLL_KIND) for file in landing.inside(kind)})


def hold_months(instance: dg.DagsterInstance, months: Collection[str], only_add: bool = False) -> None:
    """Makes the partitions these months, in order; `only_add` leaves those that are there where they are.

    A range of a backfill is a range in the order in which Dagster was told of the partitions: an older month that arrives late must not stand last.
    """
    there, wanted = list(instance.get_dynamic_partitions(NAME)), sorted(months)
    if not only_add:
        in_place = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(there, wanted, strict=False))))
        for month in there[in_place:]:
            instance.delete_dynamic_partition(NAME, month)
    instance.add_dynamic_partitions(NAME, wanted)
