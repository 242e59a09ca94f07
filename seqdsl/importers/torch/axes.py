"""labels of a tensor → the axis on which the features of a step are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.rows import Nodes


def features_axis(nodes: Nodes, ids: Ids, batch: int) -> int | None:
    """The axis along which labels are those of features side by side.

    ::

        (batch, steps, features)    -1
        (batch, channels, steps)    1     transposed for a convolution
        (batch, steps)              None  each number is a step of one feature

    Args:
        nodes: the nodes so far.
        ids: the labels.
        batch: how many samples there are.
    """
    # Of a flattened grid, channels first, the next channel of a place is far away.
    for of_any_place in (False, True):
        shares = [_share(nodes, ids, axis, of_any_place=of_any_place) for axis in range(ids.ndim)]
        best = max(shares, default=0.0)
        if best > 0:
            # The last of equal ones: where a part is the same for all, the axis of features tells it best.
            return ids.ndim - 1 - shares[::-1].index(best)
    # Values of one feature: their axis is one of length 1.
    ones = [axis for axis, size in enumerate(ids.shape) if size == 1]
    # Where there is one sample, the axis of samples looks the same; the features are the last.
    ones = ones if batch != 1 else [axis for axis in ones if axis == ids.ndim - 1]
    return ones[-1] if ones else None


def _share(nodes: Nodes, ids: Ids, axis: int, *, of_any_place: bool = False) -> float:
    """How many neighbors on an axis are neighbors among the features of one step, of all that may be.

    With ``of_any_place``: how many are different features of one step.
    """
    if ids.shape[axis] < 2:
        return 0.0
    along = np.moveaxis(ids, axis, -1)
    low, high = along[..., :-1].reshape(-1), along[..., 1:].reshape(-1)
    if of_any_place:
        held = (low >= 0) & (high >= 0) & (low != high)
        starts = [part - nodes.inside(part) for part in (low[held], high[held])]
        return float((starts[0] == starts[1]).sum() / len(low))
    # The first feature of a step follows the last of the step before, too: they are no neighbors.
    beside = (low >= 0) & (high == low + 1)
    beside[beside] = nodes.inside(high[beside]) > 0
    return float(beside.mean())
