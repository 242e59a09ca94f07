"""specification with carried state → the same, beginning with zeros instead of the call before, and giving no state.

``concat_time([repeat(carried_state(%y)), %y[0:+n - 1 of n]])`` becomes ``pad(%y[0:+n - 1 of n], before=1)``. A run that
feeds itself goes on by itself: what it keeps from piece to piece (`seqdsl.ir.free_run`) is none of the model's state.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.changes import map_expressions, map_operation
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatTime,
    Expression,
    Pad,
    Repeat,
    Slice,
)
from seqdsl.ir.operations import Constant, Convolve, Scan
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.ir.operations import Operation
    from seqdsl.model.spec import ModelSpec

_NONE = Size.of(0)


def begun_anew(spec: ModelSpec) -> ModelSpec:
    """A model that reads nothing of the call before; what has no state is returned as it is."""
    if not spec.states:
        return spec
    nodes = tuple(
        replace(node, operation=_uncarried(map_operation(node.operation, _anew)))
        for node in spec.nodes
    )
    return replace(spec, nodes=nodes)


def _uncarried(operation: Operation) -> Operation:
    """An operation that takes no state of the call before, and gives none to the next one."""
    if not isinstance(operation, Scan | Convolve | Constant):
        return operation
    return replace(operation, carry=Carry.NONE)


def _anew(expression: Expression) -> Expression:
    if not isinstance(expression, ConcatTime):
        return map_expressions(expression, _anew)
    count = _carried_steps(expression.parts[0])
    if count is None:
        return map_expressions(expression, _anew)
    # What is joined behind the state is one value or several.
    first, *rest = expression.parts[1:]
    return Pad(ConcatTime((first, *rest)) if rest else first, count, _NONE)


def _carried_steps(part: Expression) -> Size | None:
    """How many steps of the call before a part is; ``None``: it is none of that."""
    state = part.of if isinstance(part, Repeat | Slice) else part
    if not isinstance(state, CarriedState):
        return None
    return part.count if isinstance(part, Repeat | Slice) else state.steps
