"""The examples of CONTRIBUTING.md, followed in a copied house: what it tells to add is added, the sheets say what must come.

Belongs here: the two examples that only extend a list. Not here: the lives of the product (tests/golden).
"""

import re
from pathlib import Path

import duckdb
import pytest

from assets.ingest.keys import SAMPLE_KEY, ProjectKey
from tests.golden import delivery, test_lives
from tests.support.build import ROOT, build_in, copy_of_the_house

GUIDE = ROOT / "CONTRIBUTING.md"
SHEETS = Path(__file__).parent / "lives"
ROWS = re.compile(r"^```csv (?P<file>\S+)\n(?P<rows>.*?)^```$", re.MULTILINE | re.DOTALL)


def follow(house: Path) -> list[str]:
    """Adds the rows that the guide names to the files that it names; gives the files."""
    blocks = ROWS.findall(GUIDE.read_text(encoding="utf-8"))
    for file, rows in blocks:
        path = house / file
        path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + rows, encoding="utf-8")
    return [file for file, _ in blocks]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A landing zone of the lives of both examples."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "lives", lambda: [delivery._life(path) for path in sorted(SHEETS.glob("*.md"))])
        return delivery.write(tmp_path_factory.mktemp("examples") / "raw")


def test_a_code_that_no_list_knows_stops_the_build_and_says_where_it_belongs(raw: Path, tmp_path: Path) -> None:
    """The first step of an example is a failure: one that names no file is where a newcomer gives up."""
    with pytest.raises(AssertionError, match=r"dream\.unknown_code_share.*transforms/seeds/benefit_codes\.csv"):
        build_in(copy_of_the_house(tmp_path / "house"), raw, tmp_path / "warehouse", None, SAMPLE_KEY)


def test_followed_as_written_the_examples_give_what_their_sheets_say(raw: Path, tmp_path: Path) -> None:
    """A guide that is not followed by anything tells last year's steps."""
    house = copy_of_the_house(tmp_path / "house")
    assert {Path(file).name for file in follow(house)} == {"benefit_codes.csv", "instruments.csv", "labels.csv"}
    published = build_in(house, raw, tmp_path / "warehouse", None, SAMPLE_KEY)
    with duckdb.connect(str(published), read_only=True) as warehouse:
        for sheet in sorted(SHEETS.glob("*.md")):
            test_lives.test_a_life_gives_what_its_sheet_says(delivery._life(sheet), warehouse, ProjectKey(SAMPLE_KEY))
        named = "select label_da from core.dim_labels where code_list = 'instrument' and code = 'integration_training'"
        assert warehouse.execute(named).fetchall() == [("Integrationsgrunduddannelse",)]


def test_no_table_holds_a_list_of_instruments_of_its_own() -> None:
    """A code list that can be extended in one file must not be written out in the tests of every table."""
    wrong = [
        path.name
        for path in (ROOT / "transforms" / "models").rglob("*.yml")
        if re.search(r"values: \[[^\]]*\bjob_rotation\b", path.read_text(encoding="utf-8"))
    ]
    assert wrong == []
