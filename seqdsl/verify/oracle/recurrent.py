"""recurrent blocks: chains of a cell's steps, their directions and their states."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.syntax.ast import Number
from seqdsl.verify.oracle.cells import STEPS, Cell, Function, State
from seqdsl.verify.oracle.equations import Equations
from seqdsl.verify.oracle.images import convlstm, over_places
from seqdsl.verify.oracle.state_sizes import state_sizes
from seqdsl.verify.oracle.steps import WAYS
from seqdsl.verify.oracle.training import drawn_mask, dropped_alike

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.syntax.equations import CellArgument, CellDefinition, FunctionCall
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.steps import Start
    from seqdsl.verify.oracle.values import Walk

    Step = Callable[[Cell, Array, State], State]
    Following = Callable[[Array, State], State]


def recurrent(walk: Walk, index: int, step: Step | None = None) -> list[Array]:
    """A chain in each direction; both run over the same steps, side by side, of the block's cell or another."""
    ways = WAYS[walk.drawing.states.directions[index]]
    starts = _starts(walk, index, len(ways))
    declared = walk.drawing.cells.get(walk.kind(index))
    inputs = [walk.inputs(index)] * len(ways)
    if declared is None:
        inputs = _inputs(walk, index, len(ways))
    runs = []
    grid = walk.grid_read(index)
    count = prod(grid)
    walk.states[index] = []
    for number, (way, state) in enumerate(zip(ways, starts, strict=True)):
        prefix = ("forward/", "backward/")[number] if len(ways) > 1 else ""
        if declared is not None:
            following: Following = _equations(walk, index, declared, prefix).step
        elif walk.kind(index) == "convlstm":
            following = partial(convlstm, grid, _cell(walk, index, prefix))
        else:
            following = partial(step or STEPS[walk.kind(index)], _cell(walk, index, prefix))
        over = over_places(following, grid)
        outputs, last = _run(walk.valid.get(index), over, inputs[number], way, state)
        runs.append(outputs)
        walk.states[index].append(last)
    # As a value, the final state is h, of both directions side by side; c goes to other chains alone, in the state.
    walk.finals[index] = walk.join([state[0] for state in walk.states[index]], count)
    return [walk.join(parts, count) for parts in zip(*runs, strict=True)]


def _inputs(walk: Walk, index: int, ways: int) -> list[list[Array]]:
    """What each direction reads: in training, some features of it are lost in all steps."""
    inputs, rate = walk.inputs(index), walk.rate(index, "dropout")
    if not (walk.training and rate):
        return [inputs] * ways
    if walk.training.apart:
        return [dropped_alike(walk.training, inputs, rate) for _ in range(ways)]
    return [dropped_alike(walk.training, inputs, rate)] * ways


def _lost(walk: Walk, index: int) -> Function:
    """What a step multiplies of a state: in training, some features of it are lost, in all steps and gates alike."""
    training, rate = walk.training, walk.rate(index, "recurrent_dropout")
    if not (training and rate):
        return lambda h: h
    masks: list[Array] = []

    def lost(h: Array) -> Array:
        # The first step draws what all steps lose.
        if not masks:
            masks.append(drawn_mask(training, h.shape, rate) / (1 - rate))
        return h * masks[0]

    return lost


def _equations(walk: Walk, index: int, cell: CellDefinition, prefix: str) -> Equations:
    """The equations of a cell of the file; in training, with what is lost."""
    # `forward/f_x` and `backward/f_x` of a bidirectional block are `f_x` of one run each; others have no prefix.
    weights = {
        name.removeprefix(prefix): array
        for name, array in walk.weights[index].items()
        if name.startswith(prefix)
    }
    settings: dict[str, Any] = {item.name: _default(item) for item in cell.parameters}
    for name, default in settings.items():
        given = walk.argument(index, name)
        if isinstance(given, str) and given in walk.drawing.numbers:
            # A parameter of the file.
            given = walk.training.rates[given] if walk.training else walk.drawing.numbers[given]
        settings[name] = default if given is None else given
    training = walk.training
    if training is None:
        return Equations(cell, weights, settings, grid=walk.grid_read(index))
    masks: dict[int, Array] = {}
    grid = walk.grid_read(index)
    count = prod(grid)

    def drawn(shape: tuple[int, ...], rate: float) -> Array:
        # A sample loses numbers at all places of its image, each of which is as if it were a sample here.
        *lead, rows, features = shape
        whole = (*lead, rows // count, count * features)
        return drawn_mask(training, whole, rate).reshape(shape)

    def lost(call: FunctionCall, value: Array, rate: float) -> Array:
        # One mask for all steps: the first one draws it.
        if not rate:
            return value
        if id(call) not in masks:
            masks[id(call)] = drawn(value.shape, rate)
        return value * masks[id(call)] / (1 - rate)

    def zoned(old: Array, new: Array, rate: float) -> Array:
        if not rate:
            return new
        shape = np.broadcast_shapes(old.shape, new.shape)
        return np.where(drawn(shape, rate), new, old)

    return Equations(cell, weights, settings, lost, zoned, grid)


def _default(item: CellArgument) -> Any:
    """What a parameter is where no layer sets it."""
    if isinstance(item.default, Number):
        return float(item.default.value)
    word = None if item.default is None else item.default.value
    return word == "true" if word in ("true", "false") else word


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
        _lost(walk, index),
        weights.get(f"{prefix}projection_kernel"),
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
    nothing = tuple(map(walk.zeros, state_sizes(walk, index)))
    start = walk.steps.starts.get(index)
    if index in walk.taken:
        return [walk.taken[index]]
    if start is None:
        return [nothing] * ways
    given = _given(walk, start, state_sizes(walk, index))
    # A wire `-` into a bidirectional row is for its forward direction; the other starts from zero.
    return given if len(given) == ways else [*given, nothing][:ways]


def _begun(value: Array, sizes: tuple[int, ...], count: int) -> State:
    """The states of one direction that begins with a value, of images of ``count`` places."""
    if len(sizes) > 1 and value.shape[-1] == sum(sizes):
        # h, and then c: at each place.
        return _cut(value, [size // count for size in sizes], count)
    # An LSTM that starts from a value of its width has it as h and as c.
    return (value,) * len(sizes)


def _given(walk: Walk, start: Start, sizes: tuple[int, ...]) -> list[State]:
    """One state for each direction that gets one; a wire ``-`` carries one only."""
    if start.value is not None:
        value, count = walk.place(start.value), prod(walk.grids.get(_block(start), ()))
        half = value.shape[-1] // count // 2
        parts = _cut(value, [half, half], count) if start.is_double else [value]
        return [_begun(part, sizes, count) for part in parts]
    assert start.block is not None
    states = walk.states[start.block]
    if start.is_double or len(states) == 1:
        return states
    count = prod(walk.grids.get(start.block, ()))
    return [tuple(walk.join(list(parts), count) for parts in zip(*states, strict=True))]


def _block(start: Start) -> int:
    assert start.value is not None
    return start.value.sources[0].block


def _cut(value: Array, sizes: list[int], count: int) -> State:
    """A value cut into parts of so many features, at each of its places."""
    places = value.reshape(*value.shape[:-1], count, -1)
    parts = np.split(places, np.cumsum(sizes)[:-1], -1)
    return tuple(part.reshape(*part.shape[:-2], -1) for part in parts)
