"""compiled model → proof: what the generated code must compute, as numbers that can travel to its process.

Everything here comes from the reference interpreter; the compiler only tells what the layers are called.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.reference import expand, interpret, reachable
from seqdsl.verify.weights import LayerWeights, by_layer, draw, layer_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.model.spec import ModelSpec
    from seqdsl.pipeline import Model
    from seqdsl.verify.jobs import Case, Port
    from seqdsl.verify.weights import Array

TINY = 1e-30
"""The imaginary step of a derivative: so small that its square is nothing."""

SLOPED = 1
"""The case whose loss is derived: more than one sample, not the longest."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An array of doubles as text."""

    shape: tuple[int, ...]
    data: str

    @staticmethod
    def of(array: Array) -> Packed:
        """The packed array."""
        doubles = np.ascontiguousarray(array, np.float64)
        return Packed(doubles.shape, b64encode(doubles.tobytes()).decode())

    def array(self) -> Array:
        """The array."""
        return np.frombuffer(b64decode(self.data)).reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a model must come to with the weights that `seqdsl.verify.weights.draw` gives ``layers``.

    Attributes:
        layers: the layers that have weights.
        outputs: the results of each case.
        slopes: for each learnt array, the slope of the loss of case `SLOPED` along `direction`.
        reach: for the first case, a row for each step of each output: ``1`` for each step of each input
            that a path joins to it, else ``0``.
    """

    layers: tuple[LayerWeights, ...]
    outputs: tuple[tuple[Packed, ...], ...]
    slopes: tuple[tuple[str, float], ...]
    reach: tuple[str, ...]


def prove(model: Model, ports: Sequence[Port], cases: Sequence[Case]) -> Proof:
    """The proof of a model: what it must give in each of ``cases``."""
    layers = layer_weights(model.spec)
    weights = draw(layers)
    picture = _Picture(model)
    outputs = [picture.outputs(case, arrays_for(ports, case), weights) for case in cases]
    sloped = cases[SLOPED]
    return Proof(
        layers,
        tuple(tuple(map(Packed.of, found)) for found in outputs),
        tuple(_slopes(picture, sloped, arrays_for(ports, sloped), weights)),
        picture.reach(cases[0]),
    )


class _Picture:
    """A picture as the interpreter takes it."""

    def __init__(self, model: Model) -> None:
        self.drawing = model.drawing
        self.names = _names(model.spec)

    def outputs(
        self,
        case: Case,
        inputs: Sequence[Array],
        weights: Mapping[str, Array],
        lead: tuple[int, ...] = (),
    ) -> list[Array]:
        layers = by_layer(weights)
        placed = {index: layers.get(name, {}) for index, name in self.names.items()}
        steps = expand(self.drawing, dict(case.lengths))
        return interpret(self.drawing, steps, placed, inputs, lead)

    def reach(self, case: Case) -> tuple[str, ...]:
        rows = reachable(self.drawing, expand(self.drawing, dict(case.lengths)))
        return tuple("".join("01"[int(cell)] for cell in row) for row in rows)


def _names(spec: ModelSpec) -> dict[int, str]:
    """The name of each block's layer: one name for each letter, as a letter names a layer."""
    names: dict[int, str] = {}
    first: dict[str, str] = {}
    for block in spec.blocks:
        if block.layer is not None:
            alone = block.letter == "O"
            name = block.layer.name
            names[block.index] = name if alone else first.setdefault(block.letter, name)
    return names


def loss(outputs: Sequence[Array]) -> Any:
    """A number that depends on all outputs: their mean square distance from fixed random targets."""
    return sum(
        ((output - target) ** 2).mean(axis=tuple(range(-target.ndim, 0)))
        for output, target in zip(outputs, targets([o.shape for o in outputs]), strict=True)
    )


def targets(shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """What the outputs are drawn towards, the same in every process."""
    random = np.random.default_rng(crc32(b"targets"))
    return [random.standard_normal(shape) for shape in shapes]


def direction(name: str, shape: tuple[int, ...]) -> Array:
    """A direction in which an array of weights is moved, the same in every process."""
    return np.random.default_rng(crc32(name.encode())).standard_normal(shape)


def _slopes(
    picture: _Picture, case: Case, inputs: Sequence[Array], weights: Mapping[str, Array]
) -> list[tuple[str, float]]:
    """The slope of the loss along one direction in each array, by complex steps, all at once."""
    learnt = [name for name in weights if not name.rpartition("/")[2].startswith("moving_")]
    if not learnt:
        return []
    count = len(learnt)
    moved = {name: _stacked(array, count).astype(complex) for name, array in weights.items()}
    for place, name in enumerate(learnt):
        step = TINY * direction(name, weights[name].shape)
        moved[name][place] += 1j * step.reshape(moved[name].shape[1:])
    outputs = picture.outputs(case, inputs, moved, (count,))
    goals = targets(
        [
            (case.batch, *output.shape[-len(shape) + 1 :])
            for output, shape in zip(outputs, case.outputs, strict=True)
        ]
    )
    total = np.zeros(count, complex)
    for output, goal in zip(outputs, goals, strict=True):
        whole = np.broadcast_to(output, (count, *goal.shape))
        total += ((whole - goal) ** 2).mean(axis=tuple(range(1, whole.ndim)))
    return [(name, float(slope)) for name, slope in zip(learnt, total.imag / TINY, strict=True)]


def _stacked(array: Array, count: int) -> Array:
    one = array if array.ndim > 1 else array[None]
    return np.repeat(one[None], count, axis=0)
