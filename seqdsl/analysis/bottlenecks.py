"""links → bottlenecks: whether all that joins an input to an output passes through one value.

A *value* is what a link carries that is a vector, one step, a passed state or an attention's memory. Several values
are *separate* where two of them come from different steps of the input, or go to different steps of the output:

::

      Y     Y        two chains, each with an output of its own: no encoder and decoder
      |     |
    H-H   H-H
    | |   | |
    X X   X X

Steps are intervals here: precise enough to distinguish one side of a row from the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.analysis.links import LinkKind
from seqdsl.analysis.live_links import Steps, hull, live_links, read_by
from seqdsl.budget import MOST_TRACED, Overgrown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.analysis.links import Link, Run, Shape

_MOST_VALUES = 8
"""So many values are compared, the first and the last ones: of many chains any two are separate."""


class Bottlenecks:
    """The links that carry one value, and what lies on both sides of them."""

    def __init__(
        self, shapes: Sequence[Shape], links: Sequence[Link], order: Sequence[int]
    ) -> None:
        """Index the links by the blocks that they join; ``order`` has each block behind what it reads."""
        self.shapes = shapes
        links = live_links(shapes, links, order)
        self.all = _graph(shapes, links)
        wide = _wide(shapes, links)
        # Where no link carries one value, there is nothing to look for.
        self.wide = self.all if len(wide) == len(links) else _graph(shapes, wide)
        self.order = order
        self.into: dict[int, list[Link]] = {}
        self.out_of: dict[int, list[Link]] = {}
        for link in links:
            self.into.setdefault(link.target, []).append(link)
            self.out_of.setdefault(link.source, []).append(link)
        self._room = MOST_TRACED
        # What lies above the input that was asked for last: its pairs are asked for one after the other.
        self._reached_from: tuple[int, set[int]] = (-1, set())
        self._near: tuple[int, set[int]] = (-1, set())

    def reached(self, start: int) -> set[int]:
        """The blocks to which a path leads from ``start``."""
        if self._reached_from[0] != start:
            self._reached_from = start, nx.descendants(self.all, start)
        return self._reached_from[1]

    def are_between(self, start: int, end: int) -> bool:
        """Whether all paths from ``start`` to ``end`` pass through values, at least once through no separate ones.

        Raises:
            Overgrown: there are too many pairs, for all that lies between them.
        """
        if self.wide is self.all:
            return False
        # The values that are met first on the way up are above `near`, those that are met last below `far`.
        if self._near[0] != start:
            self._near = start, nx.descendants(self.wide, start) | {start}
        near = self._near[1]
        # Without a single value on the way: then some path passes through none.
        if end in near:
            return False
        reached = self.reached(start)
        lead_to_end = nx.ancestors(self.all, end) | {end}
        far = nx.ancestors(self.wide, end) | {end}
        self._take(len(lead_to_end) + len(far) + len(near))
        first = [
            link
            for item in near
            for link in self.out_of.get(item, ())
            if link.target in lead_to_end
        ]
        last = [
            link
            for item in far
            for link in self.into.get(item, ())
            if link.source == start or link.source in reached
        ]
        return not (self._are_separate(first, start, end) and self._are_separate(last, start, end))

    def _take(self, blocks: int) -> None:
        """Account for blocks that are looked at for one pair."""
        self._room -= blocks
        if self._room < 0:
            raise Overgrown(
                f"more than {MOST_TRACED:,} blocks between the inputs and outputs, added up over their pairs",
                "split the picture into several models",
            )

    def _are_separate(self, links: Sequence[Link], start: int, end: int) -> bool:
        values = [link for link in links if not self.wide.has_edge(link.source, link.target)]
        # What several blocks read is one value.
        distinct = {(link.source, link.kind, self._read(link)) for link in values}
        together = {(link.target, self._written(link)) for link in values}
        if len(distinct) < 2 or (len(together) == 1 and _is_one(together.pop()[1])):
            return False
        if len(values) > _MOST_VALUES:
            values = values[: _MOST_VALUES // 2] + values[-_MOST_VALUES // 2 :]
        return _are_apart(self._below(link, start) for link in values) or _are_apart(
            self._above(link, end) for link in values
        )

    def _read(self, link: Link) -> Steps:
        """The steps of its source that a link reads."""
        return read_by(link, self.shapes)

    def _written(self, link: Link) -> Steps:
        """The steps of its target that read a link."""
        return hull(Steps(run.at, run.at + run.count - 1) for run in link.runs) or self._whole(
            link.target
        )

    def _whole(self, block: int) -> Steps:
        return Steps(0, (self.shapes[block].steps or 1) - 1)

    def _below(self, link: Link, start: int) -> Steps | None:
        """The steps of the block ``start`` from which a value comes."""
        self._take(len(self.order))
        steps_of: dict[int, Steps | None] = {link.source: self._read(link)}
        for block in reversed(self.order):
            steps = self._reached(block, steps_of)
            if steps is None:
                continue
            for item in self.into.get(block, ()):
                parts = [_source_steps(run, steps) for run in item.runs]
                read = hull(parts) if item.runs else read_by(item, self.shapes)
                steps_of[item.source] = hull((steps_of.get(item.source), read))
        return steps_of.get(start)

    def _above(self, link: Link, end: int) -> Steps | None:
        """The steps of the block ``end`` to which a value goes."""
        self._take(len(self.order))
        steps_of: dict[int, Steps | None] = {link.target: self._written(link)}
        for block in self.order:
            steps = self._reached(block, steps_of)
            if steps is None:
                continue
            for item in self.out_of.get(block, ()):
                parts = [_target_steps(run, steps) for run in item.runs]
                reading = hull(parts) if item.runs else self._whole(item.target)
                steps_of[item.target] = hull((steps_of.get(item.target), reading))
        return self._reached(end, steps_of)

    def _reached(self, block: int, steps_of: dict[int, Steps | None]) -> Steps | None:
        """The steps of a block that are reached; in a recurrent row each of them depends on others, so that all are."""
        steps = steps_of.get(block)
        return self._whole(block) if steps and self.shapes[block].recurrent else steps


def _is_one(steps: Steps) -> bool:
    return steps.first == steps.last


def _wide(shapes: Sequence[Shape], links: Sequence[Link]) -> list[Link]:
    """The links that carry more than a vector, one step, a passed state or an attention's memory."""
    read: dict[tuple[int, int], set[int]] = {}
    written: dict[tuple[int, int], set[int]] = {}
    for link in links:
        ends = (step for run in link.runs for step in _ends(run))
        # A memory is one value, whatever else is read beside it.
        by_bus = link.read if link.kind is LinkKind.BUS else None
        read.setdefault((link.source, link.target), set()).update(ends, by_bus or ())
        steps = (step for run in link.runs for step in (run.at, run.end - 1))
        written.setdefault((link.source, link.target), set()).update(steps)

    def is_value(link: Link) -> bool:
        # Y Y Y     Y reads one step of H, whatever it is: a value
        # | | |
        # +-+-+     H reads all steps of X, each by a wire of its own: wide
        #     |
        # H-H-H
        # | | |
        # X X X
        source, target = shapes[link.source].steps, shapes[link.target].steps
        if link.kind not in (LinkKind.WIRE, LinkKind.BUS) or source is None or target is None:
            return True
        if source == 1:
            # x -> y of one step each is a sequence like any other, that happens to be short.
            # A sequence of one step is one value where a bus leads it to many.
            return link.kind is LinkKind.BUS and target != 1
        # Y Y Y     all that Y reads comes together in one of its steps
        #   |\
        # X X X
        is_one = target > 1 and len(written[link.source, link.target]) == 1
        return is_one or len(read[link.source, link.target]) == 1

    return [link for link in links if not is_value(link)]


def _graph(shapes: Sequence[Shape], links: Iterable[Link]) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(shapes)))
    graph.add_edges_from((link.source, link.target) for link in links)
    return graph


def _ends(run: Run) -> tuple[int, int]:
    return run.start, run.start + run.stride * (run.count - 1)


def _source_steps(run: Run, steps: Steps) -> Steps | None:
    """What those of a run's steps that are in ``steps`` read."""
    first, last = max(0, steps.first - run.at), min(run.count - 1, steps.last - run.at)
    if first > last:
        return None
    read = run.start + run.stride * first, run.start + run.stride * last
    return Steps(min(read), max(read))


def _target_steps(run: Run, steps: Steps) -> Steps | None:
    """Which of a run's steps read some of ``steps``: with a stride, the hull of those that may."""
    if run.stride == 0 or run.count == 1:
        is_read = steps.first <= run.start <= steps.last
        return Steps(run.at, run.at + run.count - 1) if is_read else None
    bounds = sorted((step - run.start) / run.stride for step in steps)
    first, last = max(0, -int(-bounds[0] // 1)), min(run.count - 1, int(bounds[1] // 1))
    return Steps(run.at + first, run.at + last) if first <= last else None


def _are_apart(parts: Iterable[Steps | None]) -> bool:
    """Whether two of the intervals have no step in common."""
    intervals = [item for item in parts if item]
    return bool(intervals) and min(item.last for item in intervals) < max(
        item.first for item in intervals
    )
