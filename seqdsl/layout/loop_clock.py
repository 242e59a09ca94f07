"""wiring → the loops in it, and for each of their blocks the step of its loop at which it begins.

::

    step    0 1 2 3 4
                Y Y Y     `Y` begins at step 2 of the loop, as its first step reads step 2 of `D`; so what `D` reads of
            D-D-D-D-D     it is one step earlier: step 0 of `Y` at step 3
            X X X y y
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.layers import Family
from seqdsl.layout.picture import Unplaceable
from seqdsl.layout.reading import family_of, reads
from seqdsl.layout.wiring import Steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from seqdsl.layout.wiring import Block, Part, Source, Wiring


def find_circles(wiring: Wiring) -> list[list[int]]:
    """The blocks of each loop, in the order of the wiring."""
    edges = [(item.block, at) for at, block in enumerate(wiring.blocks) for item in reads(block)]
    # Hardly any wiring has a loop, and then each block is behind those that it reads.
    if all(source < at for source, at in edges):
        return []
    graph = nx.DiGraph(edges)
    parts = nx.strongly_connected_components(graph)
    return sorted(sorted(part) for part in parts if len(part) > 1 or graph.has_edge(*part, *part))


class Clock:
    """When the blocks of a loop begin.

    Attributes:
        start: the step of the loop at which each block has its first step.
    """

    def __init__(self, wiring: Wiring, circle: Collection[int]) -> None:
        """Find out: a block is as early as what it reads of those before it allows.

        Raises:
            Unplaceable: a block of the loop is no sequence, or reads another one as a whole.
        """
        self._blocks = wiring.blocks
        self.start: dict[int, int] = {}
        self._group: dict[int, int] = {}
        for at in sorted(circle):
            block = self._blocks[at]
            _check(block, circle)
            needed = self._needed(at, block)
            self._group[at] = at
            self.start[at] = next(iter(needed.values()), 0)
            # What only this block joins begins together: the latest of each is what this one needs.
            for group, least in needed.items():
                self._move(group, at, self.start[at] - least)

    def lag(self, at: int, step: int, part: Part) -> int:
        """How many steps before a step of a block what it reads is."""
        assert part is not None
        return self.start[at] + step - self.start[part.block] - part.step

    def _needed(self, at: int, block: Block) -> dict[int, int]:
        """When a block may begin at the earliest, by each group of those before it."""
        needed: dict[int, int] = {}
        for step, part in _parts(block):
            if part.block in self.start and part.block < at:
                group = self._group[part.block]
                least = self.start[part.block] + part.step - step
                needed[group] = max(least, needed.get(group, least))
        return needed

    def _move(self, group: int, into: int, by: int) -> None:
        for at, of in self._group.items():
            if of == group and at != into:
                self._group[at] = into
                self.start[at] += by


def _parts(block: Block) -> Iterator[tuple[int, Source]]:
    for operand in block.operands:
        if isinstance(operand, Steps):
            for step, parts in enumerate(operand.of):
                yield from ((step, part) for part in parts if part is not None)


def _check(block: Block, circle: Collection[int]) -> None:
    """Make sure that a block of a loop reads others of it step by step."""
    stepwise = {part for _, part in _parts(block)}
    whole = {item.block for item in reads(block) if item not in stepwise or item.final}
    if block.steps is None or not whole.isdisjoint(circle):
        # v(tanh(w([h, memory]))) makes keys of each state: a matrix for each of both makes the same scores.
        if family_of(block) is Family.ATTENTION:
            raise Unplaceable(
                f"the keys of `{block.layer}` are computed of the state anew at each step",
                "compute its scores with a linear layer for the state and another one for the memory, "
                "v(tanh(w(state) + u(memory))), instead of one for both side by side",
            )
        raise Unplaceable(
            f"`{block.layer}` reads all that it gives itself, not the steps before",
            "let each iteration read what the one before it gave",
        )
