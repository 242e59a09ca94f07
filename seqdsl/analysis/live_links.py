r"""links → the parts of them that lie on a path from an input to an output.

::

    K   K Y      the first node of `E` reads nothing, and what the second one gives is read by none: of all that `K`
    |   |        reads of `E`, and `E` of `X`, one wire each is on a path
    E E E
      | |
      X X X

Steps are intervals: what lies between two steps that are reached counts as reached.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.analysis.links import Link, Run, Shape


class Steps(NamedTuple):
    """The steps from ``first`` to ``last`` of a block; a vector has one, 0."""

    first: int
    last: int


def live_links(shapes: Sequence[Shape], links: Sequence[Link], order: Sequence[int]) -> list[Link]:
    """The links without what leads from no input, or to no output.

    Args:
        shapes: all blocks.
        links: what they read.
        order: the blocks, each behind what it reads.
    """
    place = {block: at for at, block in enumerate(order)}
    upward = sorted(links, key=lambda link: place[link.target])
    reached = _entered(shapes, upward)
    kept = list(_clipped(shapes, upward, reached, of_source=True))
    downward = sorted(kept, key=lambda link: place[link.source], reverse=True)
    kept = list(_clipped(shapes, downward, _left(shapes, downward), of_source=False))
    # In the order in which they were given: what is said of a model does not depend on this one.
    number = {id_: at for at, id_ in enumerate((link.source, link.target) for link in links)}
    return sorted(kept, key=lambda link: number[link.source, link.target])


def _entered(shapes: Sequence[Shape], upward: Sequence[Link]) -> list[Steps | None]:
    """The steps of each block to which a path leads; ``None``: there are none."""
    targets = {link.target for link in upward}
    reached = [None if at in targets else _whole(shape) for at, shape in enumerate(shapes)]
    for link in upward:
        below = reached[link.source]
        if below is not None and (link.runs or _meet(below, read_by(link, shapes))):
            found = [_target_hull(run) for run in within(link.runs, below, of_source=True)]
            own = hull(found) if link.runs else _whole(shapes[link.target])
            reached[link.target] = _spread(shapes[link.target], hull((reached[link.target], own)))
    return reached


def _left(shapes: Sequence[Shape], downward: Sequence[Link]) -> list[Steps | None]:
    """The steps of each block from which a path leads; ``None``: there are none."""
    sources = {link.source for link in downward}
    read = [None if at in sources else _whole(shape) for at, shape in enumerate(shapes)]
    for link in downward:
        if (above := read[link.target]) is not None:
            found = [_source_hull(run) for run in within(link.runs, above, of_source=False)]
            own = hull(found) if link.runs else read_by(link, shapes)
            read[link.source] = _spread(shapes[link.source], hull((read[link.source], own)))
    return read


def _spread(shape: Shape, steps: Steps | None) -> Steps | None:
    """The steps of a recurrent row depend on each other: where one is reached, all are."""
    return _whole(shape) if steps and shape.recurrent else steps


def _clipped(
    shapes: Sequence[Shape],
    links: Sequence[Link],
    steps: Sequence[Steps | None],
    *,
    of_source: bool,
) -> Iterator[Link]:
    for link in links:
        own = steps[link.source if of_source else link.target]
        if own is None:
            continue
        runs = tuple(within(link.runs, own, of_source=of_source))
        # A bus leads to all steps that read it.
        is_met = not of_source or _meet(own, read_by(link, shapes))
        if runs or (not link.runs and is_met):
            yield replace(link, runs=runs)


def within(runs: Iterable[Run], steps: Steps, *, of_source: bool) -> Iterator[Run]:
    """What of runs reads some steps, or is read by some."""
    for run in runs:
        start, along = (run.start, run.stride) if of_source else (run.at, run.every)
        first, last = _turns(start, along, run.count, steps)
        if first <= last:
            yield replace(
                run,
                at=run.at + run.every * first,
                count=last - first + 1,
                start=run.start + run.stride * first,
            )


def _turns(start: int, along: int, count: int, steps: Steps) -> tuple[int, int]:
    """Which of ``start``, ``start + along``, ... are within ``steps``: the first and the last of them."""
    if along == 0:
        return (0, count - 1) if steps.first <= start <= steps.last else (1, 0)
    ends = sorted(((steps.first - start) / along, (steps.last - start) / along))
    return max(0, -int(-ends[0] // 1)), min(count - 1, int(ends[1] // 1))


def _target_hull(run: Run) -> Steps:
    return Steps(run.at, run.at + run.every * (run.count - 1))


def _source_hull(run: Run) -> Steps:
    ends = run.start, run.start + run.stride * (run.count - 1)
    return Steps(min(ends), max(ends))


def hull(parts: Iterable[Steps | None]) -> Steps | None:
    """The smallest interval that holds all ``parts``."""
    intervals = [item for item in parts if item]
    if not intervals:
        return None
    return Steps(min(item.first for item in intervals), max(item.last for item in intervals))


def read_by(link: Link, shapes: Sequence[Shape]) -> Steps:
    """The steps of its source that a link reads."""
    found = hull(map(_source_hull, link.runs))
    if found is None and link.read is not None:
        found = Steps(*link.read)
    return found or _whole(shapes[link.source])


def _meet(one: Steps, other: Steps) -> bool:
    return one.first <= other.last and other.first <= one.last


def _whole(shape: Shape) -> Steps:
    return Steps(0, (shape.steps or 1) - 1)
