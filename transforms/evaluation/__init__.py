"""The evaluation: protocol and cohorts in, estimates and their diagnostics out.

Belongs here: pure Python on frames. Not here: estimators for any frame (transforms/estimators), Dagster, DuckDB, files of the warehouse.
"""
