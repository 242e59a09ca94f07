"""case of a job → arguments that a model takes: some refuse samples without a valid step, or samples in any order.

PyTorch packs no sequence of length 0, and by default only samples that are sorted by length. What a picture gives then
is compared all the same, for the samples that the model takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.porting.outcome import Taken
from seqdsl.verify.inputs import arrays_for, valid_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.runtime.adapter import Array
    from seqdsl.verify.jobs import Job, Port


def taken_by(job: Job, call: Callable[[Sequence[Array]], object]) -> Taken:
    """Which samples a model takes, in all cases with padding; what it raises for sorted ones as well is raised."""
    padded = [number for number, case in enumerate(job.cases) if case.padded]
    for taken in Taken:
        try:
            for number in padded:
                call(arguments(job, number, taken))
        # Whatever its code raises: it is raised again if no samples are right.
        except Exception:
            if taken is Taken.SORTED:
                raise
        else:
            return taken
    raise AssertionError("the last of them has raised")


def arguments(job: Job, number: int, taken: Taken) -> list[Array]:
    """The arguments of a case."""
    arrays = arrays_for(job.inputs, job.cases[number])
    if taken is Taken.ALL or not job.cases[number].padded:
        return arrays
    arrays = [_with_valid(port, array) for port, array in zip(job.inputs, arrays, strict=True)]
    if taken is Taken.SORTED:
        # lengths 3, 1, 4: the third sample, the first, the second
        order = np.argsort(-_counts(job, arrays), kind="stable")
        arrays = [array[order] for array in arrays]
    return arrays


def _with_valid(port: Port, array: Array) -> Array:
    """An argument whose samples have a valid step each: the first."""
    if port.counts is not None:
        return np.maximum(array, 1)
    if not (port.padding and port.has_steps):
        return array
    changed = array.copy()
    empty = ~_valid(port, array).any(axis=1)
    changed[empty, 0] = 1.5 if port.vocabulary is None else valid_ids(port)[0]
    return changed


def _counts(job: Job, arrays: Sequence[Array]) -> Array:
    """How many valid steps each sample has, in the first input that has padding."""
    for port, array in zip(job.inputs, arrays, strict=True):
        if port.counts is not None:
            return array
        if port.padding and port.has_steps:
            counts: Array = _valid(port, array).sum(axis=1)
            return counts
    return np.zeros(len(arrays[0]), int)


def _valid(port: Port, array: Array) -> Array:
    """Which steps are no padding, (batch, steps)."""
    # (batch, steps, features): a step is padded if all its features have the value.
    marked = (array == port.marks).reshape(*array.shape[:2], -1)
    valid: Array = ~marked.all(axis=2)
    return valid
