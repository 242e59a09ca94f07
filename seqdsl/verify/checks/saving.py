"""live model + job → failure or none: the model can be saved; a fresh process loads it and gets the same numbers.

The check saves it and leaves behind what it gives; `compare` is for the process that loads it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.expected import MAIN_CASE
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.jobs import Job

RESULTS = "results.npz"


def check(context: Context) -> str | None:
    """What is wrong with saving, if anything."""
    job = context.job
    arrays = context.arrays(job.cases[MAIN_CASE])
    # Not what it gave before: training may have left behind what is not saved.
    outputs = context.call(arrays)
    padded = any(
        port.padding or port.places is not None or port.counts is not None for port in job.inputs
    )
    must_export = not job.factory and not padded
    context.framework.save(context.model, Path(context.folder), arrays, must_export=must_export)
    np.savez(Path(context.folder) / RESULTS, *outputs)
    return None


def inputs(job: Job) -> list[Array]:
    """What a loaded model is to be called with."""
    return arrays_for(job.inputs, job.cases[MAIN_CASE])


def compare(folder: Path, actual: Sequence[Array]) -> str | None:
    """What is wrong with the results of a model that was loaded from ``folder``, if anything."""
    with np.load(folder / RESULTS) as saved:
        expected = [saved[name] for name in saved.files]
    # `np.savez` names positional arrays arr_0, arr_1, ... in order.
    for one, other in zip(actual, expected, strict=True):
        if one.shape != other.shape or not alike(one, other).all():
            return (
                "the model computes different values after it is saved and loaded in a new process"
            )
    return None
