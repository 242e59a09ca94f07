"""links → topology: what joins each input to each output, and the names the field has for it."""

from __future__ import annotations

from functools import cached_property
from math import gcd, lcm
from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.analysis.bottlenecks import Bottlenecks
from seqdsl.analysis.links import LinkKind, Run
from seqdsl.model.topology import Topology

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.analysis.links import Link, Shape

MOST_RUNS = 4096
"""Beyond so many different paths from an input to a block, the rest are not distinguished."""


_OF_VECTORS = {
    (False, False): Topology.ONE_TO_ONE,
    (False, True): Topology.ONE_TO_MANY,
    (True, False): Topology.MANY_TO_ONE,
}
"""Where an end is a vector: by whether the input, and the output, are sequences."""


class Paths:
    """The paths through a model, and the topologies of its pairs of an input and an output.

    All lengths are numbers; a free length is given as one that is larger than anything drawn.
    """

    def __init__(
        self, shapes: Sequence[Shape], links: Sequence[Link], order: Sequence[int]
    ) -> None:
        """Index the links by the blocks that they join; ``order`` has each block behind what it reads."""
        self.shapes = shapes
        self.bottlenecks = Bottlenecks(shapes, links, order)
        self.into: dict[int, list[Link]] = {}
        for link in links:
            self.into.setdefault(link.target, []).append(link)
        self._place = {block: at for at, block in enumerate(order)}
        self._own: dict[int, dict[int, frozenset[Run]]] = {}

    def reached(self, start: int) -> set[int]:
        """The blocks to which a path leads from ``start``."""
        return self.bottlenecks.reached(start)

    def topology(self, input_block: int, output_block: int) -> Topology:
        """The topology between one input and one output that a path joins."""
        before, after = self.shapes[input_block].steps, self.shapes[output_block].steps
        if before is None or after is None:
            return _OF_VECTORS[before is not None, after is not None]
        if self.bottlenecks.are_between(input_block, output_block):
            return Topology.ENCODER_DECODER
        own = self.own(input_block).get(output_block, frozenset())
        # x0 x1 x2 -> y0 y1 y2, each y from its own x at least; a shorter output is aligned with the input's end.
        if before == after and _covers(own, 0, after):
            return Topology.ALIGNED
        if before > after and _covers(own, before - after, after):
            return Topology.LAST_N
        if self._runs_on(input_block, output_block):
            return Topology.PADDED
        return Topology.GRAPH

    def own(self, start: int) -> dict[int, frozenset[Run]]:
        """For every block that wires alone join to ``start``: which of its steps read which steps of it."""
        if start not in self._own:
            self._own[start] = self._trace_own(start)
        return self._own[start]

    def _trace_own(self, start: int) -> dict[int, frozenset[Run]]:
        steps = self.shapes[start].steps
        if steps is None:
            return {}
        # The input reads itself, step by step; every other block reads what the blocks below it read, composed.
        own = {start: frozenset({Run(0, steps, 0, 1)})}
        within = (start, *self.reached(start))
        for target in sorted(within, key=self._place.__getitem__):
            runs = set(own.get(target, ()))
            for link in self.into.get(target, ()):
                inner_runs = own.get(link.source, frozenset())
                if link.kind is LinkKind.WIRE and len(runs) < MOST_RUNS:
                    runs |= {
                        run
                        for outer in link.runs
                        for inner in inner_runs
                        for run in _compose(outer, inner)
                    }
            if runs:
                own[target] = frozenset(runs)
        return own

    def _runs_on(self, input_block: int, output_block: int) -> bool:
        """Whether a recurrent row goes on after the input's last step, and the output reads those steps."""
        return not self._past_end.get(output_block, set()).isdisjoint(self.reached(input_block))

    @cached_property
    def _past_end(self) -> dict[int, set[int]]:
        """For every block the recurrent ones of which it reads steps after the last to which a wire leads."""
        past_end: dict[int, set[int]] = {}
        for block, shape in enumerate(self.shapes):
            if not shape.recurrent or shape.steps is None:
                continue
            # H-H-H-H-H    the wires of the input end at the third step: the last two run on by themselves
            # | | |        what reads those is longer than its input, or starts behind it
            # X X X
            wired = [run.end for link in self.into.get(block, ()) for run in link.runs]
            end = max(wired, default=shape.steps)
            for reader, runs in self.own(block).items() if end < shape.steps else ():
                if any(_reaches(run, end) for run in runs):
                    past_end.setdefault(reader, set()).add(block)
        return past_end


def _compose(outer: Run, inner: Run) -> list[Run]:
    """The steps of ``outer`` whose read steps lie in ``inner``, with what those read in turn.

    Example:
        Of steps that are each read twice (``every = 2``), every second one is read: each of them, once.
    """
    # outer: step `at + every * i` reads `start + stride * i`, for i = 0 to count - 1, and inner likewise. Of interest
    # are the i for which outer reads a step that is one of inner's:
    #
    #     outer.start + outer.stride * i  =  inner.at + inner.every * j
    #
    # For positive strides these i are an arithmetic progression, as a linear congruence has one solution modulo
    # inner.every / gcd(outer.stride, inner.every), or none.
    last_inner = inner.at + inner.every * (inner.count - 1)
    if outer.stride == 0 or outer.count == 1:
        place, rest = divmod(outer.start - inner.at, inner.every)
        if rest or not inner.at <= outer.start <= last_inner:
            return []
        step = inner.start + place * inner.stride
        return [Run(outer.at, outer.count, step, 0 if outer.count > 1 else 1, outer.every)]
    # A stride may be negative, as in a row that is read backward: then the last i is met first.
    bounds = sorted(
        ((inner.at - outer.start) / outer.stride, (last_inner - outer.start) / outer.stride)
    )
    first = max(0, -int(-bounds[0] // 1))
    last = min(outer.count - 1, int(bounds[1] // 1))
    # Of the steps in reach, those that meet one of the inner run's: every ``apart``-th.
    shared = gcd(outer.stride, inner.every)
    apart = inner.every // shared
    offset, rest = divmod(inner.at - outer.start, shared)
    if rest:
        return []
    # The inverse exists: what is left of the two has no common divisor.
    phase = offset * pow(outer.stride // shared, -1, apart) % apart if apart > 1 else 0
    first += (phase - first) % apart
    if first > last:
        return []
    place = (outer.start + outer.stride * first - inner.at) // inner.every
    return [
        Run(
            outer.at + outer.every * first,
            (last - first) // apart + 1,
            inner.start + place * inner.stride,
            outer.stride * apart // inner.every * inner.stride,
            outer.every * apart,
        )
    ]


def _shifted(run: Run, shift: int) -> Run | None:
    """Those steps of a run that read the one so many steps behind their own; ``None``: there are none.

    ::

        Y Y       a run of stride 0: both steps of Y read the first one of X, which is the own one of the first Y alone
        |/
        X X
    """
    apart, along = run.at + shift - run.start, run.stride - run.every
    if along == 0:
        return run if apart == 0 else None
    place, rest = divmod(apart, along)
    if rest or not 0 <= place < run.count:
        return None
    step = run.at + run.every * place
    return Run(step, 1, step + shift, 1)


def _covers(runs: frozenset[Run], shift: int, count: int) -> bool:
    """Whether every step ``j < count`` reads step ``j + shift``."""
    aligned = [item for run in runs if (item := _shifted(run, shift)) is not None]
    # Two runs with `every` 2 and 3 cover the steps in a pattern that comes back after 6: each remainder by itself.
    apart = lcm(*{run.every for run in aligned})
    if apart > MOST_RUNS:
        return False
    # How far the steps of each remainder are covered: the next of them that is not.
    reached = list(range(apart))
    for run in sorted(aligned):
        for first in range(run.at, min(run.end, run.at + apart), run.every):
            steps = (run.end - 1 - first) // apart + 1
            if first <= reached[first % apart]:
                reached[first % apart] = max(reached[first % apart], first + steps * apart)
    return all(step >= count for step in reached)


def _reaches(run: Run, end: int) -> bool:
    return max(run.start, run.start + run.stride * (run.count - 1)) >= end


def model_topology(pairs: Sequence[tuple[Topology, bool]]) -> Topology:
    """The topology of a whole model.

    Args:
        pairs: each pair's topology, and whether its input is a sequence. A vector beside a sequence
            input does not count. Without any pair, a model is a graph.
    """
    # A tagger with a condition: X (sequence) many-to-many aligned, V (vector) one-to-many. The sequence decides.
    counted = [name for name, is_sequence in pairs if is_sequence] or [name for name, _ in pairs]
    if Topology.ENCODER_DECODER in counted:
        return Topology.ENCODER_DECODER
    return counted[0] if len(set(counted)) == 1 else Topology.GRAPH


def stacked(shapes: Sequence[Shape], links: Sequence[Link], order: Sequence[int]) -> int:
    """The most recurrent layers on one path between an input, a vector, a bus or an output.

    Args:
        shapes: all blocks.
        links: what they read.
        order: the blocks, each behind what it reads.
    """
    # A bus, a vector or an attention ends a stack: what is above reads all steps, and is another part of the model.
    depth = {index: int(shape.recurrent) for index, shape in enumerate(shapes)}
    below: dict[int, set[int]] = {}
    for link in links:
        ends = shapes[link.source].steps, shapes[link.target].steps
        if link.kind is LinkKind.WIRE and None not in ends:
            below.setdefault(link.target, set()).add(link.source)
    for index in order:
        depth[index] += max((depth[other] for other in below.get(index, ())), default=0)
    return max(depth.values(), default=0)


def is_residual(adders: Sequence[int], links: Sequence[Link]) -> bool:
    """Whether an ``add`` combines a value with something computed from it (He et al. 2016)."""
    if not adders:
        return False
    graph = nx.DiGraph(
        (link.source, link.target) for link in links if link.kind is not LinkKind.STATE
    )
    for adder in adders:
        below = list(graph.predecessors(adder)) if adder in graph else []
        if any(one != other and nx.has_path(graph, one, other) for one in below for other in below):
            return True
    return False


def differs(readings: Mapping[int, frozenset[int]], rows: Mapping[int, int]) -> bool:
    """Whether the blocks of one letter are in different rows or over different blocks."""
    return len(set(readings.values())) > 1 or len(set(rows.values())) > 1
