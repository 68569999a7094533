"""The months that placement and payroll can be taken in again for.

Belongs here: partitions. Not here: which months are new (ingest knows that by content).
"""

from __future__ import annotations

import dagster as dg

# The municipalities of today exist since 2007; nothing earlier may start.
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2007-01", end_offset=1, fmt="%Y-%m")
EVERY_MONTH_IN_ONE_RUN = dg.BackfillPolicy.single_run()
