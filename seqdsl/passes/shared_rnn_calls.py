"""model specification → the same model, the equal chains of a letter run as one batch of chains.

Chains of one letter share their weights and pass no state to each other. Those that do not wait for
each other can be run side by side: ``(batch, chains * steps, features)`` is viewed as ``(batch * chains,
steps, features)``, goes through the layer once, and is viewed as ``(batch, chains * steps, units)`` again.

What is left is an ordinary specification. Of a batch's blocks the first represents all: its `Batch`
has their number, its steps are those of all of them; the others are applied no more. Its `Value` is all
chains one after the other, its `FinalState` the final states of all chains, a sequence with one step for each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.changes import map_operation
from seqdsl.ir.expressions import (
    ConcatTime,
    Expression,
    FinalState,
    Value,
    blocks_of,
    walk,
)
from seqdsl.ir.loops import find_circles
from seqdsl.ir.operations import Batch, PassedState, Scan, Use, read_by
from seqdsl.passes.batch_views import Chain, in_batch, joined
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

    from seqdsl.model.spec import Block, ModelSpec

_ONE = Size.of(1)


def batch_of(block: Block) -> Batch | None:
    """The chains that a block represents; ``None``: it is one by itself."""
    operation = block.operation
    return operation.batch if isinstance(operation, Scan) else None


def scan_of(block: Block) -> Scan:
    """The recurrence of a recurrent block."""
    assert isinstance(block.operation, Scan)
    return block.operation


def batch_chains(spec: ModelSpec) -> ModelSpec:
    """Let equal chains of one letter run as one batch; a model without any is returned as it is."""
    batches, chains = _batches(spec)
    if not batches:
        return spec
    # H-H H-H      H is called once: (batch, 2 * 2, f) is viewed as (batch * 2, 2, f), and what comes out of it as
    # | | | |      (batch, 2 * 2, u); or, where only final states are read, as (batch, 2, u)
    # X X X X
    blocks = [_block(block, chains) for block in spec.blocks]
    # The first chain of a batch represents all; the others keep their place in the list, but have no layer.
    for members in batches:
        for index in members[1:]:
            blocks[index] = replace(blocks[index], layer=None)
    uses = _uses_of_batches(blocks, batches, chains)
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


def _batches(spec: ModelSpec) -> tuple[list[list[int]], dict[int, Chain]]:
    """The batches whose chains are parts of one sequence, and the place of every chain in its batch.

    A layer over different inputs is applied to each, as written by hand.
    """
    batches: list[list[int]] = []
    chains: dict[int, Chain] = {}
    for members in _find_batches(spec):
        # Only if what the chains read is one sequence already: to put it together would cost more than it saves.
        views = [in_batch(spec.blocks[index].views[0], chains) for index in members]
        if isinstance(joined(views), ConcatTime):
            continue
        batches.append(members)
        for number, index in enumerate(members):
            block = spec.blocks[index]
            steps, direction = block.steps or _ONE, scan_of(block).direction
            chains[index] = Chain(members[0], number, len(members), steps, direction)
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
    # The runs of a loop go step by step with what they wait for.
    others = {item.block for item in spec.outputs}.union(*find_circles(spec))
    able = [
        block
        for block in spec.blocks
        if block.index not in others and _is_able(block, spec) and used[str(_layer(block))] > 1
    ]
    if not able:
        return []
    # H-H H-H      the two lower chains are of one depth, and so are the two upper ones: a batch each, but not one of
    # | | | |      all four, as the upper ones wait for the lower ones
    # H-H H-H
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
    """Whether a block's chain begins at zero, over features, ends in itself, and is as long in every sample."""
    return (
        isinstance(block.operation, Scan)
        and block.steps is not None
        and not block.steps.names & set(spec.free)
        and not block.has_start
        and not block.masks
        and not block.grid
        and Use.STATE not in block.uses
    )


def _depths(spec: ModelSpec) -> dict[int, int]:
    """How many blocks at most are below each: blocks of one depth never wait for each other."""
    depth: dict[int, int] = {}
    for index in spec.order:
        # In a loop each waits for the others; what reads it is above all that come before it.
        depth[index] = 1 + max(
            (depth.get(source, 0) for source in _sources(spec.blocks[index])), default=0
        )
    return depth


def _sources(block: Block) -> set[int]:
    """The blocks that have to be there before a block."""
    sources = {source for view in views_read(block) for source in blocks_of(view)}
    if isinstance(block.operation, Scan) and isinstance(block.operation.initial, PassedState):
        sources.add(block.operation.initial.source)
    return sources - {block.index}


def views_read(block: Block) -> list[Expression]:
    """Everything that a block's value is made from."""
    return [*read_by(block.operation), *block.masks]


def _uses(views: Sequence[Expression]) -> dict[int, frozenset[Use]]:
    """What is read of each block."""
    uses: dict[int, set[Use]] = {}
    for item in (inner for view in views for inner in walk(view)):
        if isinstance(item, Value | FinalState):
            use = Use.FINAL if isinstance(item, FinalState) else Use.SEQUENCE
            uses.setdefault(item.block, set()).add(use)
    return {index: frozenset(use) for index, use in uses.items()}


def _order(
    spec: ModelSpec, blocks: Sequence[Block], chains: Mapping[int, Chain]
) -> tuple[int, ...]:
    """The blocks that are applied, each after those that it reads."""
    import networkx as nx

    applied = [index for index in spec.order if index not in chains or chains[index].number == 0]
    graph = nx.DiGraph()
    graph.add_nodes_from(applied)
    graph.add_edges_from((source, index) for index in applied for source in _sources(blocks[index]))
    if nx.is_directed_acyclic_graph(graph):
        return tuple(nx.lexicographical_topological_sort(graph))
    return _order_of_loops(graph, applied)


def _order_of_loops(graph: nx.DiGraph, applied: Sequence[int]) -> tuple[int, ...]:
    """The same where there are loops: their members side by side, in their own order."""
    import networkx as nx

    places = {index: place for place, index in enumerate(applied)}
    whole = nx.condensation(graph)
    members = {
        number: sorted(whole.nodes[number]["members"], key=places.__getitem__) for number in whole
    }
    parts = nx.lexicographical_topological_sort(whole, key=lambda number: members[number])
    return tuple(index for number in parts for index in members[number])


def _block(block: Block, chains: Mapping[int, Chain]) -> Block:
    """The block, reading batches where it read their chains."""
    return replace(
        block, operation=map_operation(block.operation, lambda view: in_batch(view, chains))
    )


def _uses_of_batches(
    blocks: Sequence[Block], batches: Sequence[Sequence[int]], chains: Mapping[int, Chain]
) -> dict[int, frozenset[Use]]:
    """Which values of each block are read; of all chains of a batch, it is the first that reads."""
    read = [view for block in blocks if block.index not in chains for view in views_read(block)]
    read += [view for members in batches for view in blocks[members[0]].views]
    return _uses(read)
