"""The tracked sample: a very small country, for tests and for a first look at the formats.

    python -m raw.synthetic.sample [FOLDER]

Belongs here: its arguments. Not here: how a country is made. `raw/sample` is what this wrote; a test holds it to that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from raw.synthetic.country import Summary, make

FOLDER = Path(__file__).parents[1] / "sample"


def make_sample(out: Path = FOLDER) -> Summary:
    """Writes the sample's three folders into `out`."""
    return make(out, 600, "2018-07", "2021-12", seed=20, truth=False, municipalities=4)


if __name__ == "__main__":
    print(make_sample(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
