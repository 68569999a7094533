"""The source `cvr_virksomheder`.

Belongs here: what this source is. Not here: how its files are read (assets/ingest), what is right about its rows (expectations).
"""

from assets.source import source, source_checks

cvr_virksomheder = source(
    "cvr_virksomheder",
    "Enterprises of the CVR register: one JSON document a line, as the distribution service delivers it.",
    "json",
)
cvr_virksomheder_checks = source_checks("cvr_virksomheder")
