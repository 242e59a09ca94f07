"""free run with codes of each step's number → from which number a piece counts on, and how many codes there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.free_members import Keeps
from seqdsl.layers import layer_def
from seqdsl.size import Size
from seqdsl.targets.code import Binary, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.emit.emitter import Emitter


def limits(phases: Phases) -> Iterator[tuple[str, Size]]:
    """How many steps of the input there may be where each reads a row of a table."""
    # I Z Z Z with position(8, most=64) for each of the four: Z may have 63 steps.
    for index, ahead in phases.run.keeping(Keeps.NUMBER).items():
        node = phases.step.blocks[index]
        assert node.layer is not None
        rows = node.layer.arguments.get(layer_def(node.kind).rows)
        if isinstance(rows, Size):
            yield node.name, rows - ahead


def count_on(phases: Phases, step: Emitter) -> str:
    """Let constants count on from the piece before; the name of the number of its first step."""
    counted = phases.run.keeping(Keeps.NUMBER)
    if not counted:
        return ""
    begin = Text(step.names.claim("begin"))
    # I Z Z Z with a position for each of the four: that of the first Z has the number 1.
    for index, ahead in counted.items():
        is_first = ahead == Size.of(0)
        step.counts[index] = begin if is_first else Binary("+", (begin, Text(str(ahead))))
    return begin.text
