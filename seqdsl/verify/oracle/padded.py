"""values and which of them are padding → the valid step that is asked for, sample by sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle.steps import Counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.verify.oracle.functions import Array


def valid_step(
    values: Sequence[Array], valid: Array, number: int, how: Counted, lacking: float
) -> Array:
    """The valid step of each sample that has a number.

    Here a sample of five steps has padding at step 2:

        step                  0  1  2  3  4
        valid                 x  x  .  x  x
        step 2, FROM_FIRST             ^         2 valid ones are before it: it is step 3
        step 4, FROM_LAST                 ^      5 - 4: the last valid one

    Args:
        values: the values of each step, (..., batch, features).
        valid: which steps are valid, (steps, batch).
        number: how many valid steps are before it or, from the last, how many from it on.
        how: from which end they are counted.
        lacking: what stands for a step that a sample does not have.
    """
    steps = np.stack(np.broadcast_arrays(*values), -2)
    result = np.full_like(steps[..., 0, :], lacking)
    is_from_first = how is Counted.FROM_FIRST
    for sample in range(valid.shape[1]):
        (own,) = np.nonzero(valid[:, sample])
        if len(own) > (number if is_from_first else number - 1):
            result[..., sample, :] = steps[
                ..., sample, own[number if is_from_first else -number], :
            ]
    return result
