"""links → topology: what joins each input to each output, and the names the field has for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_RUNS = 4096
"""Beyond so many different paths from an input to a block, the rest are not told apart."""


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """Steps ``at, at + 1, ...`` of a block read steps ``start, start + stride, ...`` of another, ``count`` of them."""

    at: int
    count: int
    start: int
    stride: int


@dataclass(frozen=True, slots=True)
class Link:
    """How one block reads another.

    Attributes:
        source: the block that is read.
        target: the block that reads.
        kind: ``"wire"``; ``"bus"``: the same to every step; ``"memory"``: an attention's; ``"state"``.
        runs: for a wire, which steps read which.
    """

    source: int
    target: int
    kind: Literal["wire", "bus", "memory", "state"]
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """What the topology needs of a block: its steps (``None``: a vector) and whether it is recurrent."""

    steps: int | None
    recurrent: bool = False


def pair_topology(
    input_block: int, output_block: int, shapes: Sequence[Shape], links: Sequence[Link]
) -> str:
    """The topology between one input and one output that a path joins.

    All lengths are numbers; a free length is given as one that is larger than anything drawn.
    """
    before, after = shapes[input_block].steps, shapes[output_block].steps
    if before is None or after is None:
        many = {True: "many", False: "one"}
        return f"{many[before is not None]}-to-{many[after is not None]}"
    if _through_one_value(input_block, output_block, shapes, links):
        return "encoder-decoder"
    own = own_steps(input_block, shapes, links)[output_block]
    if before == after and _covers(own, 0, after):
        return "many-to-many aligned"
    if before > after and _covers(own, before - after, after):
        return "many-to-many last N"
    if _runs_on(input_block, output_block, shapes, links):
        return "many-to-many padded"
    return "graph"


def _through_one_value(
    input_block: int, output_block: int, shapes: Sequence[Shape], links: Sequence[Link]
) -> bool:
    """Whether every path leads through a vector, one step, a handed state or an attention's memory."""
    graph = nx.DiGraph()
    graph.add_nodes_from((input_block, output_block))
    touched: dict[tuple[int, int], set[int]] = {}
    for link in links:
        for run in link.runs:
            ends = {run.start, run.start + run.stride * (run.count - 1)}
            touched.setdefault((link.source, link.target), set()).update(ends)
    for link in links:
        vector = shapes[link.source].steps is None or shapes[link.target].steps is None
        one_step = (
            len(touched.get((link.source, link.target), ())) == 1 and shapes[link.source].steps != 1
        )
        if not vector and not one_step and link.kind in ("wire", "bus"):
            graph.add_edge(link.source, link.target)
    return not nx.has_path(graph, input_block, output_block)


def own_steps(
    start: int, shapes: Sequence[Shape], links: Sequence[Link]
) -> dict[int, frozenset[Run]]:
    """For every block: which of its steps see which steps of block ``start`` by wires alone."""
    steps = shapes[start].steps
    own: dict[int, frozenset[Run]] = {index: frozenset() for index in range(len(shapes))}
    if steps is None:
        return own
    own[start] = frozenset({Run(0, steps, 0, 1)})
    graph = nx.DiGraph((link.source, link.target) for link in links)
    by_target: dict[int, list[Link]] = {}
    for link in links:
        by_target.setdefault(link.target, []).append(link)
    for target in nx.topological_sort(graph):
        found: set[Run] = set(own[target])
        for link in by_target.get(target, ()):
            if link.kind == "wire" and len(found) < MOST_RUNS:
                found |= {
                    run
                    for outer in link.runs
                    for inner in own[link.source]
                    for run in _compose(outer, inner)
                }
        own[target] = frozenset(found)
    return own


def _compose(outer: Run, inner: Run) -> list[Run]:
    """The steps of ``outer`` whose read steps lie in ``inner``, with what those read in turn."""
    if outer.stride == 0 or outer.count == 1:
        if inner.at <= outer.start < inner.at + inner.count:
            step = inner.start + (outer.start - inner.at) * inner.stride
            return [Run(outer.at, outer.count, step, 0 if outer.count > 1 else 1)]
        return []
    bounds = sorted(
        (
            (inner.at - outer.start) / outer.stride,
            (inner.at + inner.count - 1 - outer.start) / outer.stride,
        )
    )
    first = max(0, -int(-bounds[0] // 1))
    last = min(outer.count - 1, int(bounds[1] // 1))
    if first > last:
        return []
    step = inner.start + (outer.start + outer.stride * first - inner.at) * inner.stride
    return [Run(outer.at + first, last - first + 1, step, outer.stride * inner.stride)]


def _covers(runs: frozenset[Run], shift: int, count: int) -> bool:
    """Whether every step ``j < count`` sees step ``j + shift``."""
    reached = 0
    for run in sorted(runs):
        aligned = run.start - run.at == shift and (run.stride == 1 or run.count == 1)
        if aligned and run.at <= reached:
            reached = max(reached, run.at + run.count)
    return reached >= count


def _runs_on(
    input_block: int, output_block: int, shapes: Sequence[Shape], links: Sequence[Link]
) -> bool:
    """Whether a recurrent row goes on after the input's last step, and the output reads those steps."""
    graph = nx.DiGraph((link.source, link.target) for link in links)
    between = nx.descendants(graph, input_block) & (
        nx.ancestors(graph, output_block) | {output_block}
    )
    for block in between:
        steps = shapes[block].steps
        if not shapes[block].recurrent or steps is None:
            continue
        wired = [run.at + run.count for link in links if link.target == block for run in link.runs]
        end = max(wired, default=steps)
        if end < steps and any(
            _reaches(run, end) for run in own_steps(block, shapes, links)[output_block]
        ):
            return True
    return False


def _reaches(run: Run, end: int) -> bool:
    return max(run.start, run.start + run.stride * (run.count - 1)) >= end


def model_topology(pairs: Sequence[tuple[str, bool]]) -> str:
    """The topology of a whole model.

    Args:
        pairs: each pair's topology, and whether its input is a sequence. A vector beside a sequence
            input does not count.
    """
    counted = [name for name, is_sequence in pairs if is_sequence] or [name for name, _ in pairs]
    if "encoder-decoder" in counted:
        return "encoder-decoder"
    return counted[0] if len(set(counted)) == 1 else "graph"


def stacked(shapes: Sequence[Shape], links: Sequence[Link]) -> int:
    """The most recurrent layers on one path between an input, a vector, a bus or an output."""
    depth = {index: int(shape.recurrent) for index, shape in enumerate(shapes)}
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(shapes)))
    graph.add_edges_from(
        (link.source, link.target)
        for link in links
        if link.kind == "wire"
        and shapes[link.source].steps is not None
        and shapes[link.target].steps is not None
    )
    for index in nx.topological_sort(graph):
        below = max((depth[other] for other in graph.predecessors(index)), default=0)
        depth[index] += below
    return max(depth.values(), default=0)


def is_residual(adders: Sequence[int], links: Sequence[Link]) -> bool:
    """Whether an ``add`` combines a value with something computed from it (He et al. 2016)."""
    graph = nx.DiGraph((link.source, link.target) for link in links if link.kind != "state")
    for adder in adders:
        below = list(graph.predecessors(adder)) if adder in graph else []
        if any(one != other and nx.has_path(graph, one, other) for one in below for other in below):
            return True
    return False


def differs(readings: Mapping[int, frozenset[int]], rows: Mapping[int, int]) -> bool:
    """Whether the blocks of one letter stand in different rows or over different blocks."""
    return len(set(readings.values())) > 1 or len(set(rows.values())) > 1
