"""recurrent blocks: chains of a cell's steps, their directions and their states."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle.cells import STATES, STEPS, Cell, State
from seqdsl.verify.oracle.steps import WAYS
from seqdsl.verify.oracle.training import dropped_alike

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.steps import Start
    from seqdsl.verify.oracle.values import Walk

    Step = Callable[[Cell, Array, State], State]


def recurrent(walk: Walk, index: int, step: Step | None = None) -> list[Array]:
    """A chain in each direction; both run over the same steps, side by side, of the block's cell or another."""
    ways = WAYS[walk.drawing.states.directions[index]]
    starts = _starts(walk, index, len(ways))
    inputs = _inputs(walk, index, len(ways))
    runs = []
    walk.states[index] = []
    for number, (way, state) in enumerate(zip(ways, starts, strict=True)):
        prefix = ("forward/", "backward/")[number] if len(ways) > 1 else ""
        cell = _cell(walk, index, prefix)
        following = partial(step or STEPS[walk.kind(index)], cell)
        outputs, last = _run(walk.valid.get(index), following, inputs[number], way, state)
        runs.append(outputs)
        walk.states[index].append(last)
    # As a value, the final state is h, of both directions side by side; c goes to other chains alone, in the state.
    walk.finals[index] = walk.join([state[0] for state in walk.states[index]])
    return [walk.join(parts) for parts in zip(*runs, strict=True)]


def _inputs(walk: Walk, index: int, ways: int) -> list[list[Array]]:
    """What each direction reads: in training, some features of it are lost in all steps."""
    inputs, rate = walk.inputs(index), walk.rate(index, "dropout")
    if not (walk.training and rate):
        return [inputs] * ways
    if walk.training.apart:
        return [dropped_alike(walk.training, inputs, rate) for _ in range(ways)]
    return [dropped_alike(walk.training, inputs, rate)] * ways


def _cell(walk: Walk, index: int, prefix: str) -> Cell:
    weights = walk.weights[index]
    # A GRU has two biases, one on each side of its reset gate.
    unbiased = np.zeros((2, 1) if walk.kind(index) == "gru" else 1)
    return Cell(
        weights[f"{prefix}kernel"],
        weights[f"{prefix}recurrent_kernel"],
        weights.get(f"{prefix}bias", unbiased),
        walk.function(index, "activation", "tanh"),
        walk.function(index, "recurrent_activation", "sigmoid"),
    )


def _run(
    valid: list[Array] | None,
    step: Callable[[Array, State], State],
    inputs: list[Array],
    way: int,
    state: State,
) -> tuple[list[Array], State]:
    outputs: dict[int, Array] = {}
    for place in range(len(inputs))[::way]:
        following = step(inputs[place], state)
        if valid:
            here = valid[place][:, None]
            # A padded step passes the state on as it is. Its output repeats the last one, and is zeroed by the walk.
            following = tuple(
                np.where(here, new, old) for new, old in zip(following, state, strict=True)
            )
        state = following
        outputs[place] = state[0]
    return [outputs[place] for place in range(len(inputs))], state


def _starts(walk: Walk, index: int, ways: int) -> list[State]:
    """The state from which each direction begins."""
    count = STATES[walk.kind(index)]
    nothing = (walk.zeros(walk.size(index, "units")),) * count
    start = walk.steps.starts.get(index)
    if index in walk.taken:
        return [walk.taken[index]]
    if start is None:
        return [nothing] * ways
    given = _given(walk, start, count)
    # A wire `-` into a bidirectional row is for its forward direction; the other starts from zero.
    return given if len(given) == ways else [*given, nothing][:ways]


def _given(walk: Walk, start: Start, count: int) -> list[State]:
    """One state for each direction that gets one; a wire ``-`` carries one only."""
    if start.block is None:
        value = walk.join([walk.value(source) for source in start.value])
        parts = np.split(value, 2, -1) if start.is_double else [value]
        # An LSTM that starts from a value has it as h and as c.
        return [(part,) * count for part in parts]
    states = walk.states[start.block]
    if start.is_double or len(states) == 1:
        return states
    return [tuple(walk.join(list(parts)) for parts in zip(*states, strict=True))]
