"""model specification → the same model, equal rows on top of each other as one stack, for frameworks that have one.

PyTorch's recurrent layers take ``num_layers``. Rows can be one such layer if they are of one kind and width, with the
same arguments and direction, and each is read by the next alone.

Of a stack's blocks the top one represents all: its `Scan.rows` names the layers from the bottom up, and it
reads what the bottom one read. The others are applied no more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Expression, FinalState, Value, walk
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import Scan, Use, read_by
from seqdsl.lowering.kernels import has_kernel
from seqdsl.passes.shared_rnn_calls import scan_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.model.spec import Block, ModelSpec


def stack_rows(spec: ModelSpec) -> ModelSpec:
    """Let equal rows be one stack; a model without any is returned as it is."""
    stacks = _find_stacks(spec)
    if not stacks:
        return spec
    blocks = list(spec.blocks)
    names = _names(spec)
    for members in stacks:
        top = _stacked([spec.blocks[index] for index in members], names)
        blocks[top.index] = top
        for index in members[:-1]:
            # The rows below keep their places in the list, so that numbers of blocks stay, but are not applied.
            blocks[index] = replace(blocks[index], layer=None)
    absorbed = {index for members in stacks for index in members[:-1]}
    order = tuple(index for index in spec.order if index not in absorbed)
    return replace(spec, nodes=tuple(blocks), order=order)


def _names(spec: ModelSpec) -> set[str]:
    """What the generated code calls something already."""
    return {item.name for items in (spec.blocks, spec.parameters, spec.layers) for item in items}


def _stacked(members: Sequence[Block], names: Collection[str]) -> Block:
    """The top one of equal blocks, which computes all of them.

    ::

        B B B   lstm_2                  lstm(num_layers=2), which reads what A read
        A A A   lstm_1
    """
    below, top = members[0], members[-1]
    layers = [block.layer for block in members if block.layer is not None]
    rows = tuple(layer.name for layer in layers)
    name = _name(names, below, rows)
    arguments = {**layers[0].arguments, "layers": len(members)}
    return replace(
        top,
        name=name,
        layer=replace(layers[0], name=name, arguments=arguments),
        operation=replace(scan_of(top), operand=scan_of(below).operand, rows=rows),
        masking=replace(top.masking, masks=below.masks),
    )


def rows_of(block: Block) -> tuple[str, ...]:
    """The layers that a block is a stack of, from the bottom up; empty: it is one by itself."""
    return block.operation.rows if isinstance(block.operation, Scan) else ()


def _name(names: Collection[str], below: Block, rows: tuple[str, ...]) -> str:
    """The name of the lowest layer; ``lstm`` where the layers are numbered and nothing else is called so."""
    numbered = rows[0] == f"{below.kind}_1"
    return below.kind if numbered and below.kind not in names else rows[0]


def _find_stacks(spec: ModelSpec) -> list[list[int]]:
    """The blocks of each stack, bottom row first."""
    recurrent = [block for block in spec.blocks if isinstance(block.operation, Scan)]
    if len(recurrent) < 2:
        return []
    used = Counter(block.layer.name for block in recurrent if block.layer)
    readers = _readers(spec)
    # The stacks so far, each by its top row, on which the next one may be put.
    # C C C        {A: [A]}, then {B: [A, B]}, then {C: [A, B, C]}; if a dense row reads B as well, C begins a stack of
    # B B B        its own, as nothing but the last row of a stack can be read: {B: [A, B], C: [C]}
    # A A A
    stacks: dict[int, list[int]] = {}
    # The order leads upward: the row below a block has been put on its stack before.
    # The rows of a loop run one step at a time, each by itself.
    together = frozenset[int]().union(*find_circles(spec))
    for index in spec.order:
        block = spec.blocks[index]
        if index in together or not _is_able(block, used):
            continue
        below = _below(block)
        goes_on = below in stacks and readers[below] == 1 and _is_alike(spec.blocks[below], block)
        stacks[index] = [*(stacks.pop(below, ()) if goes_on else ()), index]
    return [members for members in stacks.values() if len(members) > 1]


def _readers(spec: ModelSpec) -> Counter[int]:
    """How often each block is read; an output of the model is read by the caller."""
    readers = Counter(
        item.block
        for block in spec.blocks
        for view in read_by(block.operation)
        for item in walk(view)
        if isinstance(item, Value | FinalState)
    )
    readers.update(item.block for item in spec.outputs)
    return readers


def _is_able(block: Block, used: Counter[str]) -> bool:
    """Whether a block begins at zero, passes no state on, and has a layer of its own without a given name."""
    layer = block.layer
    # PyTorch's `dropout=` is another one: of what all rows but the last give, anew at each step. Here it is of what a
    # row reads, with one mask for all steps.
    return (
        layer is not None
        and isinstance(block.operation, Scan)
        and block.steps is not None
        and not block.has_start
        and Use.STATE not in block.uses
        and block.operation.batch is None
        and used[layer.name] == 1
        and not layer.arguments.get("dropout")
        and has_kernel(layer.kind, layer.arguments)
        and not block.given
    )


def _below(block: Block) -> int:
    """The block that a block reads whole, and nothing else; -1 if there is none."""
    views = block.views
    return views[0].block if len(views) == 1 and isinstance(views[0], Value) else -1


def _is_alike(below: Block, above: Block) -> bool:
    if below.layer is None or above.layer is None:
        return False
    # A masked row passes its mask on as it is: the upper one of a stack has that of the lower one, and no other.
    masks: Sequence[Expression] = (Value(below.index),) if below.masks else ()
    return (
        below.kind == above.kind
        and below.layer.units == above.layer.units
        and below.layer.arguments == above.layer.arguments
        and scan_of(below).direction is scan_of(above).direction
        and tuple(masks) == above.masks
    )
