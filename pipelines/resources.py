"""What a run needs from outside: the folders, the cut-off and the lock.

Belongs here: Dagster resources. Not here: what is done with them (assets), reading files at import.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from pipelines.lock import BuildRunningError, one_build
from pipelines.settings import Settings, SettingsError, read_settings
from pipelines.stages import Ingest


class Folders(dg.ConfigurableResource):
    """The folders and choices of a run; an empty field is taken from the environment. Takes no lock: for what looks and writes nothing."""

    raw: str = ""
    warehouse: str = ""
    as_of: str = ""
    strict: bool | None = None

    def settings(self) -> Settings:
        """The settings as they stand now."""
        try:
            return read_settings(self.raw or None, self.warehouse or None, self.as_of or None, self.strict)
        except SettingsError as problem:
            raise dg.Failure(description=str(problem), allow_retries=False) from None


class House(Folders):
    """The same for what writes: holds the warehouse's lock while a run lasts."""

    _ingest: Any = PrivateAttr(default=None)

    def ingest(self) -> Ingest:
        """The landing zone as it stood when the run first looked, for all its steps."""
        if self._ingest is None:
            self._ingest = Ingest(self.settings())
        return self._ingest

    @contextlib.contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Any]:
        """Takes the lock for as long as the run lasts; says who holds it when another does."""
        try:
            with one_build(self.settings().warehouse):
                yield self
        except BuildRunningError as problem:
            raise dg.Failure(description=str(problem), allow_retries=False) from None
