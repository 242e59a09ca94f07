"""constants → Keras: tables of vectors, and codes of each step's number, which may go on from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.targets.code import Code, Index, Text, call
from seqdsl.targets.emit.carried import counts_on, give, has_rows, taken
from seqdsl.targets.keras.expressions import emit
from seqdsl.targets.keras.layers import layer_of_node

if TYPE_CHECKING:
    from seqdsl.ir.operations import Constant
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def constant(node: Block, constant: Constant, to: KerasEmitter) -> Code:
    """The same for every sample; the layer is called with what has as many samples, and steps if these are free."""
    to.function("LearnedSteps" if has_rows(node) else "SinePositions")
    # Token ids as they are: of these, too, samples and steps can be counted.
    like = constant.like
    counted = to.values[like.block] if isinstance(like, Value) else emit(like, to)
    steps = {} if constant.free else {"steps": 1 if node.steps is None else node.steps}
    if not counts_on(node):
        value = call(layer_of_node(node, to), counted, **steps)
        return Index(value, ":, 0") if node.steps is None else value
    # p, p_end = LearnedSteps(...)(x, first=p_state): the first step of the next call has the number `p_end`
    (first,) = taken(node, to)
    value = call(layer_of_node(node, to), counted, **steps, first=first)
    end = Text(to.names.claim(f"{node.name}_end"))
    to.unpack((Text(node.name), end), value)
    give(node, (end,), to)
    return Text(node.name)
