"""a step that holds an image + state → state: convolutions that keep height and width, place by place.

Here each place of an image is as if it were a sample: of two samples of 2 x 2 places there are eight rows of features.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.verify.oracle.cells import Cell, State
    from seqdsl.verify.oracle.functions import Array

    Following = Callable[[Array, State], State]


def convolved(x: Array, kernel: Array, grid: tuple[int, ...]) -> Array:
    """A window around each place times its matrices, one for each place of the window; zero beyond the edges.

    Args:
        x: (..., samples * height * width, features).
        kernel: (..., size, size, features, filters).
        grid: height and width.
    """
    high, wide = grid
    places = x.reshape(*x.shape[:-2], -1, high * wide, x.shape[-1])
    size = kernel.shape[-3]
    # Size 4: one place above and two below, one to the left and two to the right.
    before = (size - 1) // 2
    found = []
    for place in range(high * wide):
        taps = [
            places[..., row * wide + column, :] @ kernel[..., down, right, :, :]
            for down in range(size)
            for right in range(size)
            if 0 <= (row := place // wide + down - before) < high
            and 0 <= (column := place % wide + right - before) < wide
        ]
        found.append(sum(taps[1:], taps[0]))
    whole = np.stack(found, -2)
    return whole.reshape(*whole.shape[:-3], -1, whole.shape[-1])


def convlstm(grid: tuple[int, ...], cell: Cell, x: Array, state: State) -> State:
    """Shi et al. 2015 without peepholes, as Keras has it; the gates are i, f, c, o."""
    h, c = state
    read = convolved(x, cell.kernel, grid) + convolved(h, cell.recurrent, grid) + cell.bias
    i, f, g, o = np.split(read, 4, -1)
    c = cell.gate(f) * c + cell.gate(i) * cell.activation(g)
    return cell.gate(o) * cell.activation(c), c


def over_places(following: Following, grid: tuple[int, ...]) -> Following:
    """A step over images that are vectors, place by place: (..., samples, places * features)."""
    if not grid:
        return following
    count = int(np.prod(grid))

    def apart(x: Array, lead: tuple[int, ...]) -> Array:
        whole = np.broadcast_to(x, (*lead, x.shape[-1]))
        return whole.reshape(*lead[:-1], lead[-1] * count, -1)

    def step(x: Array, state: State) -> State:
        # With several sets of weights what is read may have no axis for them, where the state has one.
        lead = max((part.shape[:-1] for part in (x, *state)), key=len)
        new = following(apart(x, lead), tuple(apart(part, lead) for part in state))
        return tuple(part.reshape(*part.shape[:-2], lead[-1], -1) for part in new)

    return step
