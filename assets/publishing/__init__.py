"""Audit, copy and swap of the published warehouse: paths in, a report out.

Belongs here: what makes a build file a published one. Not here: Dagster, measures, rules about rows.
"""
