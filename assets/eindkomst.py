"""The source `eindkomst`.

Belongs here: what this source is. Not here: how its files are read (assets/ingest), what is right about its rows (expectations).
"""

from assets.source import source, source_checks

eindkomst = source(
    "eindkomst", "Payroll lines and reversals: one or more files a month of reporting.", "csv", is_monthly=True
)
eindkomst_checks = source_checks("eindkomst")
