"""ports + case → arrays: random values to call a model with, the same in every process."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.cases import BATCHES, PADDED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seqdsl.runtime.adapter import Array
    from seqdsl.verify.jobs import Case, PaddedPlaces, Port

PLACES = tuple(place for place, _ in PADDED)
"""Where padding may be."""


def arrays_for(ports: Sequence[Port], case: Case, seed: int = 0) -> list[Array]:
    """One array for each of ``ports``, in the shapes of ``case``.

    Real values are normally distributed, token ids uniform over the vocabulary, the first and the last id among
    them. Padding is only where the case asks for it, in each input elsewhere; the largest batch has steps of zeros
    that are none.
    """
    random = np.random.default_rng(seed)
    arrays = []
    place = PLACES.index(case.padded) if case.padded else 0
    turn = 0
    for port, shape in zip(ports, case.inputs, strict=True):
        array = _array(random, port, shape)
        if case.padded and port.places is not None:
            _pad_places(random, array, port, port.places, PLACES[place])
        if case.padded and port.padding and len(shape) > 1:
            valid = valid_steps(random, shape[:2], "end" if port.at_end else PLACES[place])
            # Each input has another sample without valid steps: then a row that reads several inputs has values.
            valid = np.roll(valid, turn, axis=0)
            array[~valid] = port.marks
            _mark_in_part(array, valid, port)
            place, turn = (place + 1) % len(PLACES), turn + 1
        if port.counts is not None:
            array = _lengths(random, shape[0], case.inputs[port.counts][1], whole=not case.padded)
        arrays.append(array)
    return arrays


def _lengths(random: np.random.Generator, batch: int, steps: int, *, whole: bool) -> Array:
    """How many steps are valid: all, or what lies evenly between none and all, in any order.

    Of as many samples as there are lengths, each is one of them::

        five samples of four steps     3 0 4 1 2
        three                          4 0 2
    """
    if whole:
        return np.full(batch, steps, np.int32)
    spread = np.rint(np.linspace(0, steps, max(2, batch)))[:batch]
    return random.permutation(spread).astype(np.int32)


def _pad_places(
    random: np.random.Generator, array: Array, port: Port, padded: PaddedPlaces, place: str
) -> None:
    """Mark padding among the places of each step, as if each was a sample: the words of every sentence."""
    # (batch, steps, places) of ids, (batch, steps, places, features) of numbers
    lead = array.shape[: array.ndim - (port.vocabulary is None)]
    where = "end" if padded.at_end else place
    valid = valid_steps(random, (prod(lead[:-1]), lead[-1]), where)
    array[~valid.reshape(lead)] = padded.marks


def stray_arrays(ports: Sequence[Port], case: Case, which: int) -> list[Array]:
    """Arguments whose padding is right but in the last sample of input ``which``: it is in front there."""
    arrays = arrays_for(ports, case)
    last = values_for(np.random.default_rng(1), ports[which], (1, *case.inputs[which][1:]))[0]
    last[0] = ports[which].marks
    arrays[which][-1] = last
    return arrays


def valid_steps(
    random: np.random.Generator, shape: tuple[int, ...], place: str
) -> NDArray[np.bool_]:
    """Which steps are no padding, (batch, steps); the number differs from sample to sample.

    In one sample all are valid, in one a single one and in one none; in one, between valid ones, all but one, as far as
    so many steps and samples allow.
    """
    batch, steps = shape
    counts = random.integers(1, steps + 1, size=batch)
    # Four samples of five steps, with padding at the end, between and in front:
    #
    #     . . . . .    . . . . .    . . . . .
    #     x x x x .    x x . x x    . x x x x
    #     x . . . .    x . . . .    . . . . x
    #     x x x x x    x x x x x    x x x x x
    special = [0, max(1, steps - 1), 1, steps][:batch]
    counts[: len(special)] = special
    valid = np.arange(steps) < counts[:, None]
    if place == "front":
        return valid[:, ::-1]
    if place == "between":
        valid = random.permuted(valid, axis=1)
        if batch > 1 and steps > 2:
            valid[1] = np.arange(steps) != steps // 2
    return valid


def _array(random: np.random.Generator, port: Port, shape: tuple[int, ...]) -> Array:
    array = values_for(random, port, shape)
    if port.counts is not None:
        return array
    if port.vocabulary is not None:
        # The first and the last id occur, so that a table that is one too short shows.
        ids = valid_ids(port)
        array.flat[0], array.flat[-1] = ids[0], ids[-1]
    elif 0 not in _marks(port) and len(shape) > 2 and shape[0] == max(BATCHES):
        # Steps of zeros that are data: a mask that the picture does not have would show.
        array[0, -1] = array[1, 0] = 0
    return array


def values_for(random: np.random.Generator, port: Port, shape: tuple[int, ...]) -> Array:
    """Values that an input can have, none of them padding."""
    if port.vocabulary is None:
        return random.standard_normal(shape).astype(port.dtype)
    return valid_ids(port)[random.integers(0, len(valid_ids(port)), size=shape)].astype(port.dtype)


def valid_ids(port: Port) -> NDArray[np.int64]:
    """The ids that are no padding, in order; of a single one it is taken for one, too."""
    assert port.vocabulary is not None
    ids = np.arange(port.vocabulary)
    return ids[~np.isin(ids, _marks(port))] if port.vocabulary > 1 else ids


def _marks(port: Port) -> list[float]:
    """What marks padding in an input, of steps and of their places."""
    return [port.marks] * port.padding + ([] if port.places is None else [port.places.marks])


def _mark_in_part(array: Array, valid: NDArray[np.bool_], port: Port) -> None:
    """Valid steps of which one feature has the value that all have in padded steps: they are data all the same."""
    # (-1, 0.3, 2.1) is no padding, (-1, -1, -1) is.
    if array.ndim > 2 and prod(array.shape[2:]) > 1:
        samples, steps = np.nonzero(valid)
        flat = array.reshape(*array.shape[:2], -1)
        flat[samples[::2], steps[::2], 0] = port.marks
