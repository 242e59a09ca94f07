"""what blocks read → loops and order; a loop is computed by rounds, until no step of it changes any more.

Y Y Y      round 1: y is zero, so that only the first step is right; round 2: the second one, too; round 3: all
D D D
S y y
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from math import prod
from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.verify.oracle.cells import STATES
from seqdsl.verify.oracle.grids import grid_of
from seqdsl.verify.oracle.state_sizes import state_sizes
from seqdsl.verify.oracle.steps import WAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.verify.oracle.steps import Place
    from seqdsl.verify.oracle.values import Walk

    Given = tuple[tuple[int, ...], int]
    Called = Callable[[Walk, int], Given]


class Unsettled(Exception):
    """A loop whose steps depend on later ones: a picture that must not compile."""


def in_order(
    read: Mapping[int, set[int]], wired: Mapping[int, set[int]]
) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """The blocks, each after those that it reads, and those of each loop, in the order of their wires.

    Args:
        read: the blocks that each block reads.
        wired: the same without what is read through delayed nodes.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(read)
    graph.add_edges_from((source, index) for index, found in read.items() for source in found)
    parts = nx.condensation(graph)
    order: list[int] = []
    loops: list[tuple[int, ...]] = []
    for part in nx.topological_sort(parts):
        members = parts.nodes[part]["members"]
        inner = TopologicalSorter({index: wired[index] & members for index in members})
        here = tuple(inner.static_order())
        order += here
        if len(here) > 1 or here[0] in read[here[0]]:
            loops.append(here)
    return tuple(order), tuple(loops)


def settle(loop: Sequence[int], steps: int, visit: Callable[[], bool]) -> None:
    """Compute a loop round by round until nothing changes.

    Args:
        loop: its blocks.
        steps: how many steps they have together: more rounds are not needed.
        visit: computes all of them once, and tells whether anything changed.

    Raises:
        Unsettled: it goes on changing.
    """
    for _ in range(steps + 2):
        if not visit():
            return
    raise Unsettled(loop)


_SIZES = ("units", "filters", "features")
_SHARES = {"sample_normal": 2}
COMBINED = ("add", "multiply", "mean", "max", "min")
"""The kinds that combine several values element by element."""


def loop_widths(walk: Walk, loop: Sequence[int], called: Called) -> dict[int, int]:
    """How many numbers the steps of a loop's blocks have, before anything of it is computed; grids are noted.

    Args:
        walk: what has been computed so far.
        loop: its blocks.
        called: tells the grid, and how many features, another picture gives that a block calls.
    """
    _find_grids(walk, loop, called)
    widths: dict[int, int] = {}
    for _ in loop:
        widths |= {
            index: width
            for index in loop
            if index not in widths and (width := _width(walk, index, widths, called)) is not None
        }
    # The numbers of all places of a grid are one vector.
    return {index: width * prod(walk.grids.get(index, ())) for index, width in widths.items()}


def _find_grids(walk: Walk, loop: Sequence[int], called: Called) -> None:
    """Note the grids of a loop's blocks: what a block reads from outside, or of others by now, has one."""
    for _ in loop:
        for index in loop:
            is_called = index in walk.drawing.called
            grid = called(walk, index)[0] if is_called else grid_of(walk, index)
            walk.grids |= {index: grid} if grid else {}


def _said(walk: Walk, index: int, called: Called) -> int | None:
    """The width that a block has whatever it reads."""
    if index in walk.drawing.called:
        return called(walk, index)[1]
    if walk.kind(index) in STATES or walk.kind(index) in walk.drawing.cells:
        ways = len(WAYS[walk.drawing.states.directions[index]])
        return ways * state_sizes(walk, index)[0] // prod(walk.grid_read(index))
    size = next((name for name in _SIZES if walk.argument(index, name) is not None), None)
    if size is not None:
        return walk.size(index, size)
    return 1 if walk.chosen(index) else None


def _width(walk: Walk, index: int, widths: Mapping[int, int], called: Called) -> int | None:
    """The width of a block, as far as it can be told."""
    size = _said(walk, index, called)
    if size is not None:
        return size
    found = [_wide(walk, column, widths) for column in _columns(walk, index)]
    told = [width for width in found if width is not None]
    if walk.kind(index) in COMBINED:
        return max(told, default=None)
    if len(told) < len(found):
        return None
    if walk.kind(index) == "flatten":
        return sum(told) * prod(walk.grid_read(index))
    # Of a mean and a deviation side by side one half is drawn.
    return sum(told) // _SHARES.get(walk.kind(index), 1)


def _columns(walk: Walk, index: int) -> list[tuple[Place | None, ...]]:
    """The operands that tell how wide a block is: of an attention what it attends to, which a bus leads.

    Its heads give as much as asks them, which no bus leads.
    """
    columns = list(zip(*walk.steps.operands[index], strict=True))
    if walk.kind(index) != "attention":
        return columns
    has_heads = walk.argument(index, "heads") is not None
    return [column for column in columns if any(map(_asks if has_heads else _is_memory, column))]


def _asks(place: Place | None) -> bool:
    return place is not None and not place.bus


def _is_memory(place: Place | None) -> bool:
    return place is not None and bool(place.bus) and not place.is_key


def _wide(walk: Walk, column: Sequence[Place | None], widths: Mapping[int, int]) -> int | None:
    """How wide an operand is: as any step of it whose width is known."""
    for place in filter(None, column):
        block = place.sources[0].block
        if block in widths:
            return widths[block]
        if block in walk.values:
            count = prod(walk.grids.get(block, ()))
            return walk.value(place.sources[0]).shape[-1] // count
    return None
