"""what a model must compute, as numbers that can travel to the process that builds it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.verify.weights import LayerWeights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.verify.weights import Array

SLOPED = 1
"""The case whose loss is derived and whose steps are perturbed: several samples, elided steps, not the longest."""

JOINED, UNJOINED, FAINT, FINE = "10?f"
"""Whether a path joins an input step to an output step; or it does, but what it carries is lost in rounding; or only
in the rounding of single precision."""


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
class Slopes:
    """How the loss of a case changes.

    Attributes:
        case: the number of the case.
        loss: the loss itself.
        values: for each learnt array, the slope of the loss along its `direction`.
    """

    case: int
    loss: float
    values: tuple[tuple[str, float], ...]

    def steepest(self) -> float:
        """The largest slope."""
        return max((abs(slope) for _, slope in self.values), default=0.0)


@dataclass(frozen=True, slots=True)
class Dropped:
    """What the first sample of case `SLOPED` gives with dropout that is not left to chance.

    All results are summaries (see `seqdsl.verify.controlled`).

    Attributes:
        rates: the rates of the picture.
        levels: the levels of all draws that are tried.
        at_levels: a row for each.
        one_lost: a row for each number that can be lost while all others are kept; nothing if there are too many.
        lost_rates: with which rate each of these is lost.
    """

    rates: tuple[float, ...]
    levels: tuple[float, ...]
    at_levels: Packed
    one_lost: Packed | None = None
    lost_rates: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a layer of batch normalization keeps after one batch.

    Attributes:
        layer: its name.
        mean: the moving mean.
        variances: the moving variance, in each of the ways to count that frameworks have.
    """

    layer: str
    mean: Packed
    variances: tuple[Packed, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    """What a model computes while it is trained.

    Attributes:
        slopes: in case `SLOPED`, where chance has no part in it.
        samples: where it has, what was drawn of some numbers of the results (see `seqdsl.verify.chance`): one array for
            each way to understand the picture.
        dropped: where it has, what there is without it.
        kept: the statistics that are kept after case `SLOPED`, of layers that are applied once, where chance
            has no part in it.
    """

    slopes: Slopes | None = None
    samples: tuple[Packed, ...] = ()
    dropped: Dropped | None = None
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a model must come to with the weights that `seqdsl.verify.weights.draw` gives ``layers``.

    Attributes:
        layers: the layers that have weights.
        outputs: the results of each case.
        slopes: how the loss changes, in case `SLOPED` and in those with padding.
        reach: for case `SLOPED`, a row for each step of each output: a sign for each input step that
            `seqdsl.verify.perturb.columns` changes: `JOINED`, `UNJOINED`, `FAINT` or `FINE`.
        learning: what it computes while it is trained.
        scale: how lively the weights are.
    """

    layers: tuple[LayerWeights, ...]
    outputs: tuple[tuple[Packed, ...], ...]
    slopes: tuple[Slopes, ...]
    reach: tuple[str, ...]
    learning: Learning = Learning()
    scale: float = 1.0


def from_dict(data: Mapping[str, Any]) -> Proof:
    """The proof that `dataclasses.asdict` and JSON took apart."""
    learning = data["learning"]
    return Proof(
        layers_from(data["layers"]),
        tuple(tuple(map(_packed, case)) for case in data["outputs"]),
        tuple(map(_slopes, data["slopes"])),
        tuple(data["reach"]),
        Learning(
            learning["slopes"] and _slopes(learning["slopes"]),
            tuple(map(_packed, learning["samples"])),
            learning["dropped"] and _dropped(learning["dropped"]),
            tuple(map(_kept, learning["kept"])),
        ),
        data["scale"],
    )


def layers_from(data: Sequence[Mapping[str, Any]]) -> tuple[LayerWeights, ...]:
    """The layers that `dataclasses.asdict` and JSON took apart."""
    return tuple(
        LayerWeights(
            item["name"],
            item["kind"],
            tuple((name, tuple(shape)) for name, shape in item["shapes"]),
            row=item["row"],
            settings=tuple((name, value) for name, value in item["settings"]),
        )
        for item in data
    )


def _packed(data: Mapping[str, Any]) -> Packed:
    return Packed(tuple(data["shape"]), data["data"])


def _kept(data: Mapping[str, Any]) -> Kept:
    variances = tuple(map(_packed, data["variances"]))
    return Kept(data["layer"], _packed(data["mean"]), variances)


def _dropped(data: Mapping[str, Any]) -> Dropped:
    return Dropped(
        tuple(data["rates"]),
        tuple(data["levels"]),
        _packed(data["at_levels"]),
        data["one_lost"] and _packed(data["one_lost"]),
        tuple(data["lost_rates"]),
    )


def _slopes(data: Mapping[str, Any]) -> Slopes:
    return Slopes(
        data["case"], data["loss"], tuple((name, slope) for name, slope in data["values"])
    )
