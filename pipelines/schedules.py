"""When the whole way is run by itself.

Belongs here: schedules. Not here: what triggers a run by an event (sensors.py).
"""

from __future__ import annotations

import dagster as dg


def monthly() -> dg.ScheduleDefinition:
    """On the 15th, when the payroll of the month before has been reported (deadline the 10th)."""
    return dg.ScheduleDefinition(
        name="hver_maaned",
        job_name="hele_vejen",
        cron_schedule="0 5 15 * *",
        execution_timezone="Europe/Copenhagen",
        description="Den 15. i hver måned, når månedens løn er indberettet.",
    )
