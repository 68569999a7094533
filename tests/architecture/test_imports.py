"""One direction: a room imports rooms before it. Belongs here: imports of the product. Not here: dbt's models (tests/definitions)."""

from tests.architecture.imports import between_rooms, imports, imports_of, owner, rooms
from tests.architecture.rooms import BOXES, FRAMEWORKS, ROOMS

ORDER = list(ROOMS)


def test_every_module_belongs_to_a_room_of_the_picture() -> None:
    """A module outside every room may import whatever it likes, and the picture is silent about it."""
    drawn = {room for box in BOXES.values() for room in box.rooms} | {"dbt"}
    outside = [name for name, room in rooms().items() if room not in drawn]
    assert not outside, f"give these modules a room in tests/architecture/rooms.py: {outside}"


def test_no_import_goes_back() -> None:
    """An import of a later room, be it inside a function, ties two rooms into one: neither is understood or changed alone."""
    of = rooms()
    back = [
        f"{of[line.module]} imports the later {of[target]}: {line.module}, line {line.line}: {line.name}"
        for line in imports()
        if (target := owner(line.name, of)) and ORDER.index(of[target] or "") > ORDER.index(of[line.module] or "")
    ]
    assert not back, "\n".join(back)


def test_frameworks_stay_in_their_rooms() -> None:
    """A rule that needs Dagster cannot be tried without it; a command that needs none must answer at once."""
    of = rooms()
    strangers = [
        f"{line.module} ({of[line.module]}), line {line.line}: {line.name}"
        for line in imports()
        if (allowed := FRAMEWORKS.get(line.name.partition(".")[0])) is not None and of[line.module] not in allowed
    ]
    assert not strangers, "\n".join(strangers)


def test_an_import_inside_a_function_and_one_by_name_are_seen() -> None:
    """A rule that looks at the top of files alone is kept by moving the import down."""
    source = "def late():\n    from assets.release import freeze\n    import_module('pipelines.cli')\n"
    assert sorted(imports_of(source)) == [(2, "assets.release.freeze"), (3, "pipelines.cli")]


def test_rooms_that_know_nothing_of_ours_stay_so() -> None:
    """The synthetic country that imports a reader, or an estimator that imports the house, is no judge of either."""
    for room in ("raw", "expectations", "estimators", "disclosure", "formats"):
        assert not [target for source, target in between_rooms() if source == room], room
