"""The tracked sample."""

from __future__ import annotations

import gzip
from pathlib import Path

from raw.synthetic.sample import FOLDER, make_sample


def _content(path: Path) -> bytes:
    """Unpacked where it can be: how well gz packs is another version's business."""
    try:
        return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except EOFError:
        return b"broken"


def test_the_tracked_sample_is_what_the_generator_writes(tmp_path: Path) -> None:
    """A sample that is older than the generator. Remedy: python -m raw.synthetic.sample"""
    make_sample(tmp_path)
    made = {str(path.relative_to(tmp_path)): _content(path) for path in sorted(tmp_path.glob("*/*"))}
    tracked = {str(path.relative_to(FOLDER)): _content(path) for path in sorted(FOLDER.glob("*/*"))}
    assert sorted(made) == sorted(tracked)
    assert [name for name in made if made[name] != tracked[name]] == []


def test_the_tracked_sample_is_small() -> None:
    """A repository that grows by a country at every change."""
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 4_000_000
