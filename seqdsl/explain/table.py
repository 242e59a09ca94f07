"""specification → table: each layer's shape and parameters, with the formula of each framework."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from seqdsl.analysis.parameter_counts import layer_counts, numbers
from seqdsl.explain.formulas import formula
from seqdsl.explain.words import shape
from seqdsl.ir.called import with_parts
from seqdsl.layers import layer_def

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.graph import Layer
    from seqdsl.model.spec import ModelSpec

TARGETS = {"keras": "Keras", "torch": "PyTorch"}


def table(spec: ModelSpec, columns: int) -> list[str]:
    """The lines of the table: input, layers, total; below each layer how its parameters are counted.

    The counts are broken into lines of ``columns``; the table itself is as wide as it has to be.
    """
    shapes = _shapes(spec)
    rows: list[tuple[str, ...]] = [("layer", "shape", "Keras", "PyTorch")]
    notes: list[list[str]] = [[]]
    for item in spec.arguments:
        rows.append((f"{item.name} (input)", shape(spec, item.shape), "", ""))
        notes.append([])
    for layer, held in with_parts(spec):
        parts = [numbers(item, spec.defaults) for item in held]
        counts = [f"{sum(part[target] for part in parts):,}" for target in TARGETS]
        rows.append((f"{layer.name} ({layer_def(layer.kind).written})", shapes[id(layer)], *counts))
        notes.append(_formulas(layer, spec))
    rows.append(("total", "", *(f"{spec.counts[target]:,}" for target in TARGETS)))
    notes.append([])
    # The notes below a row take no part in the widths.
    lines = []
    for line, below in zip(_aligned(rows), notes, strict=True):
        lines.append(line)
        for note in below:
            lines += textwrap.wrap(
                note,
                columns,
                initial_indent="    ",
                subsequent_indent="      ",
                break_long_words=False,
                break_on_hyphens=False,
            )
    return lines


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows of a table, words to the left and numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [
            f"{cell:<{width}}" if column < 2 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _shapes(spec: ModelSpec) -> dict[int, str]:
    """The shapes of all places in which each layer is drawn."""
    by_layer: dict[int, dict[str, None]] = {}
    for block in spec.blocks:
        by_layer.setdefault(id(block.layer), {})[shape(spec, block.shape)] = None
    return {layer: ", ".join(shapes) for layer, shapes in by_layer.items()}


def _formulas(layer: Layer, spec: ModelSpec) -> list[str]:
    """How the layer's parameters are counted: once if the frameworks agree."""
    by_target = {target: formula(layer, spec, target) for target in TARGETS}
    lines = []
    for target, item in by_target.items():
        if item is None:
            return []
        total = f"{layer_counts(layer)[target].value(spec.defaults):,}"
        name = "both" if by_target["keras"] == by_target["torch"] else TARGETS[target]
        line = f"{name}: {item.text} = {item.numbers} = {total}; {item.why}"
        if line not in lines:
            lines.append(line)
    return lines
