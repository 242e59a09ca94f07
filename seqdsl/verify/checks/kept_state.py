"""live model + job → failure or none: layers that keep their state do what the state does that is passed by hand.

Not a check of its own but a part of `seqdsl.verify.checks.reference`, for modules that build both::

    model([x1 x2, 0])      y1 y2, h2        stateful(x1 x2)      y1 y2
    model([x3, h2])        y3, h3           stateful(x3)         y3
                                            reset, and again from the start
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.checks.pieces import cut_in_two
from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.runtime.adapter import Array
    from seqdsl.verify.checks.context import Context

_ROUNDS = 2
"""One for what is kept, one for what `reset_states` forgets."""


def check(context: Context) -> str | None:
    """What is wrong with the model that keeps its state, if anything; most modules build none."""
    job = context.job
    # What a hand-written module builds beside its model is its own affair.
    if job.factory or not any(port.is_state for port in job.inputs):
        return None
    case = max(job.cases, key=lambda item: item.batch)
    kept = context.framework.stateful(context.module, context.model, case.batch)
    if kept is None:
        return None
    pieces = cut_in_two(job, context.arrays(case))
    expected = list(_by_hand(context, pieces))
    for number in range(_ROUNDS):
        for piece, results in zip(pieces, expected, strict=True):
            drawn = [
                array for port, array in zip(job.inputs, piece, strict=True) if not port.is_state
            ]
            found = context.framework.call(kept.model, drawn)
            if len(found) != len(results) or not all(map(_are_alike, found, results)):
                what = "`reset_states`" if number else "`build_model(stateful=)`"
                return f"{what}: the outputs differ from those of the model that is given its state ({case})"
        kept.reset()
    return None


def _by_hand(context: Context, pieces: Sequence[Sequence[Array]]) -> Iterator[list[Array]]:
    """The drawn outputs of each piece, the state passed on from one to the next; zero at first."""
    job = context.job
    states = {
        port.name: np.zeros_like(array)
        for port, array in zip(job.inputs, pieces[0], strict=True)
        if port.is_state
    }
    for piece in pieces:
        given = zip(job.inputs, piece, strict=True)
        results = context.call([states.get(port.name, array) for port, array in given])
        named = list(zip(job.outputs, results, strict=True))
        states |= {port.name: array for port, array in named if port.is_state}
        yield [array for port, array in named if not port.is_state]


def _are_alike(found: Array, expected: Array) -> bool:
    return found.shape == expected.shape and bool(alike(found, expected).all())
