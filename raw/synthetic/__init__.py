"""A synthetic country with a known truth: `make` writes its deliveries in the contract's formats.

Belongs here: what others may use. Not here: anything else. Nobody in it exists: all CPR numbers are constructed (day of birth plus 60).
"""

from raw.synthetic.country import Summary, make

__all__ = ["Summary", "make"]
