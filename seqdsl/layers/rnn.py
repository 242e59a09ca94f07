"""simple recurrent cell: the state is a function of the step and of the state before (Elman 1990)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import RUN, Family, Gate, LayerDef, Look, Setting, Signature, Words
from seqdsl.layers._cell import ACTIVATION, BIAS, DROPOUT, MERGED, UNITS, gates, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.layers._functions import Array

    State = tuple[Array, ...]


def evaluate(
    x: Array, state: State, weights: Mapping[str, Array], given: Mapping[str, Any]
) -> State:
    """The state ``(h,)`` after one step."""
    from seqdsl.layers._functions import function

    (h,) = state
    return (function(given["activation"])(gates(x, h, weights, given)),)


LAYER = LayerDef(
    "rnn",
    Family.SCAN,
    Signature((UNITS, ACTIVATION), 1, (BIAS, DROPOUT), "rnn(16)"),
    RUN,
    output="units",
    weights=weights(1),
    settings=(Setting("activation"), MERGED),
    gates=(Gate.CANDIDATE,),
    states=("h",),
    loses="dropout",
    evaluate=evaluate,
    look=Look.RECURRENT,
    words=Words(
        summary="simple recurrent cell, without gates",
        noun="a simple recurrent cell",
        weights="one part",
        elsewhere={"simplernn": "write `rnn(units)`"},
    ),
    order=7,
)
