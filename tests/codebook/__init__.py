"""Tests of what a release says of itself and of its codebook's files."""
