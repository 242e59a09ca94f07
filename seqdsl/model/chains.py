"""model specification → the same model, the equal chains of a letter run as one batch of chains.

Chains of one letter share their weights and hand no state to each other. Those that do not wait for
each other can be run side by side: ``(batch, chains * steps, features)`` is seen as ``(batch * chains,
steps, features)``, goes through the layer once, and is seen as ``(batch, chains * steps, units)`` again.

What is left is an ordinary specification. Of a batch's blocks the first stands for all: its `Batch`
tells how many there are, its steps are those of all of them; the others are applied no more. Its `Value` is all
chains one after the other, its `FinalState` the final states of all chains, a sequence with one step for each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Expression,
    FinalState,
    Flatten,
    Repeat,
    Slice,
    Step,
    Value,
    blocks_of,
    map_expressions,
    walk,
)
from seqdsl.ir.operations import Batch, PassedState, Scan, Use, map_operation, read_by
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.model.spec import Block, ModelSpec

_ONE = Size.of(1)


def batch_of(block: Block) -> Batch | None:
    """The chains that a block stands for; ``None``: it is one by itself."""
    operation = block.operation
    return operation.batch if isinstance(operation, Scan) else None


def scan_of(block: Block) -> Scan:
    """The recurrence of a recurrent block."""
    assert isinstance(block.operation, Scan)
    return block.operation


class _Chain(NamedTuple):
    """A block's place in its batch: which chain it is of how many, and the block that stands for all."""

    leader: int
    number: int
    among: int
    steps: Size
    direction: Direction


def batch_chains(spec: ModelSpec) -> ModelSpec:
    """Let equal chains of one letter run as one batch; a model without any is returned as it is."""
    batches, chains = _batches(spec)
    if not batches:
        return spec
    blocks = [_block(block, chains) for block in spec.blocks]
    for members in batches:
        for index in members[1:]:
            blocks[index] = replace(blocks[index], layer=None)
    read = [view for block in blocks if block.index not in chains for view in seen(block)]
    read += [view for members in batches for view in blocks[members[0]].views]
    uses = _uses(read)
    used = _times_used(spec)
    for members in batches:
        first = blocks[members[0]]
        scan = scan_of(first)
        assert first.layer is not None and first.steps is not None
        alone = used[first.layer.name] == len(members)
        blocks[first.index] = replace(
            first,
            name=first.layer.name if alone else first.name,
            operation=replace(
                scan,
                operand=joined([blocks[index].views[0] for index in members]),
                batch=Batch(len(members), first.steps),
            ),
            steps=first.steps * len(members),
            uses=uses.get(first.index, frozenset({Use.SEQUENCE})),
        )
    order = _order(spec, blocks, chains)
    return replace(spec, nodes=tuple(blocks), order=order)


def _batches(spec: ModelSpec) -> tuple[list[list[int]], dict[int, _Chain]]:
    """The batches whose chains are parts of one sequence, and the place of every chain in its batch.

    A layer over different inputs is applied to each, as anybody would write it.
    """
    batches: list[list[int]] = []
    chains: dict[int, _Chain] = {}
    for members in _find_batches(spec):
        seen = [_view(spec.blocks[index].views[0], chains) for index in members]
        if isinstance(joined(seen), ConcatTime):
            continue
        batches.append(members)
        for number, index in enumerate(members):
            block = spec.blocks[index]
            steps, direction = block.steps or _ONE, scan_of(block).direction
            chains[index] = _Chain(members[0], number, len(members), steps, direction)
    return batches, chains


def _times_used(spec: ModelSpec) -> dict[str, int]:
    used: dict[str, int] = {}
    for block in spec.blocks:
        if block.layer is not None:
            used[block.layer.name] = used.get(block.layer.name, 0) + 1
    return used


def _find_batches(spec: ModelSpec) -> list[list[int]]:
    """The blocks of each batch, left to right; no block of one depends on another."""
    used = _times_used(spec)
    outputs = {item.block for item in spec.outputs}
    able = [
        block
        for block in spec.blocks
        if block.index not in outputs and _is_able(block, spec) and used[str(_layer(block))] > 1
    ]
    if not able:
        return []
    depth = _depths(spec)
    groups: dict[object, list[int]] = {}
    for block in able:
        direction = scan_of(block).direction
        key = (_layer(block), direction, block.steps, depth[block.index])
        groups.setdefault(key, []).append(block.index)
    return [members for members in groups.values() if len(members) > 1]


def _layer(block: Block) -> str | None:
    return block.layer.name if block.layer is not None else None


def _is_able(block: Block, spec: ModelSpec) -> bool:
    """Whether a block's chain begins at zero, ends in itself, and is as long in every sample."""
    return (
        isinstance(block.operation, Scan)
        and block.steps is not None
        and not block.steps.names & set(spec.free)
        and block.operation.initial is None
        and not block.masks
        and Use.STATE not in block.uses
    )


def _depths(spec: ModelSpec) -> dict[int, int]:
    """How many blocks at most stand below each: blocks of one depth never wait for each other."""
    depth: dict[int, int] = {}
    for index in spec.order:
        depth[index] = 1 + max(
            (depth[source] for source in _sources(spec.blocks[index])), default=0
        )
    return depth


def _sources(block: Block) -> set[int]:
    """The blocks that have to be there before a block."""
    found = {source for view in seen(block) for source in blocks_of(view)}
    if isinstance(block.operation, Scan) and isinstance(block.operation.initial, PassedState):
        found.add(block.operation.initial.source)
    return found - {block.index}


def seen(block: Block) -> list[Expression]:
    """Everything that a block's value is made from."""
    return [*read_by(block.operation), *block.masks]


def _uses(views: Sequence[Expression]) -> dict[int, frozenset[Use]]:
    """What is read of each block."""
    found: dict[int, set[Use]] = {}
    for item in (inner for view in views for inner in walk(view)):
        if isinstance(item, Value | FinalState):
            use = Use.FINAL if isinstance(item, FinalState) else Use.SEQUENCE
            found.setdefault(item.block, set()).add(use)
    return {index: frozenset(use) for index, use in found.items()}


def _order(
    spec: ModelSpec, blocks: Sequence[Block], chains: Mapping[int, _Chain]
) -> tuple[int, ...]:
    """The blocks that are applied, each after those that it reads."""
    import networkx as nx

    kept = [index for index in spec.order if index not in chains or chains[index].number == 0]
    graph = nx.DiGraph()
    graph.add_nodes_from(kept)
    graph.add_edges_from((source, index) for index in kept for source in _sources(blocks[index]))
    return tuple(nx.lexicographical_topological_sort(graph))


def _block(block: Block, chains: Mapping[int, _Chain]) -> Block:
    """The block, seeing batches where it saw their chains."""
    return replace(
        block, operation=map_operation(block.operation, lambda view: _view(view, chains))
    )


def _view(view: Expression, chains: Mapping[int, _Chain]) -> Expression:
    """A view of chains as a view of their batch."""
    # `isdisjoint` would go through all chains.
    if not any(block in chains for block in blocks_of(view)):
        return view
    if isinstance(view, Value):
        chain = chains[view.block]
        first = chain.steps * chain.number
        return Slice(Value(chain.leader), first, chain.steps, 1, chain.steps * chain.among)
    if isinstance(view, FinalState):
        chain = chains[view.block]
        return Step(FinalState(chain.leader), Size.of(chain.number), Size.of(chain.among))
    if isinstance(view, Slice) and isinstance(view.of, Value):
        return _slice(view, chains[view.of.block])
    inner = map_expressions(view, lambda part: _view(part, chains))
    if isinstance(inner, Step) and isinstance(inner.of, Slice):
        few = inner.of
        return Step(few.of, few.start + few.stride * inner.index, few.steps)
    if isinstance(inner, Repeat) and isinstance(inner.of, Step) and inner.count == _ONE:
        return Slice(inner.of.of, inner.of.index, _ONE, 1, inner.of.steps)
    if isinstance(inner, ConcatTime):
        return joined(inner.parts)
    return _all_finals(inner) if isinstance(inner, ConcatFeatures) else inner


def _slice(view: Slice, chain: _Chain) -> Expression:
    """Some steps of a chain; its last one is its final state."""
    assert isinstance(view.of, Value)
    ends = {Direction.FORWARD: chain.steps - 1, Direction.BACKWARD: Size.of(0)}
    if view.count == _ONE and view.start == ends.get(chain.direction):
        count = Size.of(chain.among)
        return Slice(FinalState(chain.leader), Size.of(chain.number), _ONE, 1, count)
    start = chain.steps * chain.number + view.start
    return Slice(Value(chain.leader), start, view.count, view.stride, chain.steps * chain.among)


def _all_finals(view: ConcatFeatures) -> Expression:
    """The final states of all chains side by side are one flat value."""
    first = view.parts[0]
    if not (isinstance(first, Step) and isinstance(first.of, FinalState)):
        return view
    if first.steps != Size.of(len(view.parts)):
        return view
    every = tuple(
        Step(first.of, Size.of(number), first.steps) for number in range(first.steps.constant or 0)
    )
    return Flatten(first.of) if view.parts == every else view


def joined(parts: Sequence[Expression]) -> Expression:
    """Sequences one after the other; parts of one sequence that follow each other are one part of it."""
    found: list[Expression] = []
    for part in parts:
        one = _in_one(found[-1], part) if found else None
        found[-1:] = [one] if one is not None else [*found[-1:], part]
    whole = [_whole(part) for part in found]
    return whole[0] if len(whole) == 1 else ConcatTime(tuple(whole))


def _in_one(first: Expression, second: Expression) -> Expression | None:
    """Two views as one, where the second begins at the step after the first."""
    if isinstance(first, Slice) and isinstance(second, Slice):
        follows = second.start == first.start + first.count and first.of == second.of
        if follows and first.stride == second.stride == 1 and first.steps == second.steps:
            return replace(first, count=first.count + second.count)
    if (
        isinstance(first, ConcatFeatures)
        and isinstance(second, ConcatFeatures)
        and len(first.parts) == len(second.parts)
    ):
        parts = [_in_one(one, other) for one, other in zip(first.parts, second.parts, strict=True)]
        known = tuple(part for part in parts if part is not None)
        return ConcatFeatures(known) if len(known) == len(parts) else None
    return None


def _whole(view: Expression) -> Expression:
    """A slice of all steps is no slice."""
    if isinstance(view, Slice) and view.count == view.steps and view.stride == 1:
        return view.of
    return (
        ConcatFeatures(tuple(map(_whole, view.parts))) if isinstance(view, ConcatFeatures) else view
    )
