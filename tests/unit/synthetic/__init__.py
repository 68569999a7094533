"""Tests of the synthetic country: what it writes, what it plants, what it knows."""
