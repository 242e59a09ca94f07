"""model specification → ports: what the generated code must declare as its inputs and outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.layers import gives_ids
from seqdsl.ir.operations import Padding
from seqdsl.verify.jobs import Port

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Input, Output, Shape, State
    from seqdsl.model.spec import ModelSpec


def results(spec: ModelSpec) -> tuple[Port, ...]:
    """The results of a model: its outputs, then the states that it gives."""
    ends: list[Output | State] = [*spec.outputs, *spec.given]
    return tuple(_result(item, spec) for item in ends)


def _result(item: Output | State, spec: ModelSpec) -> Port:
    """What a result is: numbers, or ids of as many features as are chosen of."""
    node, shape = spec.blocks[item.block], _declared(item.shape, spec.defaults)
    if node.layer is None or not gives_ids(node.kind):
        return Port(item.name, shape)
    return Port(item.name, shape, "int32", node.layer.width.value(spec.defaults))


def ports(spec: ModelSpec) -> tuple[Port, ...]:
    """The arguments of a model: its inputs, then the states that it takes."""
    fixed = spec.defaults
    inputs = tuple(
        Port(
            item.name,
            _declared(item.shape, fixed),
            item.dtype,
            None if item.vocabulary is None else item.vocabulary.value(fixed),
            _knows_padding(item, spec),
            _is_padded_at_end(item, spec),
        )
        for item in spec.inputs
    )
    return inputs + tuple(Port(item.name, _declared(item.shape, fixed)) for item in spec.taken)


def _knows_padding(item: Input, spec: ModelSpec) -> bool:
    if item.dtype != "int32":
        return spec.blocks[item.block].masking.begins
    return any(
        block.masking.begins and any(item.block in blocks_of(view) for view in block.views)
        for block in spec.blocks
    )


def _is_padded_at_end(item: Input, spec: ModelSpec) -> bool:
    at_end = spec.blocks[item.block].padding is Padding.END
    return at_end and _knows_padding(item, spec)


def _declared(shape: Shape, fixed: Mapping[str, int]) -> tuple[int | None, ...]:
    return tuple(size.value(fixed) if size.names <= fixed.keys() else None for size in shape)
