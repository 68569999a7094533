"""Releases: designs of public tables, their equations, keys, refusals."""
