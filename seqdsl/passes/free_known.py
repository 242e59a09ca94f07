"""known sequences beside a fed input → the nodes that stand for pieces of them, and inputs as long as a run is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value, blocks_of
from seqdsl.ir.free_streams import PIECE
from seqdsl.ir.graph import UNMASKED
from seqdsl.ir.loops import sources
from seqdsl.ir.operations import Constant, Placeholder
from seqdsl.ir.spreads import shapes_of
from seqdsl.ir.types import Type
from seqdsl.lowering.naming import Names
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.free_members import FreeRun, Known
    from seqdsl.ir.graph import Input
    from seqdsl.model.spec import Block, ModelSpec


def known_pieces(spec: ModelSpec, run: FreeRun) -> Iterator[Block]:
    """What stands for pieces of known sequences, each called as the sequence where nothing else is read of that."""
    if not run.known:
        return
    # H = concat(Z, C): `decode(z, c)`; where H attends to all of C as well: `decode(z, c_steps, c)`
    whole: set[int] = set()
    for member in run.members:
        whole |= sources(replace(spec.blocks[member.node], operation=member.step))
    names, taken, shapes = Names(node.name for node in spec.blocks), set(whole), shapes_of(spec)
    for item in run.known:
        source = spec.blocks[min(blocks_of(item.of))]
        is_plain = isinstance(item.of, Value) and not item.is_mask
        if is_plain and source.index not in taken:
            name = source.name
            taken.add(source.index)
        else:
            name = names.claim(f"{source.name}_{'valid' if item.is_mask else 'steps'}")
        # Of a mask each step is one number.
        each = Type(None, Size.of(1)) if item.is_mask else shapes.sequence(item.of)[1]
        yield replace(
            source,
            index=item.node,
            name=name,
            layer=None,
            operation=Placeholder(),
            steps=PIECE,
            features=each.features,
            masking=UNMASKED,
            given="",
            grid=each.grid,
        )


def grown_nodes(spec: ModelSpec, run: FreeRun) -> set[int]:
    """What known sequences are made of, step by step: as long as a run is, whatever is drawn."""
    return {index for item in run.known for index in _along(item, spec)}


def lengthened(
    inputs: tuple[Input, ...], spec: ModelSpec, grown: set[int]
) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    """Inputs of any length where a known sequence is made of them, and the names of these lengths."""
    # Z Z Z Z beside C C C C may run for ten steps: then there are ten of C, too. Free lengths are so already.
    found, lengths = [], []
    for item in inputs:
        if (
            item.block in grown
            and spec.blocks[item.block].steps is not None
            and not item.shape[0].names
        ):
            lengths.append(f"_{item.name}")
            found.append(replace(item, shape=(Size.of(lengths[-1]), *item.shape[1:])))
        else:
            found.append(item)
    return tuple(found), tuple(lengths)


def counted_along(node: Block, inputs: tuple[Input, ...], spec: ModelSpec) -> Block:
    """A constant of a set length that is as long as a run: it has as many steps as the input beside it."""
    # A A A A    C + P of ten steps: P has ten codes then
    # C P C P
    operation = node.operation
    if not isinstance(operation, Constant) or operation.free or node.steps is None:
        return node
    beside = (item for item in inputs if spec.blocks[item.block].steps == node.steps)
    like = next((item.block for item in beside if item.shape[0].names), None)
    return (
        node
        if like is None
        else replace(node, operation=replace(operation, like=Value(like), free=True))
    )


def _along(known: Known, spec: ModelSpec) -> set[int]:
    """What a known sequence is made of, one step of each a step."""
    found: set[int] = set()
    waiting = list(_sequences(known.of, spec))
    while waiting:
        index = waiting.pop()
        if index in found:
            continue
        found.add(index)
        node = spec.blocks[index]
        waiting += [source for source in sources(node) if spec.blocks[source].steps == node.steps]
    return found


def _sequences(of: Expression, spec: ModelSpec) -> Iterator[int]:
    return (index for index in blocks_of(of) if spec.blocks[index].steps is not None)
