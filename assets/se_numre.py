"""The source `se_numre`.

Belongs here: what this source is. Not here: how its files are read (assets/ingest), what is right about its rows (expectations).
"""

from assets.source import source, source_checks

se_numre = source("se_numre", "SE numbers (who reports pay) and the CVR number each stands for, with periods.", "csv")
se_numre_checks = source_checks("se_numre")
