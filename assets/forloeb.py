"""The source `forloeb`.

Belongs here: what this source is. Not here: how its files are read (assets/ingest), what is right about its rows (expectations).
"""

from assets.source import source, source_checks

forloeb = source(
    "forloeb",
    "The log of placement activities: one file a municipality and month of registration.",
    "csv",
    is_monthly=True,
)
forloeb_checks = source_checks("forloeb")
