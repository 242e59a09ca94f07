"""walk + walk + ... → what a picture generates when it feeds itself: the whole picture anew for each step.

Nothing is kept from step to step, so there is no state that could be wrong::

    Y Y Y Y      Z: start . . .       read Y at the last step of the start, and write it behind that
    D-D-D-D         start y . .       read Y there, ...
    Z Z Z Z         start y y .

The steps of ``Z`` behind are filled with anything: what a step is made of is not behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.steps import Steps
    from seqdsl.verify.oracle.values import Walk

CLEAR = 1e-5
"""By how much of the largest number the most probable id is ahead of the next one where it is not left to rounding."""


@dataclass(frozen=True, slots=True)
class Fed:
    """An argument that is fed with what the picture gave one step before.

    Attributes:
        place: which argument it is.
        source: the block that feeds it.
        ahead: the steps that this has before the first one of the argument; both end in one column.
        is_id: whether ids are chosen.
        is_coded: whether the argument holds their one-hot codes.
    """

    place: int
    source: int
    ahead: int
    is_id: bool
    is_coded: bool


@dataclass(frozen=True, slots=True)
class Generated:
    """What is generated for an argument.

    Attributes:
        values: ids, (batch, steps), or values, (batch, steps, features).
        clear: whether each id, and all before it, are ahead of the next probable one by more than rounding.
        origins: the step of its source that each is made of, (batch, steps).
    """

    values: Array
    clear: Array
    origins: Array


def find_fed(drawing: Drawing, steps: Steps) -> tuple[Fed, ...]:
    """The arguments that a picture feeds itself."""
    found = []
    for place, index in enumerate(steps.inputs):
        item = drawing.settings[index]
        letter = item.arguments.get("feedback")
        if letter is None:
            continue
        # By its letter, as the picture says it; that one row has it was checked.
        (source,) = [at for at, block in enumerate(drawing.blocks) if block.letter == str(letter)]
        ahead = steps.counts[source] - steps.counts[index]
        coded = bool(item.arguments.get("choose"))
        found.append(Fed(place, source, ahead, coded or item.kind == "tokens", coded))
    return tuple(found)


def given_at(walk: Walk, item: Fed, step: int) -> Array:
    """What is fed into a step of an argument, (batch, features), before an id is chosen of it."""
    origins, steps = origins_at(walk, item, step), walk.values[item.source]
    width = steps[item.ahead + step - 1].shape[-1]
    found = np.zeros((walk.batch, width))
    for origin in np.unique(origins):
        value = np.broadcast_to(steps[origin], (walk.batch, width)).real
        found = np.where((origins == origin)[:, None], value, found)
    return found


def origins_at(walk: Walk, item: Fed, step: int) -> Array:
    """The step of its source that is fed into a step of an argument, for each sample: the last valid one."""
    # Y y0 y1 y2 y3     ahead 1: y0 is what is fed into step 0 of Z, y1 into step 1
    # Z    z0 .  z2     a step that is padding gives nothing: what is fed into step 2 is y1
    last = item.ahead + step - 1
    # Without a valid step it is the last one, which is zero.
    found = np.full(walk.batch, last)
    for number, valid in enumerate(walk.valid.get(item.source, [])[: last + 1]):
        found[valid] = number
    return found


def generate(
    walk: Callable[[Sequence[Array]], Walk],
    arguments: Sequence[Array],
    fed: Sequence[Fed],
    first: int,
    steps: int,
) -> list[Generated]:
    """What a picture generates, always choosing the most probable id.

    Args:
        walk: computes the whole picture.
        arguments: its arguments; of those that are fed, the first steps are given.
        fed: the arguments that are fed.
        first: how many steps are given.
        steps: how many are made; the last of them need not be a step of the arguments.
    """
    # Z z1 . . .    a walk gives y1 at the last step that is there    Z z1 y1 . .    the next walk gives y2, ...
    arrays = [np.array(item) for item in arguments]
    made: list[list[Array]] = [[] for _ in fed]
    clear: list[list[Array]] = [[] for _ in fed]
    origins: list[list[Array]] = [[] for _ in fed]
    alright = np.ones(len(arrays[0]), bool)
    for step in range(first, first + steps):
        found = walk(arrays)
        given = [given_at(found, item, step) for item in fed]
        for item, value in zip(fed, given, strict=True):
            alright = alright & (_is_clear(value) | (not item.is_id))
        for number, (item, value) in enumerate(zip(fed, given, strict=True)):
            # Grids are vectors here, and have their places in arguments.
            own = (
                value.reshape(len(value), *arrays[item.place].shape[2:])
                if not item.is_id
                else value
            )
            made[number].append(value.argmax(-1) if item.is_id else own)
            clear[number].append(alright)
            origins[number].append(origins_at(found, item, step))
            if step < arrays[item.place].shape[1]:
                arrays[item.place][:, step] = coded(item, made[number][-1], value.shape[-1])
    return [
        Generated(*(np.stack(item, 1) for item in parts))
        for parts in zip(made, clear, origins, strict=True)
    ]


def coded(item: Fed, value: Array, width: int) -> Array:
    """A value, or an id, as the argument has it."""
    return np.eye(width)[value] if item.is_coded else value


def _is_clear(value: Array) -> Array:
    """Whether the largest number of each sample is larger than all others, whoever computes them."""
    if value.shape[-1] < 2:
        return np.ones(len(value), bool)
    low, high = np.partition(value, -2, axis=-1)[:, -2:].T
    found: Array = high - low > CLEAR * np.abs(value).max(-1)
    return found


def chances(value: Array, temperature: float) -> Array:
    """The probability with which each id is drawn, of logits, of probabilities or of their logarithms."""
    # What adds up to 1 and is nowhere negative are probabilities; logits are it by an incredible chance.
    is_probability = (value >= 0).all() and np.allclose(value.sum(-1), 1, rtol=0, atol=1e-9)
    with np.errstate(divide="ignore"):
        logits = (np.log(value) if is_probability else value) / temperature
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    found: Array = powers / powers.sum(-1, keepdims=True)
    return found
