"""What starts a run by itself, and who hears of a failure.

Belongs here: sensors. Not here: how a message is sent (notify.py), what a run does.
"""

import hashlib
import time

import dagster as dg

from pipelines.fingerprint import landing_files
from pipelines.notify import Failure, notify
from pipelines.settings import read_settings

SETTLED_SECONDS = 60


@dg.sensor(
    name="landingszone",
    job_name="hele_vejen",
    minimum_interval_seconds=60,
    description="Starter en kørsel, når nye filer har ligget stille i landingszonen et minut.",
)
def landing_zone(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Looks at names, sizes and times only; ingest tells by content what is new."""
    settings = read_settings()
    digest, newest = hashlib.sha256(), 0.0
    files = landing_files(settings.raw)
    for path in files:
        try:
            state = path.stat()
        except FileNotFoundError:
            return dg.SkipReason("A file went away while it was looked at.")
        digest.update(f"{path.parent.name}/{path.name} {state.st_size} {state.st_mtime_ns}\n".encode())
        newest = max(newest, state.st_mtime, state.st_ctime)
    seen = digest.hexdigest()
    if not files:
        return dg.SkipReason(f"The landing zone {settings.raw} is empty.")
    if seen == context.cursor:
        return dg.SkipReason("Nothing new in the landing zone.")
    if time.time() - newest < SETTLED_SECONDS:
        return dg.SkipReason("Files are still arriving.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=seen)], cursor=seen)


@dg.run_failure_sensor(
    name="fejlbesked",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Giver besked, når en kørsel fejler, uden personoplysninger.",
)
def failure_message(context: dg.RunFailureSensorContext) -> None:
    """Job, run and the names of the steps that failed: never a message's text, which could quote data."""
    steps = sorted({event.step_key for event in context.get_step_failure_events() if event.step_key})
    notify(read_settings(), Failure(context.dagster_run.job_name, context.dagster_run.run_id, tuple(steps)))
