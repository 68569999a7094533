"""The source `dream`.

Belongs here: what this source is. Not here: how its files are read (assets/ingest), what is right about its rows (expectations).
"""

from assets.source import source, source_checks

dream = source(
    "dream", "Benefits week by week: one row a person, one column an ISO week, kept as runs of equal codes.", "csv"
)
dream_checks = source_checks("dream")
