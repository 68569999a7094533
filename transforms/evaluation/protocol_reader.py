"""Reads a section of a protocol value by value and keeps every mistake, so that a researcher sees all of them at once.

Belongs here: YAML without repeated keys, typed values, the words of a mistake. Not here: which keys there are (protocol_sections.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

import yaml

Mistakes = list[str]


class _UniqueKeys(yaml.SafeLoader):
    """YAML in which a key stands once: the plain loader silently keeps the last one."""


def _unique(loader: yaml.SafeLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is not a word", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep)


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique)


def parse(text: str) -> Any:
    """The YAML of a text.

    Raises:
        yaml.YAMLError: when it is none, or a key stands twice.
    """
    return yaml.load(text, Loader=_UniqueKeys)


class Section:
    """One mapping of the protocol. A getter gives the value, or a stand-in and a mistake; `close` reports keys that nobody asked for."""

    def __init__(self, path: str, value: Any, mistakes: Mistakes) -> None:
        """Takes a mapping under a key path ('' is the file)."""
        self.path = path
        self.mistakes = mistakes
        self.asked: list[str] = []
        self.is_broken = not isinstance(value, dict)
        self.values: dict[str, Any] = value if isinstance(value, dict) else {}
        if self.is_broken:
            mistakes.append(
                f"{path or 'the file'}: found {'nothing' if value is None else repr(value)}, allowed is a mapping of keys to values"
            )

    def _wrong(self, path: str, found: Any, allowed: str) -> None:
        # A section that is not there is one mistake, not one for each of its keys.
        if self.is_broken and path != self.path:
            return
        what = "nothing" if found is None else repr(found)
        self.mistakes.append(f"{path}: found {what}, allowed is {allowed}")

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, allowed: str) -> None:
        """Reports the value of a key as not allowed."""
        self._wrong(self.at(key), self.values.get(key), allowed)

    def _take(self, key: str) -> Any:
        self.asked.append(key)
        return self.values.get(key)

    def section(self, key: str) -> Section:
        """The mapping under a key."""
        return Section(self.at(key), self._take(key), [] if self.is_broken else self.mistakes)

    def sections(self, key: str, names: Collection[str]) -> dict[str, Section]:
        """The mappings under a key whose own keys are names, in the file's order; at least one."""
        outer = self.section(key)
        for name in outer.values:
            if name not in names:
                outer._wrong(outer.at(name), name, f"one of {', '.join(names)}")
        if not outer.values and not outer.is_broken:
            outer._wrong(outer.path, {}, f"at least one of {', '.join(names)}")
        return {name: outer.section(name) for name in outer.values if name in names}

    def number(self, key: str, low: float, high: float) -> float:
        """A number from `low` to `high`."""
        value = self._take(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            self._wrong(self.at(key), value, f"a number from {low:g} to {high:g}")
            return low
        return float(value)

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self._wrong(self.at(key), value, f"a whole number from {low} to {high}")
            return low
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            self._wrong(self.at(key), value, "true or false")
            return False
        return value

    def text(self, key: str) -> str:
        """Any text that is not empty."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            self._wrong(self.at(key), value, "a text")
            return ""
        return value

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """One of some words."""
        value = self._take(key)
        if not isinstance(value, str) or value not in allowed:
            self._wrong(self.at(key), value, f"one of {', '.join(allowed) or 'a list that is itself wrong'}")
            return next(iter(allowed), "")
        return value

    def names(self, key: str, allowed: Collection[str], empty: bool = False) -> tuple[str, ...]:
        """Some words of a list, each once, in the file's order."""
        value = self._take(key)
        if not isinstance(value, list) or not (value or empty):
            self._wrong(self.at(key), value, f"a list of {', '.join(allowed)}")
            return ()
        for number, name in enumerate(value):
            if not isinstance(name, str) or name not in allowed:
                self._wrong(f"{self.at(key)}[{number}]", name, f"one of {', '.join(allowed)}")
            elif name in value[:number]:
                self._wrong(f"{self.at(key)}[{number}]", name, f"each name once; {name} stands twice")
        return tuple(name for name in value if isinstance(name, str) and name in allowed)

    def numbers(self, key: str, low: float, high: float, length: int | None = None) -> tuple[float, ...]:
        """Numbers that go up, from `low` to `high`."""
        value = self._take(key)
        is_list = (
            isinstance(value, list)
            and value
            and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        )
        wanted = f"a list of {f'{length} ' if length else ''}numbers from {low:g} to {high:g}, each greater than the one before"
        if (
            not is_list
            or (length and len(value) != length)
            or not _go_up(value)
            or not low <= value[0] <= value[-1] <= high
        ):
            self._wrong(self.at(key), value, wanted)
            return ()
        return tuple(float(one) for one in value)

    def wholes(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """Whole numbers that go up, from `low` to `high`."""
        value = self._take(key)
        is_list = (
            isinstance(value, list)
            and value
            and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
        )
        if not is_list or not _go_up(value) or not low <= value[0] <= value[-1] <= high:
            self._wrong(
                self.at(key), value, f"a list of whole numbers from {low} to {high}, each greater than the one before"
            )
            return ()
        return tuple(value)

    def close(self) -> None:
        """Reports every key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                self.mistakes.append(
                    f"{self.at(key)}: found an unknown key, allowed is one of {', '.join(dict.fromkeys(self.asked))}"
                )


def _go_up(values: Sequence[float]) -> bool:
    return all(one < other for one, other in pairwise(values))
