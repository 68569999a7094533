"""What Dagster loads, and the command line.

Belongs here: what must hold before any framework is imported. Not here: imports of frameworks.
"""

import os
import warnings

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
# Monthly backfills in one run are a beta parameter of Dagster's; its warning at every import hides others.
warnings.filterwarnings("ignore", message=".*backfill_policy.*")
