"""When the whole way is run by itself, and when it is looked for what has not come.

Belongs here: schedules. Not here: what triggers a run by an event (sensors.py).
"""

from __future__ import annotations

import dagster as dg


def every_morning() -> dg.ScheduleDefinition:
    """What nobody delivers changes no file and starts no build: so what is overdue is looked for every day. On by itself, for it writes nothing."""
    return dg.ScheduleDefinition(
        name="hver_morgen",
        job_name="frister",
        cron_schedule="0 7 * * *",
        execution_timezone="Europe/Copenhagen",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Hver morgen: om det er leveret, som skulle være leveret nu.",
    )


def monthly() -> dg.ScheduleDefinition:
    """On the 15th, when the payroll of the month before has been reported (deadline the 10th)."""
    return dg.ScheduleDefinition(
        name="hver_maaned",
        job_name="hele_vejen",
        cron_schedule="0 5 15 * *",
        execution_timezone="Europe/Copenhagen",
        description="Den 15. i hver måned, når månedens løn er indberettet.",
    )
