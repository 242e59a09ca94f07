"""blocks → inputs and outputs, in the order in which a picture is read, and the names of their arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.graph import Input, Output
from seqdsl.ir.operations import Placeholder
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.lowering.naming import Names
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block


def find_ports(
    drawing: Drawing, blocks: Sequence[Block], is_read: Sequence[bool]
) -> tuple[tuple[Input, ...], tuple[Output, ...]]:
    """The inputs of a model, and its outputs: what nothing reads.

    Args:
        drawing: what was read of the picture.
        blocks: its blocks, with their meaning.
        is_read: whether anything reads each of them.
    """
    ordered = [blocks[index] for index in reading_order(drawing)]
    inputs = tuple(
        _input(block, drawing) for block in ordered if isinstance(block.operation, Placeholder)
    )
    unread = [block for block in ordered if not is_read[block.index]]
    return inputs, _outputs(unread, drawing, inputs)


def reading_order(drawing: Drawing) -> list[int]:
    """Blocks left to right by their first column, then bottom to top."""
    columns, rows = drawing.trace.units, drawing.trace.rows
    firsts = [block.first for block in drawing.blocks]
    return sorted(
        range(len(firsts)), key=lambda index: (columns[firsts[index]], rows[firsts[index]])
    )


def _input(block: Block, drawing: Drawing) -> Input:
    settings = drawing.settings[block.index]
    if settings.definition.gives_ids:
        # A step of ids has no axis of features.
        vocabulary = settings.size("vocabulary")
        return Input(block.name, block.index, block.shape[:-1], "int32", vocabulary)
    return Input(block.name, block.index, block.shape, "float32")


def _outputs(
    blocks: Sequence[Block], drawing: Drawing, inputs: Sequence[Input]
) -> tuple[Output, ...]:
    """The outputs by their given names, else ``y``, ``y_1``, ``y_2`` of rows of ``Y``, else their letters.

    All ``Y`` are numbered, also one that has a name of its own: to name one renames no other.
    """
    names = Names(item.name for item in inputs)
    anonymous = [block.index for block in blocks if block.letter == ANONYMOUS]
    numbers = {index: f"y_{number}" for number, index in enumerate(anonymous, start=1)}
    if len(anonymous) == 1:
        numbers = {anonymous[0]: "y"}
    outputs = []
    for block in blocks:
        plain = numbers.get(block.index, block.letter.lower())
        n = block.steps if block.steps is not None else Size.of(1)
        name = names.claim(drawing.settings[block.index].name or plain)
        # An id has no axis of features.
        gives_ids = drawing.settings[block.index].definition.gives_ids
        shape = block.shape[:-1] if gives_ids else block.shape
        outputs.append(Output(name, block.index, shape, n))
    return tuple(outputs)
