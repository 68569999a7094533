"""The oracle: a plain, slow, independent computation of every table, written from the contract's documents alone.

It shares no code with the product and does not follow its reading of a rule; the property tests and the benchmark hold the
product to it. Nothing of the product may import it.
"""

from .deliveries import BuildStops
from .oracle import compute, dump
from .world import Parameters

__all__ = ["BuildStops", "Parameters", "compute", "dump"]
