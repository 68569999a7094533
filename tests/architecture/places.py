"""Where everything stands in the picture. Belongs here: pixels. Not here: what stands there (rooms.py), how it is drawn (draw.py)."""

from __future__ import annotations

from typing import Final

Place = tuple[float, float, float, float]  # x, y, width, height
Point = tuple[float, float]

WIDTH: Final = 964
TOP: Final = -24  # above the first row stand the headings
HEIGHT: Final = 894
ROOM: Final = (168.0, 468.0)  # x, width
STORE: Final = (722.0, 222.0)
H: Final = 54.0


def _room(y: float) -> Place:
    return (ROOM[0], y, ROOM[1], H)


def _store(y: float, height: float = H) -> Place:
    return (STORE[0], y, STORE[1], height)


FRAME: Final[Place] = (ROOM[0], 228, ROOM[1], 172)
BOXES_AT: Final[dict[str, Place]] = {
    "raw": _room(12),
    "expectations": _room(84),
    "ingest": _room(156),
    "staging": (ROOM[0] + 12, 256, ROOM[1] - 24, 34),
    "steps": (ROOM[0] + 12, 307, ROOM[1] - 24, 34),
    "marts": (ROOM[0] + 12, 358, ROOM[1] - 24, 34),
    "estimates": _room(418),
    "publishing": _room(490),
    "protection": _room(562),
    "release": _room(634),
    "stages": (18, 742, 276, 74),
    "graph": (343, 742, 276, 74),
    "doors": (668, 742, 276, 74),
}
STARTED: Final[Place] = (6, 712, 950, 124)  # the frame around the last three
CONTROL: Final = ("stages", "graph", "doors")
STORES_AT: Final[dict[str, Place]] = {
    "extracts": _store(12),
    "catalogue": _store(84),
    "lake": _store(156),
    "quarantine": _store(240),
    "build": _store(346),
    "estimates of lake": _store(418),
    "published": _store(490),
    "preview": _store(576),
    "releases": _store(646),
}

_EDGE, _LEFT = ROOM[0] + ROOM[1] + 2, STORE[0]
_INNER = _EDGE - 12
_NEAR, _FAR, _BACK, _OUTER = 658.0, 682.0, 704.0, 954.0
ROUTES: Final[dict[tuple[str, str], list[Point]]] = {
    ("raw", "extracts"): [(_EDGE - 2, 30), (_LEFT - 2, 30)],
    ("extracts", "ingest"): [(_LEFT, 50), (_NEAR, 50), (_NEAR, 172), (_EDGE, 172)],
    ("ingest", "lake"): [(_EDGE - 2, 190), (_LEFT - 2, 190)],
    ("catalogue", "staging"): [(_LEFT, 111), (_FAR, 111), (_FAR, 267), (_INNER, 267)],
    ("lake", "staging"): [(_LEFT, 202), (_FAR, 202), (_FAR, 267), (_INNER, 267)],
    ("staging", "steps"): [(402, 290), (402, 305)],
    ("steps", "marts"): [(402, 342), (402, 357)],
    ("marts", "build"): [(_INNER - 2, 372), (_LEFT - 2, 372)],
    ("lake", "quarantine"): [(780, 210), (780, 238)],
    ("build", "quarantine"): [(780, 346), (780, 296)],
    ("build", "estimates"): [(_LEFT, 388), (_NEAR, 388), (_NEAR, 434), (_EDGE, 434)],
    ("estimates", "estimates of lake"): [(_EDGE - 2, 454), (_LEFT - 2, 454)],
    ("estimates of lake", "staging"): [(_LEFT, 434), (_BACK, 434), (_BACK, 281), (_INNER, 281)],
    ("build", "publishing"): [(_LEFT, 388), (_NEAR, 388), (_NEAR, 506), (_EDGE, 506)],
    ("quarantine", "publishing"): [(STORE[0] + STORE[1], 267), (_OUTER, 267), (_OUTER, 481), (_FAR, 481), (_FAR, 506), (_EDGE, 506)],
    ("publishing", "published"): [(_EDGE - 2, 526), (_LEFT - 2, 526)],
    ("published", "protection"): [(_LEFT, 537), (_NEAR, 537), (_NEAR, 589), (_EDGE, 589)],
    ("protection", "release"): [(402, 616), (402, 632)],
    ("release", "preview"): [(_EDGE - 2, 661), (_FAR, 661), (_FAR, 603), (_LEFT - 2, 603)],
    ("release", "releases"): [(_EDGE - 2, 661), (_FAR, 661), (_FAR, 673), (_LEFT - 2, 673)],
}  # fmt: skip

# The trunk of a box that imports (x), and how far below its top a box is met by it.
BUS: Final[Place] = (26, 712, 0, 0)
LANES: Final[dict[str, tuple[float, float]]] = {
    "pipelines": (26, 16),
    "release": (66, 32),
    "protection": (106, 48),
    "estimates": (106, 48),
    "publishing": (106, 48),
    "ingest": (106, 48),
}
TAP: Final = 12.0
HEADINGS: Final[dict[str, Point]] = {
    "who imports whom": (14, -6),
    "the rooms, in the order of the data": (ROOM[0], -6),
    "what is kept": (STORE[0], -6),
    "what starts it, and what Dagster shows": (18, 732),
}
LEGEND: Final[Point] = (168, 856)
