"""live model + job → failure or none: pieces of a sequence, each with the state before it, give what the whole gives.

Not a check of its own but a part of `seqdsl.verify.checks.reference`, for models that take and give their state::

    x1 x2 x3 x4 x5        whole
    x1 x2 | x3 x4 x5      the state after x2 goes with x3; the same for every other place to cut
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.adapter import Array
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.jobs import Job, Port

MOST_CUTS = 12
"""Places that are tried at most."""


def check(context: Context) -> str | None:
    """What is wrong with the pieces, if anything."""
    job = context.job
    if not _may_be_cut(job):
        return None
    case = max(job.cases, key=lambda item: max(shape[1] for shape in _cut(job.inputs, item.inputs)))
    arrays = context.arrays(case)
    whole = context.outputs(case)
    steps = _steps(job, arrays)
    for cut in _places(steps):
        found = zip(job.outputs, _in_two(context, arrays, cut), whole, strict=True)
        for port, given, expected in found:
            if given.shape != expected.shape or not alike(given, expected).all():
                return (
                    f"`{port.name}` differs from that of the whole where the sequence is put through in two "
                    f"pieces, of {cut} and {steps - cut} steps ({case})"
                )
    return None


def _in_two(context: Context, arrays: Sequence[Array], cut: int) -> list[Array]:
    """What two pieces give together: sequences one after the other, of all else what the second one gives."""
    job = context.job
    first = context.call(_piece(job, arrays, slice(None, cut)))
    states = {port.name: array for port, array in zip(job.outputs, first, strict=True)}
    rest = zip(job.inputs, _piece(job, arrays, slice(cut, None)), strict=True)
    second = context.call([states.get(port.name, array) for port, array in rest])
    return [
        np.concatenate([early, late], axis=1) if _is_sequence(port) else late
        for port, early, late in zip(job.outputs, first, second, strict=True)
    ]


def cut_in_two(job: Job, arrays: Sequence[Array]) -> list[list[Array]]:
    """Two pieces of the arguments, one after the other; of a model of a fixed length, the same ones twice."""
    if not _may_be_cut(job):
        return [list(arrays)] * 2
    cut = max(1, _steps(job, arrays) // 2)
    return [_piece(job, arrays, slice(None, cut)), _piece(job, arrays, slice(cut, None))]


def _states(job: Job) -> set[str]:
    """The states that are taken and given: they have one name among the arguments and among the results."""
    return {port.name for port in job.inputs} & {port.name for port in job.outputs}


def _is_sequence(port: Port) -> bool:
    return bool(port.shape) and port.shape[0] is None


def _may_be_cut(job: Job) -> bool:
    """Whether all state that is taken is given, and all sequences are as long as one likes."""
    states = _states(job)
    if not states:
        return False
    drawn = [port for port in job.inputs if not port.is_state]
    has_steps = [port for port in drawn if port.has_steps]
    # A model of a fixed length cannot be called with less; an argument beside it that is no state may be anything.
    return bool(has_steps) and all(map(_is_sequence, has_steps)) and len(job.cases) > 0


def _cut(ports: Sequence[Port], shapes: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    pairs = zip(ports, shapes, strict=True)
    return [shape for port, shape in pairs if _is_sequence(port)]


def _steps(job: Job, arrays: Sequence[Array]) -> int:
    pairs = zip(job.inputs, arrays, strict=True)
    return min(int(array.shape[1]) for port, array in pairs if _is_sequence(port))


def _places(steps: int) -> list[int]:
    """Where to cut: everywhere, or at as many places between as there may be."""
    places = list(range(1, steps))
    every = -(-len(places) // MOST_CUTS)
    return places[::every] if every else places


def _piece(job: Job, arrays: Sequence[Array], part: slice) -> list[Array]:
    pairs = zip(job.inputs, arrays, strict=True)
    found = [array[:, part] if _is_sequence(port) else array for port, array in pairs]
    # x x x . .  in pieces of 2 and 3 steps:  2 of the first are valid, 1 of the second
    for place, port in enumerate(job.inputs):
        if port.counts is not None:
            begin, steps = part.start or 0, found[port.counts].shape[1]
            found[place] = np.clip(arrays[place] - begin, 0, steps)
    return found
