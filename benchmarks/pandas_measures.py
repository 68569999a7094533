"""The benchmark's plain Python: the tests' oracle, which computes every table in loops and writes them as CSV files.

    OUTCOME_PSEUDONYM_KEY=<hex> python benchmarks/pandas_measures.py RAW OUT

It does the same measures as a build, with the standard library's readers and pandas frames, and nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.oracle import compute, dump  # noqa: E402  (the repository's root must be on the path first)


def main() -> None:
    """Reads the landing zone, computes, writes."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("raw", type=Path)
    options.add_argument("out", type=Path)
    chosen = options.parse_args()
    key = os.environ.get("OUTCOME_PSEUDONYM_KEY")
    if not key:
        options.error("OUTCOME_PSEUDONYM_KEY is not set: give the project key as hex digits")
    dump(compute(chosen.raw, None, bytes.fromhex(key)), chosen.out)


if __name__ == "__main__":
    main()
