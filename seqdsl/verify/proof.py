"""what a model must compute, as numbers that can travel to the process that builds it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.verify.weights import LayerWeights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.verify.weights import Array

SLOPED = 1
"""The case whose loss is derived and whose steps are perturbed: several samples, elided steps, not the longest."""

JOINED, UNJOINED, FAINT = "10?"
"""Whether a path joins an input step to an output step; or it does, but what it carries is lost in rounding."""


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
        slopes: for each learnt array, the slope of the loss of case `SLOPED` along its `direction`.
        reach: for case `SLOPED`, a row for each step of each output: a sign for each input step that
            `seqdsl.verify.perturb.columns` changes: `JOINED`, `UNJOINED` or `FAINT`.
        scale: how lively the weights are.
    """

    layers: tuple[LayerWeights, ...]
    outputs: tuple[tuple[Packed, ...], ...]
    slopes: tuple[tuple[str, float], ...]
    reach: tuple[str, ...]
    scale: float = 1.0


def from_dict(data: Mapping[str, Any]) -> Proof:
    """The proof that `dataclasses.asdict` and JSON took apart."""
    layers = (
        LayerWeights(
            item["name"],
            item["kind"],
            tuple((name, tuple(shape)) for name, shape in item["shapes"]),
            row=item["row"],
        )
        for item in data["layers"]
    )
    outputs = (
        tuple(Packed(tuple(item["shape"]), item["data"]) for item in case)
        for case in data["outputs"]
    )
    slopes = tuple((name, slope) for name, slope in data["slopes"])
    return Proof(tuple(layers), tuple(outputs), slopes, tuple(data["reach"]), data["scale"])
