"""Disclosure control: which cells of public tables are suppressed, and proof that nothing can be worked out.

Belongs here: rules, search and audit as pure functions on frames. Not here: the tables themselves, Dagster, files but limits.yml.
"""

from transforms.disclosure.limits import Limits, LimitsError, load_limits
from transforms.disclosure.protect import Protection, audit, protect
from transforms.disclosure.system import DisclosureError

__all__ = ["DisclosureError", "Limits", "LimitsError", "Protection", "audit", "load_limits", "protect"]
