"""blocks with carried state → the states of the model: their names, shapes and order.

``h_state`` of ``*-H-H-*``; of an LSTM ``h_state_h`` and ``h_state_c``; ``y_state`` where ``y`` reads the last ``Y``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carried import carried_shapes, value_shape
from seqdsl.ir.carry import Carry
from seqdsl.ir.ends import Holds
from seqdsl.ir.expressions import CarriedState, walk
from seqdsl.ir.graph import State
from seqdsl.ir.layers import gives_ids, state_widths
from seqdsl.ir.operations import Constant, Convolve, Scan, operands
from seqdsl.layers import layer_def
from seqdsl.lowering.default_layers import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.graph import Shape
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.naming import Names
    from seqdsl.model.spec import Block


def find_carried(
    drawing: Drawing, blocks: Sequence[Block], order: Sequence[int], names: Names
) -> tuple[State, ...]:
    """The states of a model that pass from call to call.

    Args:
        drawing: what was read of the picture.
        blocks: its blocks, with their meaning.
        order: their numbers as a picture is read: by the first column, then from bottom to top.
        names: the names that are free.
    """
    found: list[State] = []
    read = _values_read(blocks) if drawing.delayed else {}
    for index in order:
        block, operation = blocks[index], blocks[index].operation
        if isinstance(operation, Scan | Convolve | Constant) and operation.carry is not Carry.NONE:
            base = names.claim(f"{_called(block, drawing)}_state")
            for part, (ending, shape) in enumerate(_parts(block)):
                name = names.claim(f"{base}_{ending}") if ending else base
                carry = operation.carry
                found.append(State(name, index, part, shape, carry.is_taken, carry.is_given))
        if index in read:
            found.append(_value_state(blocks[index], read[index], drawing, names))
    return tuple(found)


def _values_read(blocks: Sequence[Block]) -> dict[int, CarriedState]:
    """The blocks whose last values delayed nodes read in the next call."""
    views = (view for block in blocks for view in operands(block.operation))
    return {
        item.block: item
        for view in views
        for item in walk(view)
        if isinstance(item, CarriedState) and item.is_value
    }


def _value_state(block: Block, read: CarriedState, drawing: Drawing, names: Names) -> State:
    """The last values of a block, behind the states of its layer: ``y_state``, of a convolution ``y_last``."""
    parts = carried_shapes(block)
    name = names.claim(f"{_called(block, drawing)}_{'last' if parts else 'state'}")
    holds = Holds.IDS if gives_ids(block.kind) else Holds.VALUE
    shape = value_shape(block, read.steps)
    return State(name, block.index, len(parts), shape, True, True, holds)


def _called(block: Block, drawing: Drawing) -> str:
    letter = "" if block.letter == ANONYMOUS else block.letter.lower()
    return drawing.settings[block.index].name or letter or block.name


def _parts(block: Block) -> Iterator[tuple[str, Shape]]:
    """The arrays of a block's state: what is added to its name, and the shape."""
    assert block.layer is not None
    if isinstance(block.operation, Constant):
        # The number of the first step of the next call: one for each sample.
        yield "", ()
        return
    if isinstance(block.operation, Convolve):
        # conv(8, 3, dilation=2) reads x[t - 4], x[t - 2] and x[t]: the last four steps are its state.
        yield "", (block.operation.before, block.layer.width)
        return
    states = layer_def(block.kind).states
    for name, width in zip(states, state_widths(block.layer), strict=True):
        # An LSTM's `h_state_h` and `h_state_c`; a GRU's `h_state`, as it has one only.
        yield name if len(states) > 1 else "", (*block.grid, width)
