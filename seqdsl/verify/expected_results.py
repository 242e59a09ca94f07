"""compiled model → expected results: what the generated code must compute, worked out by the reference interpreter.

Everything here comes from the interpreter; the compiler only tells what the layers are called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.cases import cases as cases_of
from seqdsl.verify.directional_derivatives import directional_derivatives
from seqdsl.verify.expected import (
    MAIN_CASE,
    Expected,
    PackedArray,
    Reach,
)
from seqdsl.verify.expected_generation import expected_generation
from seqdsl.verify.expected_training import expected_training
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.interpreted_picture import InterpretedPicture
from seqdsl.verify.perturb import FAINT as FAINT_DOUBLE
from seqdsl.verify.perturb import (
    FAINT_SINGLE,
    columns,
    moved,
    perturbed,
    step_counts,
    with_features,
)
from seqdsl.verify.ports import ports as ports_of
from seqdsl.verify.ports import results
from seqdsl.verify.set_aside import drawn_aside
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.jobs import Case, Port

SCALES = (1.0, 0.5, 0.25, 0.1, 0.01)
"""What the weights are multiplied by, until no value is beyond `LARGEST` and no derivative beyond `STEEPEST`."""

LARGEST, STEEPEST = 1e4, 1e3
"""Beyond these values and derivatives, rounding is not small any more."""

PLAIN = 10 * FAINT_SINGLE
"""How far a value moves that moves in any precision."""


def compute_expected(model: Model) -> Expected:
    """What a model must give in each of its cases, in any framework."""
    ports, cases = ports_of(model.spec), cases_of(model.spec)
    layers = layer_weights(model.spec)
    picture = InterpretedPicture(model)
    # Activations without a bound make some networks grow beyond all numbers.
    with np.errstate(over="ignore", invalid="ignore"):
        # The first scale with values and derivatives of a usual size, or else the last one, whatever comes of it.
        for scale in SCALES:
            weights = drawn_aside(layers, scale)
            walks = [picture.walk(case, arrays_for(ports, case), weights) for case in cases]
            if not all(walk.largest() < LARGEST for walk in walks) and scale != SCALES[-1]:
                continue
            derivatives = [
                directional_derivatives(
                    picture, place, cases[place], arrays_for(ports, cases[place]), weights
                )
                for place in derived_cases(cases)
            ]
            if all(item.largest() < STEEPEST for item in derivatives):
                break
    return Expected(
        layers,
        tuple(tuple(map(PackedArray.of, walk.outputs())) for walk in walks),
        tuple(derivatives),
        _reach(picture, ports, results(model.spec), cases[MAIN_CASE], weights),
        expected_training(
            picture, cases[MAIN_CASE], arrays_for(ports, cases[MAIN_CASE]), weights, derivatives[0]
        ),
        scale,
        expected_generation(picture, ports, cases, weights),
    )


def derived_cases(cases: Sequence[Case]) -> list[int]:
    """The cases whose loss is differentiated: one, and all with padding."""
    return [MAIN_CASE, *(place for place, case in enumerate(cases) if case.padded)]


class Contradiction(AssertionError):
    """The interpreter and the paths of the step graph contradict each other: our fault, never the picture's."""


def _reach(
    picture: InterpretedPicture,
    ports: Sequence[Port],
    results: Sequence[Port],
    case: Case,
    weights: Mapping[str, Array],
) -> tuple[str, ...]:
    """Which input step is joined to which output step, and where the picture's own values show it."""
    chosen = columns(sum(step_counts(ports, case)))
    joined = picture.reach(case, chosen)
    if not chosen:
        return ("",) * len(joined)
    outputs = picture.walk(case, perturbed(ports, case), weights).outputs()
    outputs = with_features(results, outputs)
    visible, plain = (moved(outputs, len(chosen), limit) for limit in (FAINT_DOUBLE, PLAIN))
    if (visible & ~joined).any():
        raise Contradiction("the interpreter reads more than the paths of the picture connect")
    signs = np.where(
        plain, Reach.JOINED.value, np.where(visible, Reach.FINE.value, Reach.FAINT.value)
    )
    # Moved by more than 1e-4 of its size: `1`; by more than 1e-11, as double precision shows: `f`; less: `?`.
    # No path: `0`.
    signs = np.where(joined, signs, Reach.UNJOINED.value)
    return tuple("".join(row) for row in signs)
