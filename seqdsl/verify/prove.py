"""compiled model → proof: what the generated code must compute, worked out by the reference interpreter.

Everything here comes from the interpreter; the compiler only tells what the layers are called.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.jobs import BASIC, job_for, refusal
from seqdsl.verify.jobs import cases as cases_of
from seqdsl.verify.jobs import ports as ports_of
from seqdsl.verify.loss import direction, goals
from seqdsl.verify.perturb import columns, moved, perturbed, step_counts
from seqdsl.verify.proof import FAINT, JOINED, SLOPED, UNJOINED, Packed, Proof
from seqdsl.verify.reference import expand, interpret, reachable
from seqdsl.verify.weights import by_layer, draw, layer_weights, learnt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from seqdsl.model.spec import ModelSpec
    from seqdsl.pipeline import Model
    from seqdsl.verify.jobs import Case, Job, Port
    from seqdsl.verify.reference import Walk
    from seqdsl.verify.weights import Array

TINY = 1e-30
"""The imaginary step of a derivative: so small that its square is nothing."""

SCALES = (1.0, 0.5, 0.25, 0.1, 0.01)
"""What the weights are multiplied by, until no value is beyond `LARGEST`."""

LARGEST = 1e4

MOST_NUMBERS = 2**25
"""Complex numbers to hold at once: half a gigabyte."""


def proven_job(
    model: Model,
    target: str,
    checks: Sequence[str],
    prover: Callable[[Model], Proof] | None = None,
) -> Job:
    """The job that holds ``model``, generated for ``target``, to ``checks``.

    Args:
        model: the compiled model.
        target: the framework.
        checks: the promises.
        prover: `prove`, if not another that remembers.
    """
    job = replace(job_for(model, target), checks=tuple(checks))
    # What is out of proportion is not tried.
    return (
        job
        if set(checks) <= set(BASIC) or refusal(job)
        else replace(job, proof=(prover or prove)(model))
    )


def prove(model: Model) -> Proof:
    """The proof of a model: what it must give in each of its cases, in any framework."""
    ports, cases = ports_of(model.spec), cases_of(model.spec)
    layers = layer_weights(model.spec)
    picture = _Picture(model)
    # Activations without a bound make some networks grow beyond all numbers.
    with np.errstate(over="ignore", invalid="ignore"):
        for scale in SCALES:
            weights = draw(layers, scale)
            walks = [picture.walk(case, arrays_for(ports, case), weights) for case in cases]
            if all(walk.largest() < LARGEST for walk in walks):
                break
    sloped = cases[SLOPED]
    return Proof(
        layers,
        tuple(tuple(map(Packed.of, walk.outputs())) for walk in walks),
        tuple(_slopes(picture, sloped, arrays_for(ports, sloped), weights)),
        _reach(picture, ports, sloped, weights),
        scale,
    )


class _Picture:
    """A picture as the interpreter takes it."""

    def __init__(self, model: Model) -> None:
        self.drawing = model.drawing
        self.names = _names(model.spec)

    def walk(
        self,
        case: Case,
        inputs: Sequence[Array],
        weights: Mapping[str, Array],
        lead: tuple[int, ...] = (),
    ) -> Walk:
        layers = by_layer(weights)
        placed = {index: layers.get(name, {}) for index, name in self.names.items()}
        steps = expand(self.drawing, dict(case.lengths))
        exact = [array.astype(np.float64) if array.dtype.kind == "f" else array for array in inputs]
        return interpret(self.drawing, steps, placed, exact, lead)

    def reach(self, case: Case, columns: Sequence[int]) -> NDArray[np.bool_]:
        return reachable(self.drawing, expand(self.drawing, dict(case.lengths)), columns)


class Contradiction(AssertionError):
    """The interpreter and the paths of the step graph tell two stories: our fault, never the picture's."""


def _reach(
    picture: _Picture, ports: Sequence[Port], case: Case, weights: Mapping[str, Array]
) -> tuple[str, ...]:
    """What is joined to what, and what of it can be seen in the picture's own values."""
    chosen = columns(sum(step_counts(ports, case)))
    joined = picture.reach(case, chosen)
    if not chosen:
        return ("",) * len(joined)
    visible = moved(picture.walk(case, perturbed(ports, case), weights).outputs(), len(chosen))
    if (visible & ~joined).any():
        raise Contradiction(picture.drawing)
    signs = np.where(joined, np.where(visible, JOINED, FAINT), UNJOINED)
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


def _slopes(
    picture: _Picture, case: Case, inputs: Sequence[Array], weights: Mapping[str, Array]
) -> Iterator[tuple[str, float]]:
    """The slope of the loss along one direction in each learnt array, by complex steps, many at once."""
    names = learnt(weights)
    most = max(1, MOST_NUMBERS // max(1, sum(array.size for array in weights.values())))
    for start in range(0, len(names), most):
        part = names[start : start + most]
        outputs = picture.walk(case, inputs, _moved(weights, part), (len(part),)).outputs()
        total = np.zeros(len(part), complex)
        for output, goal in zip(outputs, goals(case.outputs), strict=True):
            whole = np.broadcast_to(output, (len(part), *goal.shape))
            total += ((whole - goal) ** 2).mean(axis=tuple(range(1, whole.ndim)))
        yield from zip(part, map(float, total.imag / TINY), strict=True)


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
