"""docs/architecture.md and its picture. Belongs here: that they are what the code is. Not here: what may import what (test_imports.py)."""

import re
from xml.etree import ElementTree

from tests.architecture.draw import PICTURE, draw
from tests.architecture.graph import Graph
from tests.architecture.rooms import ARROWS, BOXES, HOUSE, STORES

PAGE = HOUSE / "docs" / "architecture.md"
WORDS_BESIDE_THE_PICTURE = 240  # A4 at 11 points, the picture taking 17 x 16 cm


def test_the_picture_is_what_the_code_draws(graph: Graph) -> None:
    """A picture of last year's house sends the one who takes over the wrong way."""
    same = PICTURE.read_text(encoding="utf-8") == draw(graph)
    assert same, "docs/pictures/architecture.svg is stale: run `make architecture` and commit what it writes"


def test_every_arrow_of_dagsters_graph_is_an_arrow_of_the_picture_and_none_is_invented(graph: Graph) -> None:
    """An arrow drawn by hand is believed as long as nobody counts."""
    drawn = {arrow for stands_for in ARROWS.values() for arrow in stands_for}
    assert drawn == set(graph.arrows), "tests/architecture/rooms.py: ARROWS says which arrow stands for what"


def test_the_picture_needs_no_script_and_no_network() -> None:
    """Printed, mailed or looked at behind a firewall it must be the same."""
    tree = ElementTree.fromstring(PICTURE.read_text(encoding="utf-8"))
    assert not [node for node in tree.iter() if node.tag.rpartition("}")[2] in ("script", "image", "use", "a")]
    assert "http" not in PICTURE.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert next(node.text for node in tree if node.tag.endswith("title"))


def test_the_places_that_the_picture_names_exist() -> None:
    """A box named after a folder that was moved is a dead end."""
    for box in BOXES.values():
        if "/" in box.title:
            first, *others = box.title.split(", ")
            named = [first, *(f"{first.rpartition('/')[0]}/{other}" for other in others)]
            assert all(list(HOUSE.glob(name)) for name in named), box.title
    assert (HOUSE / STORES["catalogue"].title).exists()


def test_the_page_is_one_page_and_names_what_exists() -> None:
    """Two pages are not read, and a wrong name is looked for in vain."""
    text = PAGE.read_text(encoding="utf-8")
    assert len(text.split()) <= WORDS_BESIDE_THE_PICTURE
    made = ("warehouse/", "raw/incoming")
    named = re.findall(r"`([a-z_]+/[\w./-]*)`", text) + re.findall(r"\]\(([^)#]+)\)", text)
    missing = [
        name
        for name in named
        if not name.startswith(made) and not (HOUSE / name).exists() and not (PAGE.parent / name).exists()
    ]
    assert not missing
