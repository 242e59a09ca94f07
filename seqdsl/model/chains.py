"""model specification → the same model, the equal chains of a letter run as one batch of chains.

Chains of one letter share their weights and hand no state to each other. Those that do not wait for
each other can be run side by side: ``(batch, chains * steps, features)`` is seen as ``(batch * chains,
steps, features)``, goes through the layer once, and is seen as ``(batch, chains * steps, units)`` again.

What is left is an ordinary specification. Of a batch's blocks the first stands for all: its option ``chains``
tells how many there are, its steps are those of all of them; the others are applied no more. Its `Value` is all
chains one after the other, its `Final` the final states of all chains, a sequence with one step for each.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.model.layers import RECURRENT
from seqdsl.model.size import Size
from seqdsl.model.views import (
    Final,
    Flatten,
    JoinFeatures,
    JoinTime,
    Repeat,
    Slice,
    Step,
    Value,
    View,
    blocks_of,
    map_views,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.model.spec import Block, ModelSpec

_ONE = Size.of(1)


class Chains(NamedTuple):
    """How many chains a block stands for, and how many steps each has."""

    number: int
    steps: Size


def chains_of(block: Block) -> Chains | None:
    """The chains that a block stands for; ``None``: it is one by itself."""
    found = block.options.get("chains")
    return found if isinstance(found, Chains) else None


class _Chain(NamedTuple):
    """A block's place in its batch: which chain it is of how many, and the block that stands for all."""

    leader: int
    number: int
    among: int
    steps: Size
    direction: object


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
        assert first.layer is not None and first.steps is not None
        alone = used[first.layer.name] == len(members)
        blocks[first.index] = replace(
            first,
            name=first.layer.name if alone else first.name,
            views=(joined([blocks[index].views[0] for index in members]),),
            steps=first.steps * len(members),
            options={**first.options, "chains": Chains(len(members), first.steps)},
            uses=uses.get(first.index, frozenset({"sequence"})),
        )
    order = _order(spec, blocks, chains)
    return replace(spec, blocks=tuple(blocks), order=order)


def _batches(spec: ModelSpec) -> tuple[list[list[int]], dict[int, _Chain]]:
    """The batches whose chains are parts of one sequence, and the place of every chain in its batch.

    A layer over different inputs is applied to each, as anybody would write it.
    """
    batches: list[list[int]] = []
    chains: dict[int, _Chain] = {}
    for members in _find_batches(spec):
        seen = [_view(spec.blocks[index].views[0], chains) for index in members]
        if isinstance(joined(seen), JoinTime):
            continue
        batches.append(members)
        for number, index in enumerate(members):
            block = spec.blocks[index]
            steps, direction = block.steps or _ONE, block.options["direction"]
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
        direction = block.options["direction"]
        key = (_layer(block), direction, block.steps, depth[block.index])
        groups.setdefault(key, []).append(block.index)
    return [members for members in groups.values() if len(members) > 1]


def _layer(block: Block) -> str | None:
    return block.layer.name if block.layer is not None else None


def _is_able(block: Block, spec: ModelSpec) -> bool:
    """Whether a block's chain begins at zero, ends in itself, and is as long in every sample."""
    return (
        block.kind in RECURRENT
        and block.steps is not None
        and not block.steps.names & set(spec.free)
        and block.start is None
        and not block.masks
        and "state" not in block.uses
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
    if block.start is not None and block.start.block is not None:
        found.add(block.start.block)
    return found - {block.index}


def seen(block: Block) -> list[View]:
    """Everything that a block's value is made from."""
    options = [item for item in block.options.values() if isinstance(item, View)]
    start = () if block.start is None else block.start.views
    return [*block.views, *start, *block.masks, *block.memory_masks, *options]


def _uses(views: Sequence[View]) -> dict[int, frozenset[str]]:
    """What is read of each block."""
    found: dict[int, set[str]] = {}
    for item in (inner for view in views for inner in walk(view)):
        if isinstance(item, Value | Final):
            use = "final" if isinstance(item, Final) else "sequence"
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
    options = {
        key: _view(item, chains) if isinstance(item, View) else item
        for key, item in block.options.items()
    }
    start = block.start
    if start is not None and start.views:
        start = replace(start, views=tuple(_view(view, chains) for view in start.views))
    views = tuple(_view(view, chains) for view in block.views)
    return replace(block, views=views, options=options, start=start)


def _view(view: View, chains: Mapping[int, _Chain]) -> View:
    """A view of chains as a view of their batch."""
    # `isdisjoint` would go through all chains.
    if not any(block in chains for block in blocks_of(view)):
        return view
    if isinstance(view, Value):
        chain = chains[view.block]
        first = chain.steps * chain.number
        return Slice(Value(chain.leader), first, chain.steps, 1, chain.steps * chain.among)
    if isinstance(view, Final):
        chain = chains[view.block]
        return Step(Final(chain.leader), Size.of(chain.number), Size.of(chain.among))
    if isinstance(view, Slice) and isinstance(view.of, Value):
        return _slice(view, chains[view.of.block])
    inner = map_views(view, lambda part: _view(part, chains))
    if isinstance(inner, Step) and isinstance(inner.of, Slice):
        few = inner.of
        return Step(few.of, few.start + few.stride * inner.index, few.steps)
    if isinstance(inner, Repeat) and isinstance(inner.of, Step) and inner.count == _ONE:
        return Slice(inner.of.of, inner.of.index, _ONE, 1, inner.of.steps)
    if isinstance(inner, JoinTime):
        return joined(inner.parts)
    return _all_finals(inner) if isinstance(inner, JoinFeatures) else inner


def _slice(view: Slice, chain: _Chain) -> View:
    """Some steps of a chain; its last one is its final state."""
    assert isinstance(view.of, Value)
    end = {">": chain.steps - 1, "<": Size.of(0)}.get(str(chain.direction))
    if view.count == _ONE and view.start == end:
        count = Size.of(chain.among)
        return Slice(Final(chain.leader), Size.of(chain.number), _ONE, 1, count)
    start = chain.steps * chain.number + view.start
    return Slice(Value(chain.leader), start, view.count, view.stride, chain.steps * chain.among)


def _all_finals(view: JoinFeatures) -> View:
    """The final states of all chains side by side are one flat value."""
    first = view.parts[0]
    if not (isinstance(first, Step) and isinstance(first.of, Final)):
        return view
    if first.steps != Size.of(len(view.parts)):
        return view
    every = tuple(
        Step(first.of, Size.of(number), first.steps) for number in range(first.steps.constant or 0)
    )
    return Flatten(first.of) if view.parts == every else view


def joined(parts: Sequence[View]) -> View:
    """Sequences one after the other; parts of one sequence that follow each other are one part of it."""
    found: list[View] = []
    for part in parts:
        one = _in_one(found[-1], part) if found else None
        found[-1:] = [one] if one is not None else [*found[-1:], part]
    whole = [_whole(part) for part in found]
    return whole[0] if len(whole) == 1 else JoinTime(tuple(whole))


def _in_one(first: View, second: View) -> View | None:
    """Two views as one, where the second begins at the step after the first."""
    if isinstance(first, Slice) and isinstance(second, Slice):
        follows = second.start == first.start + first.count and first.of == second.of
        if follows and first.stride == second.stride == 1 and first.steps == second.steps:
            return replace(first, count=first.count + second.count)
    if (
        isinstance(first, JoinFeatures)
        and isinstance(second, JoinFeatures)
        and len(first.parts) == len(second.parts)
    ):
        parts = [_in_one(one, other) for one, other in zip(first.parts, second.parts, strict=True)]
        known = tuple(part for part in parts if part is not None)
        return JoinFeatures(known) if len(known) == len(parts) else None
    return None


def _whole(view: View) -> View:
    """A slice of all steps is no slice."""
    if isinstance(view, Slice) and view.count == view.steps and view.stride == 1:
        return view.of
    return JoinFeatures(tuple(map(_whole, view.parts))) if isinstance(view, JoinFeatures) else view
