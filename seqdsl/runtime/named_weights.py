"""layers → named arrays: one set of weights that every framework can be given.

The names and layouts are Keras's: ``encoder/kernel`` (features, units), ``encoder/recurrent_kernel``,
``encoder/bias``; a bidirectional layer has ``encoder/forward/kernel`` and so on, a convolution's kernel is
(kernel, features, filters). What a framework keeps in another way its adapter translates.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from seqdsl.layers import Role, layer_def

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[Any]

    Rows = Callable[[], Iterator[Array]]
    """The rows of an array, some at a time."""

    Keep = Callable[[tuple[int, ...], Rows], Array]
    """Makes an array of a shape of its rows."""

ROW = "@"
"""Before the number of a row of a module that holds several."""

Shape = tuple[int, ...]

AT_ONCE = 2**22
"""Numbers of weights that are copied at once, in as few layers as hold so many, or drawn at once: 32 MB."""

Value = str | float | bool | None
"""A setting of a layer."""


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """The arrays of one layer.

    Attributes:
        name: the layer's name in the generated code.
        kind: what the layer is.
        shapes: the shape of each array, by its name within the layer.
        place: where a model keeps them that was not generated, empty if the model is the layer itself; ``None``: under
            the layer's name.
        row: where a framework that has stacks of equal rows keeps them, as ``lstm@1``; empty: it is in no stack.
        settings: what else changes its numbers (see `seqdsl.runtime.settings`).
        cell: the equations that it runs, as JSON; ``None``: it is a layer that everybody knows.
        columns: which of the input features of the model's layer each of the picture's is; empty: all are in one order.
    """

    name: str
    kind: str
    shapes: tuple[tuple[str, Shape], ...]
    place: str | None = None
    row: str = ""
    settings: tuple[tuple[str, Value], ...] = ()
    cell: Mapping[str, Any] | None = None
    columns: tuple[int, ...] = ()

    def names(self) -> Iterator[tuple[str, str]]:
        """Each array's name within the layer, and its whole name."""
        for part, _ in self.shapes:
            yield part, f"{self.name}/{part}"


def _as_one(shape: Shape, rows: Rows) -> Array:
    return np.concatenate([np.empty((0, *shape[1:])), *rows()])


def draw(
    layers: Sequence[LayerWeights], scale: float = 1.0, keep: Keep = _as_one
) -> dict[str, Array]:
    """Random weights by whole name, the same in every process, of a well-scaled network.

    State is carried on for long, so that what depends on a far step is visible.

    Args:
        layers: what to draw for.
        scale: what all weights are multiplied by: the values of some networks would grow too large.
        keep: makes an array of a table's rows, of which some are drawn at a time.
    """
    return {
        f"{layer.name}/{part}": keep(shape, partial(_rows, layer, part, shape, scale))
        if layer_def(layer.kind).weight(part).role is Role.TABLE
        else _scaled(_drawn(layer, part, shape), scale)
        for layer in layers
        for part, shape in layer.shapes
    }


def _scaled(array: Array, scale: float) -> Array:
    # In place: large weights would be in memory twice.
    array *= scale
    return array


def _rows(layer: LayerWeights, part: str, shape: Shape, scale: float) -> Iterator[Array]:
    random, count = _random(layer, part), max(1, AT_ONCE // max(1, prod(shape[1:])))
    for start in range(0, shape[0], count):
        size = min(count, shape[0] - start)
        yield _scaled(random.standard_normal((size, *shape[1:])), scale)


def _random(layer: LayerWeights, part: str) -> np.random.Generator:
    return np.random.default_rng(crc32(f"{layer.name}/{part}".encode()))


def in_pieces(layers: Sequence[LayerWeights]) -> Iterator[list[LayerWeights]]:
    """Layers in pieces of about `AT_ONCE` numbers: what is done piece by piece has no copy of all weights in memory."""
    piece, held = list[LayerWeights](), 0
    for layer in layers:
        size = sum(prod(shape) for _, shape in layer.shapes)
        if piece and held + size > AT_ONCE:
            yield piece
            piece, held = [], 0
        piece.append(layer)
        held += size
    if piece:
        yield piece


_LIMITS = {"relu6": (6.0, 0.0), "hard_sigmoid": (3.0, -3.0)}
"""Where activations bend that other activations could be taken for: `relu6` is `relu` up to 6."""


def _drawn(layer: LayerWeights, part: str, shape: Shape) -> Array:
    random, definition = _random(layer, part), layer_def(layer.kind)
    role = definition.weight(part).role
    values = random.standard_normal(shape)
    if role is Role.RECURRENT_KERNEL:
        return _orthogonal(values)
    if role in (Role.KERNEL, Role.PROJECTION):
        # Of a convolution's (kernel, features, filters), all but the filters enter a sum.
        scaled: Array = values / np.sqrt(np.prod(shape[:-1]))
        return scaled
    if role in (Role.SCALE, Role.VARIANCE):
        # Above zero: a variance is divided by, and a scale of zero would hide what is below.
        return 0.5 + random.random(shape)
    values /= 4
    if role is Role.BIAS and definition.is_affine:
        # However small what is read is, values lie on both sides of an upper limit, then of a lower, by turns.
        values += np.resize(_LIMITS.get(str(dict(layer.settings).get("activation")), (0.0,)), shape)
    if role is Role.BIAS and definition.gates:
        # State is carried on for long where the gate that keeps it is open.
        keeps = [1.5 * gate.keeps for gate in definition.gates]
        values += np.repeat(keeps, shape[-1] // len(keeps))
    return values


def _orthogonal(values: Array) -> Array:
    # Of a convolution's (size, size, filters, gates), what its window reads of the state is one side of a matrix.
    units = values.shape[-2]
    matrix = values.reshape(-1, values.shape[-1])
    if values.shape[-1] % units:
        # Orthogonal columns need as many rows.
        # A matrix from 8 to 3 features, as a cell of a file may have one: no gates are side by side.
        scaled: Array = values / np.sqrt(len(matrix))
        return scaled
    blocks = np.split(matrix, values.shape[-1] // units, -1)
    # Gate by gate: an orthogonal matrix keeps the length of a state, however many steps it is multiplied.
    whole = np.concatenate([np.linalg.qr(block)[0] for block in blocks], -1)
    return whole.reshape(values.shape)


def roles(layers: Sequence[LayerWeights]) -> dict[str, Role]:
    """What each array does, by its whole name."""
    return {
        name: layer_def(layer.kind).weight(part).role
        for layer in layers
        for part, name in layer.names()
    }


def trainable(layers: Sequence[LayerWeights]) -> list[str]:
    """The names of the arrays that are trainable; the others are moving statistics."""
    return [name for name, role in roles(layers).items() if role.is_trained]


def by_layer(weights: Mapping[str, Array]) -> dict[str, dict[str, Array]]:
    """The arrays of each layer, by their names within it."""
    layers: dict[str, dict[str, Array]] = {}
    for name, array in weights.items():
        layer, _, part = name.partition("/")
        layers.setdefault(layer, {})[part] = array
    return layers
