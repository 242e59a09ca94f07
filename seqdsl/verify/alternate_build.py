"""builder → what it builds for other parameters, in single precision, with the weights that it begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.layers import Role
from seqdsl.runtime.adapter import SINGLE
from seqdsl.runtime.named_weights import roles
from seqdsl.runtime.weight_binding import NoSuchWeights
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.layouts import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from seqdsl.runtime.adapter import Array, Declared, Framework
    from seqdsl.verify.jobs import AlternateBuild

RANDOM = frozenset({Role.KERNEL, Role.RECURRENT_KERNEL, Role.PROJECTION, Role.TABLE})
"""What must not begin as all the same number: units that are alike stay alike."""


@dataclass(frozen=True, slots=True)
class BuiltAlternate:
    """What a builder built.

    Attributes:
        alternate: what it was asked for.
        parameters: the number of weights.
        declared: the shapes that the model declares, if it does.
        results: the shapes of its results, if they had to be computed.
        fault: what is wrong with its precision or its weights, if anything.
    """

    alternate: AlternateBuild
    parameters: int
    declared: tuple[list[Declared], list[Declared]] | None
    results: list[tuple[int, ...]] | None
    fault: str


def build_alternate(
    alternate: AlternateBuild, builder: Callable[..., Any], framework: Framework
) -> BuiltAlternate:
    """Build and call a model."""
    framework.reset(SINGLE, generated=True)
    model = builder(**dict(alternate.arguments))
    framework.begin(model, alternate.layers)
    lay_out(model, alternate, framework)
    declared = framework.declared(model)
    results, fault = None, _fault(alternate, model, framework)
    # A model that declares its shapes has been called, with symbols, when it was built.
    if declared is None:
        outputs = framework.call(model, arrays_for(alternate.inputs, alternate.case))
        results = [output.shape for output in outputs]
        # Without weights a model computes in what it is given.
        fault = fault or (_precision(outputs) if alternate.layers else "")
    return BuiltAlternate(alternate, framework.count_parameters(model), declared, results, fault)


def _fault(alternate: AlternateBuild, model: Any, framework: Framework) -> str:
    try:
        weights = framework.read(model, alternate.layers, copied=False)
    # The check of the weights says so as well, of the layer and the array.
    except NoSuchWeights:
        return ""
    role_of = roles(alternate.layers)
    faults = (_dead(name, array, role_of[name]) for name, array in weights.items())
    return _precision(list(weights.values())) or next(filter(None, faults), "")


def _precision(arrays: Sequence[Array]) -> str:
    # Ids are whole numbers in any precision.
    others = {str(array.dtype) for array in arrays if array.dtype.kind != "i"} - {SINGLE}
    return f"computes in {others.pop()} instead of {SINGLE}" if others else ""


def _dead(name: str, array: Array, role: Role) -> str:
    if not np.isfinite(array).all():
        return f"initializes `{name}` with values that are not finite"
    alike = array.size > 1 and np.ptp(array) == 0
    if role in RANDOM and (alike or not array.any()):
        return f"initializes all of `{name}` with the same value"
    return ""
