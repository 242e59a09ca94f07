"""layers by name: what each computes of what its nodes read; an entry for every layer that computes."""

from __future__ import annotations

from functools import reduce
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle import masks
from seqdsl.verify.oracle.attention import attention
from seqdsl.verify.oracle.grids import GRID_KINDS
from seqdsl.verify.oracle.recurrent import recurrent
from seqdsl.verify.oracle.sampling import sample, sample_normal
from seqdsl.verify.oracle.training import batch_statistics, dropped

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.steps import Place
    from seqdsl.verify.oracle.values import Walk

    Rule: TypeAlias = Callable[[list[Array], list[Array]], Array]

EPSILON = 1e-5


def identity(walk: Walk, index: int) -> list[Array]:
    """The input, passed through."""
    return walk.inputs(index)


def activation(walk: Walk, index: int) -> list[Array]:
    """A function of the input."""
    return [walk.function(index, "activation", "linear")(x) for x in walk.rows(index)]


def dense(walk: Walk, index: int) -> list[Array]:
    """An affine map and an activation; a tied one multiplies by the rows of an embedding's table."""
    if (letter := walk.argument(index, "tied")) is None:
        return _affine(walk, index, walk.rows(index))
    place = next(at for at, item in enumerate(walk.drawing.blocks) if item.letter == letter)
    # The score of an id is the product of what is read and the id's own vector.
    table, function = (
        walk.weights[place]["embeddings"],
        walk.function(index, "activation", "linear"),
    )
    bias = walk.weights[index].get("bias", np.zeros(1))
    return [function(x @ np.swapaxes(table, -1, -2) + bias) for x in walk.rows(index)]


def _affine(walk: Walk, index: int, inputs: list[Array]) -> list[Array]:
    weights, function = walk.weights[index], walk.function(index, "activation", "linear")
    kernel, bias = weights["kernel"], weights.get("bias", np.zeros(1))
    # The kernel of a window has an axis for its steps: side by side, they are what a node reads.
    flat = kernel.reshape(*walk.lead, -1, kernel.shape[-1])
    return [function(x @ flat + bias) for x in inputs]


def conv(walk: Walk, index: int) -> list[Array]:
    """A window of the block below around the step that is wired; beyond its ends, zero.

    A node without a wire has no window: it gives zero.
    """
    kernel = walk.size(index, "kernel")
    spread = 1 if walk.argument(index, "dilation") is None else walk.size(index, "dilation")
    reach = (kernel - 1) * spread
    before = reach if walk.argument(index, "padding") == "causal" else reach // 2
    # kernel 3, dilation 2          steps -2  0  2 beside the wired one
    # kernel 3, dilation 2, causal  steps -4 -2  0
    # kernel 4                      steps -1  0  1  2: one more at the end, as `same` is in both frameworks
    offsets = [place * spread - before for place in range(kernel)]
    widths = _widths(walk, index)
    windows = [
        walk.join([_tap(walk, index, places, widths, offset) for offset in offsets])
        for places in walk.steps.operands[index]
    ]
    return [
        value if any(places) else walk.zeros(walk.size(index, "filters"))
        for value, places in zip(
            _affine(walk, index, windows), walk.steps.operands[index], strict=True
        )
    ]


def _widths(walk: Walk, index: int) -> list[int]:
    columns = zip(*walk.steps.operands[index], strict=True)
    return [max(walk.place(p).shape[-1] for p in column if p) for column in columns]


def _tap(
    walk: Walk, index: int, places: tuple[Place | None, ...], widths: list[int], offset: int
) -> Array:
    kept = walk.taken.get(index)
    first = places[0].sources[0].step + offset if places[0] else 0
    if kept and first < 0:
        # What was read before this call, side by side: of four steps the step -1 is the last one.
        return kept[0][..., first, :]
    parts = []
    for place, width in zip(places, widths, strict=True):
        block, step = place.sources[0] if place else (-1, -1)
        inside = place and 0 <= step + offset < walk.steps.counts[block]
        parts.append(walk.values[block][step + offset] if inside else walk.zeros(width))
    return walk.join(parts)


def embedding(walk: Walk, index: int) -> list[Array]:
    """The row of a table for each token."""
    table = walk.weights[index]["embeddings"]
    places = [step[0] for step in walk.steps.operands[index]]
    nothing = np.zeros(walk.batch * prod(walk.grid_read(index)), int)
    return [table[..., walk.ids(place) if place else nothing, :] for place in places]


def argmax(walk: Walk, index: int) -> list[Array]:
    """The id of the largest feature of each step, the first of equals, as a number; it has no derivative."""
    return [np.argmax(x.real, -1)[..., None].astype(float) for x in walk.rows(index)]


def learned(walk: Walk, index: int) -> list[Array]:
    """Trained numbers, the same for every sample: one row of a table for each step."""
    table = walk.weights[index]["embeddings"]
    steps = range(walk.steps.counts[index])
    return [table[..., step : step + 1, :] + walk.zeros(1) for step in steps]


def position(walk: Walk, index: int) -> list[Array]:
    """A code of each step's number, the first of which is 0: trained, or sines and cosines (Vaswani et al. 2017).

    With a state the first step of each sample has the number that the call before left.
    """
    steps = range(walk.steps.counts[index])
    (first,) = walk.taken.get(index, (np.zeros(walk.batch, int),))
    numbers = [first + step for step in steps]
    if walk.argument(index, "code") != "sin":
        table = walk.weights[index]["embeddings"]
        return [table[..., number, :] + walk.zeros(1) for number in numbers]
    features = walk.size(index, "features")
    # PE(t, 2i) = sin(t / 10000^(2i / d)), PE(t, 2i + 1) = cos(t / 10000^(2i / d))
    places = np.arange(features)
    waves = 10000.0 ** ((places - places % 2) / features)
    return [
        np.where(places % 2 == 0, np.sin(angles), np.cos(angles)) + walk.zeros(1)
        for angles in (number[:, None] / waves for number in numbers)
    ]


def split(walk: Walk, index: int) -> list[Array]:
    """Node i of n takes the i-th of n equal parts: of the features, or of the columns of a grid."""
    inputs = walk.inputs(index)
    if grid := walk.grid_read(index):
        # a grid of 2 x 4: to node 0 of 2 columns 0 and 1 of both rows
        rows = [x.reshape(*x.shape[:-1], prod(grid[:-1]), grid[-1], -1) for x in inputs]
        parts = [np.split(x, len(rows), -2)[place] for place, x in enumerate(rows)]
        return [part.reshape(*part.shape[:-3], -1) for part in parts]
    return [np.split(x, len(inputs), -1)[place] for place, x in enumerate(inputs)]


def layernorm(walk: Walk, index: int) -> list[Array]:
    """Ba et al. 2016: the features of each step normalized."""
    weights, epsilon = walk.weights[index], walk.number(index, "epsilon", EPSILON)

    def normalized(x: Array) -> Array:
        centered = x - x.mean(-1, keepdims=True)
        # Divided by n, not by n - 1: `torch.var` would need `correction=0`.
        variance = (centered**2).mean(-1, keepdims=True)
        return centered / np.sqrt(variance + epsilon) * weights["gamma"] + weights["beta"]

    return [normalized(x) for x in walk.rows(index)]


def batchnorm(walk: Walk, index: int) -> list[Array]:
    """Ioffe and Szegedy 2015: normalized by the moving statistics, in training by the batch's own."""
    weights, inputs = walk.weights[index], walk.rows(index)
    if walk.training and not walk.training.moving:
        mean, variance, _ = walk.statistics[index] = batch_statistics(inputs)
    else:
        mean, variance = weights["moving_mean"], weights["moving_variance"]
    scale = weights["gamma"] / np.sqrt(variance + walk.number(index, "epsilon", EPSILON))
    return [(x - mean) * scale + weights["beta"] for x in inputs]


def dropout(walk: Walk, index: int) -> list[Array]:
    """The input; in training, some of it is lost."""
    inputs = walk.inputs(index)
    return dropped(walk.training, inputs, walk.rate(index, "rate")) if walk.training else inputs


def combine(walk: Walk, index: int) -> list[Array]:
    """All wires of a node, element by element; what is padding on a bus counts as no wire."""
    rule = _RULES[walk.kind(index)]
    return [_combined(walk, step, rule) for step in walk.steps.operands[index]]


def _combined(walk: Walk, places: tuple[Place | None, ...], rule: Rule) -> Array:
    parts = [part for place in places if place for part in _places(walk, place)]
    if not parts:
        return walk.zeros(1)
    return rule([value for value, _ in parts], [valid for _, valid in parts])


def _places(walk: Walk, place: Place) -> list[tuple[Array, Array]]:
    """The values of a place; of grids each place by itself, as one feature of it is spread to those of another."""
    count = prod(walk.grids.get(place.sources[0].block, ()))
    # (places, 1) beside (places, 4)
    return [
        (walk.apart(value, count), np.repeat(valid, count, 0))
        for value, valid in _parts(walk, place)
    ]


def _parts(walk: Walk, place: Place) -> list[tuple[Array, Array]]:
    if not place.bus:
        return [(walk.place(place), np.ones((walk.batch, 1), bool))]
    return [
        (walk.value(one, how), masks.is_valid(walk, one, how)[:, None])
        for one, how in place.counted()
    ]


# Of a bus, padding counts as what changes nothing: 0 in a sum, 1 in a product, -inf in a maximum, inf in a minimum.
# Where all of it is padding, each gives 0.
def _add(values: list[Array], valid: list[Array]) -> Array:
    return reduce(np.add, map(np.multiply, values, valid))


def _multiply(values: list[Array], valid: list[Array]) -> Array:
    counted = [np.where(here, value, 1) for value, here in zip(values, valid, strict=True)]
    return np.where(np.any(valid, axis=0), reduce(np.multiply, counted), 0)


def _mean(values: list[Array], valid: list[Array]) -> Array:
    count = np.sum(valid, axis=0)
    return _add(values, valid) / np.maximum(count, 1)


def _max(values: list[Array], valid: list[Array]) -> Array:
    counted = [np.where(here, value, -np.inf) for value, here in zip(values, valid, strict=True)]
    # `np.maximum` orders complex numbers of equal real parts by their imaginary ones: a derivative would decide.
    largest = reduce(lambda a, b: np.where(a.real >= b.real, a, b), counted)
    return np.where(np.any(valid, axis=0), largest, 0)


def _min(values: list[Array], valid: list[Array]) -> Array:
    return -_max([-value for value in values], valid)


_RULES: dict[str, Rule] = {
    "add": _add,
    "multiply": _multiply,
    "mean": _mean,
    "max": _max,
    "min": _min,
}

KINDS: dict[str, Callable[[Walk, int], list[Array]]] = {
    **dict.fromkeys(("output", "concat"), identity),
    **dict.fromkeys(("lstm", "gru", "rnn", "convlstm"), recurrent),
    **dict.fromkeys(_RULES, combine),
    **GRID_KINDS,
    "activation": activation,
    "argmax": argmax,
    "attention": attention,
    "batchnorm": batchnorm,
    "conv": conv,
    "dense": dense,
    "dropout": dropout,
    "embedding": embedding,
    "layernorm": layernorm,
    "learned": learned,
    "position": position,
    "sample": sample,
    "sample_normal": sample_normal,
    "split": split,
}
