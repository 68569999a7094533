"""Keeps the figures that pages open with as new as the runs, for as long as a webserver runs.

Belongs here: noticing that a run has ended, and having the definitions loaded anew. Not here: the figures (figures.py), serving.
"""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pipelines.figures import write_figures
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

SECONDS_BETWEEN_LOOKS: Final = 10
RELOAD: Final = "mutation { reloadWorkspace { __typename } }"


def follow_in_background(settings: Settings, instance: dg.DagsterInstance, reload: Callable[[], object]) -> None:
    """Looks for runs that have ended, in a thread that ends with its process."""
    threading.Thread(target=_follow, args=(settings, instance, reload), daemon=True).start()


def _follow(settings: Settings, instance: dg.DagsterInstance, reload: Callable[[], object]) -> None:
    seen = _newest_ended(instance)
    while not threading.Event().wait(SECONDS_BETWEEN_LOOKS):
        # A look that fails (the home is being moved, the disk is full) is tried again at the next.
        with contextlib.suppress(Exception):
            ended = _newest_ended(instance)
            if ended != seen:
                if write_figures(settings, instance):
                    reload()
                seen = ended


def _newest_ended(instance: dg.DagsterInstance) -> tuple[str, ...]:
    import dagster as dg

    ended = dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED])  # fmt: skip
    return tuple(record.dagster_run.run_id for record in instance.get_run_records(ended, limit=1, order_by="update_timestamp"))  # fmt: skip


def reload_over_http(address: str) -> Callable[[], object]:
    """Asks the webserver at `address` to load its definitions anew."""

    def reload() -> None:
        body = json.dumps({"query": RELOAD}).encode()
        request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=60).read()

    return reload
