"""what a model must compute, as numbers that can travel to the process that builds it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.runtime.named_weights import LayerWeights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array

MAIN_CASE = 1
"""The case that is differentiated and whose steps are perturbed: several samples, elided steps, not the longest."""


class Reach(str, Enum):
    """Whether a path of the picture joins an input step to an output step; as characters, so that a row is a string."""

    JOINED = "1"
    UNJOINED = "0"
    FAINT = "?"
    """Joined, but what the path carries is lost in rounding."""
    FINE = "f"
    """Joined, and lost in the rounding of single precision alone."""


@dataclass(frozen=True, slots=True)
class PackedArray:
    """An array of doubles as text."""

    shape: tuple[int, ...]
    data: str

    @staticmethod
    def of(array: Array) -> PackedArray:
        """The packed array."""
        doubles = np.ascontiguousarray(array, np.float64)
        return PackedArray(doubles.shape, b64encode(doubles.tobytes()).decode())

    def array(self) -> Array:
        """The array."""
        return np.frombuffer(b64decode(self.data)).reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Derivatives:
    """How the loss of a case changes: its directional derivatives.

    Attributes:
        case: the number of the case.
        loss: the loss itself.
        values: for each trainable array, the derivative of the loss along its `direction`.
    """

    case: int
    loss: float
    values: tuple[tuple[str, float], ...]

    def largest(self) -> float:
        """The size of the largest."""
        return max((abs(derivative) for _, derivative in self.values), default=0.0)


@dataclass(frozen=True, slots=True)
class ExpectedDropout:
    """What the first sample of case `MAIN_CASE` gives with dropout that is not random.

    All results are summaries (see `seqdsl.runtime.controlled`).

    Attributes:
        rates: the rates of the picture.
        levels: the levels of all draws that are tried.
        at_levels: a row for each.
        one_lost: a row for each number that can be lost while no other is; nothing if there are too many.
        lost_rates: with which rate each of these is lost.
    """

    rates: tuple[float, ...]
    levels: tuple[float, ...]
    at_levels: PackedArray
    one_lost: PackedArray | None = None
    lost_rates: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class MovingStatistics:
    """The moving statistics of a layer of batch normalization after one batch.

    Attributes:
        layer: its name.
        mean: the moving mean.
        variances: the moving variance, in each of the ways to count that frameworks have.
    """

    layer: str
    mean: PackedArray
    variances: tuple[PackedArray, ...]


@dataclass(frozen=True, slots=True)
class ExpectedTraining:
    """What a model computes while it is trained.

    Attributes:
        derivatives: in case `MAIN_CASE`, where nothing is random.
        samples: where dropout is, what was drawn of some numbers of the results (see
            `seqdsl.verify.distribution`): one array for each way to understand the picture.
        dropout: where dropout is, what there is when its draws are given numbers.
        statistics: the moving statistics after case `MAIN_CASE`, of layers that are applied once, where nothing
            is random.
    """

    derivatives: Derivatives | None = None
    samples: tuple[PackedArray, ...] = ()
    dropout: ExpectedDropout | None = None
    statistics: tuple[MovingStatistics, ...] = ()


@dataclass(frozen=True, slots=True)
class FedArgument:
    """An argument that a model feeds itself when it runs free.

    Attributes:
        place: which argument it is.
        ahead: the steps that what is fed back has before the first one of the argument.
        is_id: whether ids are generated.
        is_coded: whether the argument holds their one-hot codes.
        output: which result is what is fed back; ``None``: none is.
    """

    place: int
    ahead: int
    is_id: bool
    is_coded: bool
    output: int | None


@dataclass(frozen=True, slots=True)
class ExpectedRun:
    """What a model generates at temperature 0.

    Attributes:
        case: the number of the case, whose arguments are given.
        first: how many steps of what is fed are given: the prompt.
        steps: how many are generated.
        values: what is, of each argument that is fed: ids, (batch, steps), or values, (batch, steps, features).
        clear: which of them do not depend on rounding, (batch, steps): an id that is as good as another one may be
            either, and what follows it may be anything.
        origins: the step of the model's output that each is made of, (batch, steps): the last that is no padding.
    """

    case: int
    first: int
    steps: int
    values: tuple[PackedArray, ...]
    clear: tuple[PackedArray, ...]
    origins: tuple[PackedArray, ...]


@dataclass(frozen=True, slots=True)
class ExpectedGeneration:
    """What a model with ``feedback=`` does when it runs free.

    Attributes:
        fed: the arguments that it feeds.
        runs: what it generates, in some cases.
        chances: for each of these the probability of each id for the first sample of the first run, whose prompt has
            the least steps, with other weights (`seqdsl.verify.expected_generation.DRAWN`): (temperatures, steps,
            ids), of one step or of two; ``None``: no ids are drawn.
        factor: what kernels are multiplied by in the runs, so that ids do not only depend on biases.
        longer: how many steps a run may have that is longer than the others; 0: there is none.
    """

    fed: tuple[FedArgument, ...]
    runs: tuple[ExpectedRun, ...]
    chances: tuple[PackedArray | None, ...]
    factor: float
    longer: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What a model must compute with the weights that `seqdsl.runtime.named_weights.draw` gives ``layers``.

    Attributes:
        layers: the layers that have weights.
        outputs: the results of each case.
        derivatives: how the loss changes, in case `MAIN_CASE` and in those with padding.
        reach: for case `MAIN_CASE`, a row for each step of each output, and in it the `Reach` of each input step that
            `seqdsl.verify.perturb.columns` changes.
        training: what it computes while it is trained.
        scale: what all weights are multiplied by.
        generation: what it generates, if it feeds itself.
    """

    layers: tuple[LayerWeights, ...]
    outputs: tuple[tuple[PackedArray, ...], ...]
    derivatives: tuple[Derivatives, ...]
    reach: tuple[str, ...]
    training: ExpectedTraining = ExpectedTraining()
    scale: float = 1.0
    generation: ExpectedGeneration | None = None


def from_dict(data: Mapping[str, Any]) -> Expected:
    """The expected results that `dataclasses.asdict` and JSON took apart."""
    # JSON has lists for tuples, and a list equals no tuple: so every level is made anew.
    training = data["training"]
    return Expected(
        layers_from(data["layers"]),
        tuple(tuple(map(_packed, case)) for case in data["outputs"]),
        tuple(map(_derivatives, data["derivatives"])),
        tuple(data["reach"]),
        ExpectedTraining(
            training["derivatives"] and _derivatives(training["derivatives"]),
            tuple(map(_packed, training["samples"])),
            training["dropout"] and _dropout(training["dropout"]),
            tuple(map(_statistics, training["statistics"])),
        ),
        data["scale"],
        data["generation"] and _generation(data["generation"]),
    )


def layers_from(data: Sequence[Mapping[str, Any]]) -> tuple[LayerWeights, ...]:
    """The layers that `dataclasses.asdict` and JSON took apart."""
    return tuple(
        LayerWeights(
            item["name"],
            _kind(item),
            tuple((name, tuple(shape)) for name, shape in item["shapes"]),
            row=item["row"],
            settings=tuple((name, value) for name, value in item["settings"]),
            cell=item["cell"],
        )
        for item in data
    )


def _kind(item: Mapping[str, Any]) -> str:
    """The kind of a layer; that of a cell of a file knows the equations."""
    kind: str = item["kind"]
    if item["cell"] is None:
        return kind
    # JSON keeps the name of the kind alone; its equations come beside it.
    from seqdsl.ir.json import cell_from_json
    from seqdsl.layers._declared import CellKind

    return CellKind(cell_from_json(item["cell"]))


def _packed(data: Mapping[str, Any]) -> PackedArray:
    return PackedArray(tuple(data["shape"]), data["data"])


def _generation(data: Mapping[str, Any]) -> ExpectedGeneration:
    return ExpectedGeneration(
        tuple(FedArgument(**item) for item in data["fed"]),
        tuple(map(_run, data["runs"])),
        tuple(item and _packed(item) for item in data["chances"]),
        data["factor"],
        data["longer"],
    )


def _run(data: Mapping[str, Any]) -> ExpectedRun:
    # {"case": 0, "first": 1, "steps": 5, "values": [...], ...}: what is a list was packed, array by array.
    packed = {
        name: tuple(map(_packed, item)) for name, item in data.items() if isinstance(item, list)
    }
    return ExpectedRun(**{**data, **packed})


def _statistics(data: Mapping[str, Any]) -> MovingStatistics:
    variances = tuple(map(_packed, data["variances"]))
    return MovingStatistics(data["layer"], _packed(data["mean"]), variances)


def _dropout(data: Mapping[str, Any]) -> ExpectedDropout:
    return ExpectedDropout(
        tuple(data["rates"]),
        tuple(data["levels"]),
        _packed(data["at_levels"]),
        data["one_lost"] and _packed(data["one_lost"]),
        tuple(data["lost_rates"]),
    )


def _derivatives(data: Mapping[str, Any]) -> Derivatives:
    return Derivatives(
        data["case"], data["loss"], tuple((name, derivative) for name, derivative in data["values"])
    )
