"""compiled model → proof: what the generated code must compute, worked out by the reference interpreter.

Everything here comes from the interpreter; the compiler only tells what the layers are called.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.cases import cases as cases_of
from seqdsl.verify.controlled import levels, summary
from seqdsl.verify.distribution import draws, repeated, samples
from seqdsl.verify.expected import (
    FAINT,
    FINE,
    JOINED,
    MAIN_CASE,
    UNJOINED,
    Derivatives,
    Expected,
    ExpectedDropout,
    ExpectedTraining,
    MovingStatistics,
    PackedArray,
)
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.loss import direction, goals
from seqdsl.verify.oracle import (
    MOMENTUM,
    AtLevel,
    OneLost,
    Training,
    expand,
    interpret,
    kept,
    reachable,
)
from seqdsl.verify.perturb import FAINT as FAINT_DOUBLE
from seqdsl.verify.perturb import FAINT_SINGLE, columns, moved, perturbed, step_counts
from seqdsl.verify.ports import ports as ports_of
from seqdsl.verify.spec_weights import layer_weights
from seqdsl.verify.weights import by_layer, draw, trainable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seqdsl.model.spec import ModelSpec
    from seqdsl.pipeline import Model
    from seqdsl.verify.jobs import Case, Port
    from seqdsl.verify.oracle import Walk
    from seqdsl.verify.oracle.variants import Variant
    from seqdsl.verify.weights import Array

TINY = 1e-30
"""The imaginary step of a derivative: so small that its square is nothing."""

SCALES = (1.0, 0.5, 0.25, 0.1, 0.01)
"""What the weights are multiplied by, until no value is beyond `LARGEST` and no slope beyond `STEEPEST`."""

LARGEST, STEEPEST = 1e4, 1e3
"""Beyond these values and slopes, rounding is not small any more."""

PLAIN = 10 * FAINT_SINGLE
"""How far a value moves that moves in any precision."""

MOST_LOST = 4096
"""Numbers that can be lost by dropout, of each of which it is worked out what comes of it."""

MOST_NUMBERS = 2**25
"""Complex numbers to hold at once: half a gigabyte."""


def compute_expected(model: Model) -> Expected:
    """The proof of a model: what it must give in each of its cases, in any framework."""
    ports, cases = ports_of(model.spec), cases_of(model.spec)
    layers = layer_weights(model.spec)
    picture = Picture(model)
    # Activations without a bound make some networks grow beyond all numbers.
    with np.errstate(over="ignore", invalid="ignore"):
        for scale in SCALES:
            weights = draw(layers, scale)
            walks = [picture.walk(case, arrays_for(ports, case), weights) for case in cases]
            if not all(walk.largest() < LARGEST for walk in walks) and scale != SCALES[-1]:
                continue
            slopes = [
                _slopes(picture, place, cases[place], arrays_for(ports, cases[place]), weights)
                for place in derived_cases(cases)
            ]
            if all(item.largest() < STEEPEST for item in slopes):
                break
    return Expected(
        layers,
        tuple(tuple(map(PackedArray.of, walk.outputs())) for walk in walks),
        tuple(slopes),
        _reach(picture, ports, cases[MAIN_CASE], weights),
        _learning(
            picture, cases[MAIN_CASE], arrays_for(ports, cases[MAIN_CASE]), weights, slopes[0]
        ),
        scale,
    )


def derived_cases(cases: Sequence[Case]) -> list[int]:
    """The cases whose loss is derived: one, and all with padding."""
    return [MAIN_CASE, *(place for place, case in enumerate(cases) if case.padded)]


class Picture:
    """A picture as the interpreter takes it."""

    def __init__(self, model: Model) -> None:
        """Take what was read of the picture, and the names of its layers."""
        self.drawing = model.drawing
        self.names = _names(model.spec)
        self.rates = {item.name: float(item.default) for item in model.spec.parameters}
        kinds = {(item.kind, bool(item.arguments.get("dropout"))) for item in self.drawing.settings}
        self.has_chance = any(kind == "dropout" or within for kind, within in kinds)
        self.has_statistics = any(kind == "batchnorm" for kind, _ in kinds)

    def is_two_way(self) -> bool:
        """Whether a row runs both ways and loses some of what it sees."""
        items = zip(self.drawing.settings, self.drawing.states.directions, strict=True)
        return any(item.arguments.get("dropout") and way == "=" for item, way in items)

    def dropout_rates(self) -> tuple[float, ...]:
        """The rates with which numbers are lost, each once."""
        given = [
            item.arguments.get("rate" if item.kind == "dropout" else "dropout")
            for item in self.drawing.settings
        ]
        found = (self.rates[rate] if isinstance(rate, str) else rate for rate in given)
        return tuple(sorted({float(rate) for rate in found if rate}))  # type: ignore[arg-type]

    def walk(
        self,
        case: Case,
        inputs: Sequence[Array],
        weights: Mapping[str, Array],
        lead: tuple[int, ...] = (),
        training: Training | None = None,
        variant: Variant | None = None,
    ) -> Walk:
        """What the interpreter makes of a case; the rest as `interpret` takes it."""
        layers = by_layer(weights)
        placed = {index: layers.get(name, {}) for index, name in self.names.items()}
        steps = expand(self.drawing, dict(case.lengths))
        exact = [array.astype(np.float64) if array.dtype.kind == "f" else array for array in inputs]
        return interpret(self.drawing, steps, placed, exact, lead, training, variant=variant)

    def reach(self, case: Case, columns: Sequence[int]) -> NDArray[np.bool_]:
        """Which input step is joined to which output step."""
        return reachable(self.drawing, expand(self.drawing, dict(case.lengths)), columns)


class Contradiction(AssertionError):
    """The interpreter and the paths of the step graph tell two stories: our fault, never the picture's."""


def _reach(
    picture: Picture, ports: Sequence[Port], case: Case, weights: Mapping[str, Array]
) -> tuple[str, ...]:
    """What is joined to what, and what of it can be seen in the picture's own values."""
    chosen = columns(sum(step_counts(ports, case)))
    joined = picture.reach(case, chosen)
    if not chosen:
        return ("",) * len(joined)
    outputs = picture.walk(case, perturbed(ports, case), weights).outputs()
    visible, plain = (moved(outputs, len(chosen), limit) for limit in (FAINT_DOUBLE, PLAIN))
    if (visible & ~joined).any():
        raise Contradiction("the interpreter sees more than the paths of the picture join")
    seen = np.where(plain, JOINED, np.where(visible, FINE, FAINT))
    signs = np.where(joined, seen, UNJOINED)
    return tuple("".join(row) for row in signs)


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


def _learning(
    picture: Picture,
    case: Case,
    inputs: Sequence[Array],
    weights: Mapping[str, Array],
    slopes: Derivatives,
) -> ExpectedTraining:
    """What a model computes while it is trained."""
    random = np.random.default_rng(2)
    if picture.has_chance:
        count = draws(case.values // case.batch, MOST_NUMBERS)
        ways = [Training(random, picture.rates, True, apart) for apart in (False, True)]
        copies = repeated(inputs, count)
        walks = [
            picture.walk(case, copies, weights, training=way)
            for way in ways[: 1 + picture.is_two_way()]
        ]
        found = tuple(PackedArray.of(samples(walk.outputs())) for walk in walks)
        return ExpectedTraining(samples=found, dropout=_dropped(picture, case, inputs, weights))
    if picture.has_statistics:
        way = Training(random, picture.rates)
        slopes = _slopes(picture, MAIN_CASE, case, inputs, weights, way)
        return ExpectedTraining(slopes, statistics=_kept(picture, case, inputs, weights, way))
    return ExpectedTraining(slopes)


def _kept(
    picture: Picture,
    case: Case,
    inputs: Sequence[Array],
    weights: Mapping[str, Array],
    way: Training,
) -> tuple[MovingStatistics, ...]:
    """What batch normalization keeps after one batch; of layers that see several at once the order would tell."""
    walk = picture.walk(case, inputs, weights, training=way)
    applied = Counter(picture.names[index] for index in walk.statistics)
    found = []
    for index, statistics in walk.statistics.items():
        name = picture.names[index]
        if applied[name] == 1:
            mean, *variances = kept(
                statistics,
                weights[f"{name}/moving_mean"],
                weights[f"{name}/moving_variance"],
                walk.number(index, "momentum", MOMENTUM),
            )
            found.append(
                MovingStatistics(name, PackedArray.of(mean), tuple(map(PackedArray.of, variances)))
            )
    return tuple(found)


def _dropped(
    picture: Picture, case: Case, inputs: Sequence[Array], weights: Mapping[str, Array]
) -> ExpectedDropout | None:
    """What the first sample gives where all is kept or all is lost, and where one number is lost."""
    rates = picture.dropout_rates()
    if not rates:
        return None
    random = np.random.default_rng(0)

    def given(count: int, masks: AtLevel | OneLost, *, apart: bool = False) -> Array:
        way = Training(random, picture.rates, True, apart, masks)
        walk = picture.walk(case, repeated(inputs, count), weights, training=way)
        return summary(walk.outputs())

    tried = levels(rates)
    at_levels = np.concatenate([given(1, AtLevel(level)) for level in tried])
    values = case.values // case.batch
    alone, their_rates = [], []
    for apart in (False, True)[: 1 + picture.is_two_way()]:
        counted = OneLost()
        given(1, counted, apart=apart)
        count = len(counted.rates)
        if count > MOST_LOST or count * values > MOST_NUMBERS:
            return ExpectedDropout(rates, tuple(tried), PackedArray.of(at_levels))
        alone.append(given(count, OneLost(), apart=apart))
        their_rates += counted.rates
    whole = PackedArray.of(np.concatenate(alone))
    return ExpectedDropout(
        rates, tuple(tried), PackedArray.of(at_levels), whole, tuple(their_rates)
    )


def _slopes(
    picture: Picture,
    number: int,
    case: Case,
    inputs: Sequence[Array],
    weights: Mapping[str, Array],
    training: Training | None = None,
) -> Derivatives:
    """The slope of the loss along one direction in each trainable array, by complex steps, many at once."""
    names = trainable(weights)
    most = max(1, MOST_NUMBERS // max(1, sum(array.size for array in weights.values())))
    aims = goals(case.outputs)
    loss = 0.0
    found: list[tuple[str, float]] = []
    # Without weights there is a loss all the same.
    for start in range(0, max(1, len(names)), most):
        part = names[start : start + most]
        copies = _moved(weights, part) if part else weights
        lead = (len(part),) if part else ()
        outputs = picture.walk(case, inputs, copies, lead, training).outputs()
        total = sum(
            _distance(output, goal, lead) for output, goal in zip(outputs, aims, strict=True)
        )
        loss = float(np.ravel(total.real)[0])
        found += zip(part, map(float, np.ravel(total.imag) / TINY), strict=False)
    return Derivatives(number, loss, tuple(found))


def _distance(output: Array, goal: Array, lead: tuple[int, ...]) -> Array:
    whole = np.broadcast_to(output, (*lead, *goal.shape))
    distance: Array = ((whole - goal) ** 2).mean(axis=tuple(range(len(lead), whole.ndim)))
    return distance


def _moved(weights: Mapping[str, Array], names: Sequence[str]) -> dict[str, Array]:
    """So many copies of all weights, in each of which one array is moved by an imaginary step."""
    moved = {name: _stacked(array, len(names)).astype(complex) for name, array in weights.items()}
    for place, name in enumerate(names):
        step = TINY * direction(name, weights[name].shape)
        moved[name][place] += 1j * step.reshape(moved[name].shape[1:])
    return moved


def _stacked(array: Array, count: int) -> Array:
    one = array if array.ndim > 1 else array[None]
    return np.repeat(one[None], count, axis=0)
