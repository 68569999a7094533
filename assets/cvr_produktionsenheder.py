"""The source `cvr_produktionsenheder`.

Belongs here: what this source is. Not here: how its files are read (assets/ingest), what is right about its rows (expectations).
"""

from assets.source import source, source_checks

cvr_produktionsenheder = source(
    "cvr_produktionsenheder", "Production units of the CVR register and their owners: one JSON document a line.", "json"
)
cvr_produktionsenheder_checks = source_checks("cvr_produktionsenheder")
