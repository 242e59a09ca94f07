"""model specification → ports: what the generated code must declare as its inputs and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.ends import Holds
from seqdsl.ir.graph import State
from seqdsl.ir.layers import gives_ids
from seqdsl.layers import layer_def
from seqdsl.size import Size
from seqdsl.verify.cases import cases
from seqdsl.verify.jobs import Port
from seqdsl.verify.padded_inputs import (
    is_padded_at_end,
    knows_padding,
    marks_of,
    padded_places,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Node, Output, Shape
    from seqdsl.model.spec import ModelSpec

SOME_NUMBERS = 50
"""How many numbers of first steps are tried where any may be."""


def results(spec: ModelSpec) -> tuple[Port, ...]:
    """The results of a model: its outputs, then the states that it gives."""
    ends: list[Output | State] = [*spec.outputs, *spec.given]
    return tuple(_result(item, spec) for item in ends)


def _result(item: Output | State, spec: ModelSpec) -> Port:
    """What a result is: numbers, or ids of as many features as are chosen of."""
    if isinstance(item, State):
        return _state(item, spec)
    node, shape = spec.blocks[item.block], _declared(item.shape, spec.defaults)
    # Ids that nothing reads are an output as they are.
    given = next((one.vocabulary for one in spec.inputs if one.block == item.block), None)
    if given is not None:
        return Port(item.name, shape, "int32", given.value(spec.defaults), grid=len(node.grid))
    if node.layer is None or not gives_ids(node.kind):
        return Port(item.name, shape, grid=len(node.grid))
    width = node.layer.width.value(spec.defaults)
    return Port(item.name, shape, "int32", width, grid=len(node.grid))


def ports(spec: ModelSpec) -> tuple[Port, ...]:
    """The arguments of a model: its inputs, how many steps of them are valid, then the states that it takes."""
    fixed = spec.defaults
    inputs = tuple(
        Port(
            item.name,
            _declared(item.shape, fixed),
            item.dtype,
            None if item.vocabulary is None else item.vocabulary.value(fixed),
            padding=knows_padding(item, spec),
            marks=marks_of(item, spec),
            at_end=is_padded_at_end(item, spec),
            grid=len(spec.nodes[item.block].grid),
            places=padded_places(item, spec),
        )
        for item in spec.inputs
    )
    blocks = [item.block for item in spec.inputs]
    lengths = (
        Port(item.name, (), item.dtype, counts=blocks.index(item.block)) for item in spec.lengths
    )
    return (*inputs, *lengths, *(_state(item, spec) for item in spec.taken))


def _state(item: State, spec: ModelSpec) -> Port:
    """State as an argument or a result: vectors, or the number of a step, which are told apart as ids are."""
    shape, node = _declared(item.shape, spec.defaults), spec.blocks[item.block]
    if item.dtype == "float32":
        return Port(item.name, shape, is_state=True, grid=len(node.grid))
    most = _numbers(node, spec) if item.holds is Holds.STATE else _vocabulary(node, spec)
    return Port(item.name, shape, item.dtype, most, is_state=True)


def _vocabulary(node: Node, spec: ModelSpec) -> int:
    """How many ids a node may give: as many as its input says, or as it chooses of."""
    given = {item.block: item.vocabulary for item in spec.inputs}.get(node.index)
    vocabulary = node.layer.width if node.layer is not None else given
    assert vocabulary is not None
    return vocabulary.value(spec.defaults)


def _numbers(node: Node, spec: ModelSpec) -> int:
    """How many numbers the first step of a call can have, so that there is a vector for each of its steps."""
    assert node.layer is not None
    assert node.steps is not None
    rows = node.layer.arguments.get(layer_def(node.kind).rows)
    if not isinstance(rows, Size):
        return SOME_NUMBERS
    # position(4, most=9), calls of 3 and of 7 steps: the first step has the number 0, 1 or 2.
    longest = max(node.steps.value({**spec.defaults, **dict(case.lengths)}) for case in cases(spec))
    return max(1, rows.value(spec.defaults) - longest + 1)


def _declared(shape: Shape, fixed: Mapping[str, int]) -> tuple[int | None, ...]:
    return tuple(size.value(fixed) if size.names <= fixed.keys() else None for size in shape)
