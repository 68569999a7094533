"""Who imports whom, read from the source: imports inside functions and for types too.

Belongs here: modules, their imports, the room of each. Not here: which imports are allowed (rooms.py, test_imports.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.architecture.rooms import HOUSE, PACKAGES, ROOMS


@dataclass(frozen=True)
class Import:
    """A line of a module that imports `name` (dotted, as far as it is written)."""

    module: str
    line: int
    name: str


def modules(house: Path = HOUSE) -> dict[str, Path]:
    """Dotted name to file of every module of the product, packages too."""
    files = sorted(path for package in PACKAGES for path in (house / package).rglob("*.py"))
    return {_dotted(path.relative_to(house)): path for path in files}


def imports(house: Path = HOUSE) -> list[Import]:
    """Every import of every module."""
    return [
        Import(name, line, imported)
        for name, path in modules(house).items()
        for line, imported in imports_of(path.read_text(encoding="utf-8"))
    ]


def imports_of(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of what a module imports, wherever it stands; `import_module` with a written name too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, f"line {node.lineno}: imports are written in full, not relative"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _is_import_module(node.func) and isinstance(node.args[0], ast.Constant):
            yield node.lineno, str(node.args[0].value)


def rooms(house: Path = HOUSE) -> dict[str, str | None]:
    """The room of each module; None where it has none."""
    known = modules(house)
    return {name: _room(path.relative_to(house), name, _rests_on(house)) for name, path in known.items()}


def between_rooms(house: Path = HOUSE) -> dict[tuple[str, str], set[str]]:
    """For each room and another that it imports: the modules that do."""
    found: dict[tuple[str, str], set[str]] = {}
    of = rooms(house)
    for line in imports(house):
        target = owner(line.name, of)
        if target and of[target] != of[line.module]:
            found.setdefault((of[line.module] or "", of[target] or ""), set()).add(line.module)
    return found


def owner(name: str, known: Mapping[str, object]) -> str | None:
    """The module of ours that an imported name comes from; None when it is not ours."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _is_import_module(function: ast.expr) -> bool:
    return getattr(function, "attr", getattr(function, "id", None)) in ("import_module", "__import__")


def _room(path: Path, name: str, rested_on: frozenset[str]) -> str | None:
    if path.parts[0] == "pipelines":
        return "stages" if name in rested_on else "doors"
    folders = {str(path), *(str(parent) for parent in path.parents)}
    return next((room for room, places in ROOMS.items() if folders & set(places)), None)


@lru_cache(maxsize=1)
def _rests_on(house: Path) -> frozenset[str]:
    """The modules of pipelines/ that a module of assets/ imports, or that such a module imports."""
    known = modules(house)
    arrows: dict[str, set[str]] = {}
    for line in imports(house):
        target = owner(line.name, known)
        if target and target.startswith("pipelines."):
            arrows.setdefault(line.module, set()).add(target)
    reached: set[str] = {"pipelines"}
    waiting = [target for module, targets in arrows.items() if module.startswith("assets.") for target in targets]
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += arrows.get(module, ())
    return frozenset(reached)
