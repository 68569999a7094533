"""What a release is: its public tables, what it says of itself, official figures beside it.

Belongs here: pure reading and computing on frames and yml files. Not here: Dagster, files of a release (assets/release, assets/formats, assets/codebook).
"""
