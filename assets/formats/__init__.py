"""A frame and its description -> files of a release, each read back before it counts.

Belongs here: one file a format, the description that all formats share, the comparison of what was read back. Not here: which tables a release has
(`transforms/release`), disclosure control, folders of a release, Dagster.
"""
