"""specification → the same without what is only fed: no call of the model as drawn needs it.

Of a model that gives logits, an input may be fed with what they are logits of::

    Z        read by `generate` alone: the next step of the input
    A        activation(sigmoid), left out of the model that is called
    | Y      its output: the logits
    |/
    D        dense(2)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value, walk
from seqdsl.ir.operations import read_by

if TYPE_CHECKING:
    from seqdsl.model.spec import Block, ModelSpec


def without_fed_alone(spec: ModelSpec) -> ModelSpec:
    """Leave out of ``order`` what is only fed; numbers and layers stay."""
    # In a picture as drawn every node leads to an output: that is most of them, and costs nothing.
    if not spec.left_out:
        return spec
    fed = {item.feedback.block for item in spec.inputs if item.feedback is not None}
    needed = {item.block for item in spec.outputs}
    needed = needed.union(*map(_read, map(spec.blocks.__getitem__, spec.order)))
    order = tuple(index for index in spec.order if index not in fed - needed)
    return spec if order == spec.order else replace(spec, order=order)


def _read(block: Block) -> set[int]:
    """The nodes that a node reads, for their numbers or their mask."""
    expressions = (*read_by(block.operation), *block.masks)
    parts = (part for expression in expressions for part in walk(expression))
    return {part.block for part in parts if isinstance(part, Value)}
