"""A traced figure as text for a person and as JSON for a machine.

Belongs here: the order and shape of what is shown. Not here: finding it. Nothing of a person stands in what comes in, so nothing can come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from assets.release.trace_figure import HIDDEN, Figure, Measure, Release
from assets.release.trace_rule import Model, Rule

if TYPE_CHECKING:
    from assets.release.trace_behind import Behind

WHY_HIDDEN: Final = (
    "hidden by disclosure control: the persons or enterprises are too few, or few of them make up most, or it could be worked out from other figures, or give them away. Which of these "
    "it is is not public."
)
DIGITS: Final = 12


def as_text(release: Release, figure: Figure, rule: Rule, behind: Behind | None, most: int) -> Iterator[str]:
    """The lines of the text."""
    yield from _figure(release, figure)
    yield from _rule(rule)
    yield from _deliveries(rule, most)
    if behind is not None:
        yield from _behind(behind)


def as_json(release: Release, figure: Figure, rule: Rule, behind: Behind | None, most: int) -> dict[str, Any]:
    """The same as a value."""
    kinds = [
        {"kind": one.kind, "outcomes": dict(one.outcomes), "files": [dict(zip(("sha256", "outcome"), file, strict=True)) for file in one.hashes[:most]]}
        for one in rule.deliveries
    ]  # fmt: skip
    found: dict[str, Any] = {
        "release": release.name,
        "is_preview": bool(release.manifest["is_preview"]),
        "as_of": release.manifest["as_of"],
        "code_version": release.manifest["code_version"],
        "table": figure.table.name,
        "key": {name: _plain(value) for name, value in figure.key.items()},
        "measures": {one.name: {"value": _plain(one.value), "is_hidden": one.is_hidden} for one in figure.measures},
        "rule": {
            "models": [asdict(one) for one in rule.models],
            "measures": [asdict(one) for one in rule.meanings],
            "limits": dict(rule.limits),
            "upstream": [asdict(one) for one in rule.upstream],
            "sources": list(rule.sources),
        },
        "deliveries": kinds,
    }
    if behind is not None:
        found["behind"] = {"is_restricted": True, **asdict(behind)}
    return found


def _figure(release: Release, figure: Figure) -> Iterator[str]:
    preview = ", an internal preview" if release.manifest["is_preview"] else ""
    synthetic = ", synthetic data" if release.manifest.get("is_synthetic") else ""
    yield f"{figure.table.label[0]} ({figure.table.name})"
    yield f"Release {release.name}{preview}{synthetic}: cut-off {release.manifest['as_of']}, code {release.manifest['code_version']}"
    keys = {name: f"{release.design.columns[name].label[0]} ({name})" for name in figure.key}
    width = max(len(text) for text in [*keys.values(), *map(_named, figure.measures)])
    for name, value in figure.key.items():
        texts = release.labels.get(name, {}).get(str(_plain(value)), ())
        label = f" ({texts[0]})" if texts and texts[0] != str(value) else ""
        yield f"  {keys[name]:<{width}}  {_plain(value)}{label}"
    yield ""
    for one in figure.measures:
        yield f"  {_named(one):<{width}}  {_shown(one)}"
    if figure.is_hidden:
        yield f"  {HIDDEN}: {WHY_HIDDEN}"


def _rule(rule: Rule) -> Iterator[str]:
    yield ""
    yield "The rule"
    for model in rule.models:
        yield f"  {model.name}: {model.file}"
        yield f"    {model.description}"
    for meaning in rule.meanings:
        taken_from = f" From: {meaning.source_fields}." if meaning.source_fields else ""
        yield f"  {meaning.measure}: {' '.join(filter(None, (meaning.danish, meaning.english, meaning.rule)))}{taken_from}"
    if rule.limits:
        yield "  Disclosure control, over all tables of the release as one:"
        yield from (f"    {name} {text}" for name, text in rule.limits.items())
    yield ""
    yield f"Models upstream, nearest first ({len(rule.upstream)})"
    yield from (_model(model) for model in rule.upstream)
    yield f"  read from: {', '.join(rule.sources)}"


def _model(model: Model) -> str:
    return f"  {model.name:<48} {model.file}"


def _deliveries(rule: Rule, most: int) -> Iterator[str]:
    yield ""
    yield "Deliveries of the release that they read"
    for one in rule.deliveries:
        outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(one.outcomes.items()))
        yield f"  {one.kind}: {outcomes or 'none'}"
        for digest, outcome in one.hashes[:most]:
            yield f"    {digest} {outcome}"
        if len(one.hashes) > most:
            yield f"    and {len(one.hashes) - most:,} more, in manifest.json"


def _behind(behind: Behind) -> Iterator[str]:
    yield ""
    yield "Behind it, in the build that the release was made from (restricted)"
    if behind.not_public:
        yield f"  Not public, and not to be passed on: {', '.join(behind.not_public)}. The release hides them, rounds them or leaves them out."
    for proof in behind.proofs:
        if proof.counted is None:
            yield f"  {proof.table}.{proof.column}: no figure"
        else:
            yield f"  {proof.table}.{proof.column}: {proof.counted:,.{0 if proof.counted.is_integer() else 4}f}, and its members counted again: the same"
    counted = ((behind.spells, "spell"), (behind.persons, "person"), (behind.enterprises, "known enterprise"))
    members = ", ".join(_many(count, what) for count, what in counted if count)
    yield f"  Members of {behind.column}: {members or 'none'}"
    yield "  Delivered lines behind them, as they stand at the cut-off (the header of a CSV file is line 0, the first document 1):"
    for kind in behind.lines:
        yield f"  {kind.kind}: {_many(kind.lines, 'line')} in {_many(kind.files, 'file')}"
        for file in kind.shown:
            yield f"    {file.folder}/{file.name} [{file.sha256[:DIGITS]}, {file.partition}]: {', '.join(map(str, file.lines))}"
        shown = sum(len(file.lines) for file in kind.shown)
        if shown < kind.lines:
            yield f"    and {kind.lines - shown:,} more (--lines)"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _named(one: Measure) -> str:
    return f"{one.label} ({one.name})"


def _shown(one: Measure) -> str:
    if one.is_hidden:
        return HIDDEN
    value = _plain(one.value)
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    # Without a unit it may be a year.
    return f"{value:,}" if one.unit else str(value)


def _plain(value: Any) -> Any:
    """A value as JSON has it; whole numbers whole, however the file was read."""
    if value is None or isinstance(value, str | bool):
        return value
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value
