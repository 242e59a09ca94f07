"""specification → what a model does in a few words, for its docstring."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seqdsl.layers import layer_def

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Input, Output
    from seqdsl.model.spec import ModelSpec

_ROOM = 54
"""Characters beside which "Build a model that maps" still fits on a line."""


def purpose(spec: ModelSpec) -> str:
    """What a model maps to what; by names where these fit on a line, else by numbers.

    ::

        sequences ``source`` and ``target`` to a vector ``y``
        22 vectors to a vector
        a sequence of grids ``frames`` to a vector ``y``
    """
    named = f"{_named(spec.inputs, spec)} to {_named(spec.outputs, spec)}"
    return (
        named
        if len(named) <= _ROOM
        else f"{_counted(spec.inputs, spec)} to {_counted(spec.outputs, spec)}"
    )


def _named(items: Sequence[Input | Output], spec: ModelSpec) -> str:
    names: dict[str, list[str]] = {}
    for item in items:
        names.setdefault(_thing(item, spec), []).append(f"``{item.name}``")
    parts = []
    for thing, found in names.items():
        several = f"{_plural(thing)} {_listed(found)}"
        parts.append(f"a {thing} {found[0]}" if len(found) == 1 else several)
    return _listed(parts)


def _counted(items: Sequence[Input | Output], spec: ModelSpec) -> str:
    counts = Counter(_thing(item, spec) for item in items)
    return _listed(
        [
            f"a {thing}" if count == 1 else f"{count} {_plural(thing)}"
            for thing, count in counts.items()
        ]
    )


def _thing(item: Input | Output, spec: ModelSpec) -> str:
    """What an array holds for each sample."""
    node = spec.blocks[item.block]
    if node.steps is not None:
        return "sequence of grids" if node.grid else "sequence"
    is_id = layer_def(node.kind).gives_ids
    if node.grid:
        return "grid of tokens" if is_id else "grid"
    return "token" if is_id else "vector"


def _plural(thing: str) -> str:
    # "sequences of grids": of these it is the first word that is counted
    head, *rest = thing.split(" ", 1)
    return " ".join([f"{head}s", *rest])


def _listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
