"""lengths of loops → code: how many steps a loop has, as an input's shape tells.

X ... X ... X     x has t1 + t2 + 3 steps: nobody knows t1, but a loop over all of them has as many as x
X X ... X         x has n + 1 steps: a loop over n of them has x.shape[1] - 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.passes.uneven_loop import UnevenLoop
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.targets.emit.emitter import Emitter


def length(count: Size, to: Emitter) -> object:
    """A number of steps as the code knows it: of a length that comes with the data, as an input has it.

    Raises:
        UnevenLoop: no input tells it.
    """
    free = set(to.graph.free)
    known: dict[str, int | Size] = {}
    for name, steps in _inputs(to):
        for free_name in steps.names & free:
            others = steps - Size.of(free_name)
            if not others.names & free:
                known.setdefault(free_name, Size.of(name) - others)
    if missing := (count.names & free) - known.keys():
        count = _as_whole(count, missing, to)
    size = count.subs(known)
    return to.size(size) if hasattr(to, "size") else size


def _as_whole(count: Size, missing: frozenset[str], to: Emitter) -> Size:
    """A number of steps of which no part is known, but what an input has more, or fewer."""
    for name, steps in _inputs(to):
        rest = count - steps
        if not rest.names & set(to.graph.free):
            return Size.of(name) + rest
    raise UnevenLoop(to.graph.name, f"no input tells how many steps `{min(missing)}` are")


def _inputs(to: Emitter) -> Iterator[tuple[str, Size]]:
    """The number of steps of each input that is a sequence, behind the code for it."""
    for item in to.graph.inputs:
        if len(item.shape) + (item.vocabulary is not None) > 1:
            steps = item.shape[0]
            if isinstance(steps, Size):
                yield f"{item.name}.shape[1]", steps
