"""The source `personer`.

Belongs here: what this source is. Not here: how its files are read (assets/ingest), what is right about its rows (expectations).
"""

from assets.source import source, source_checks

personer = source("personer", "Residence periods and civil status of people: one row a residence period.", "csv")
personer_checks = source_checks("personer")
