"""gated recurrent unit: a cell with one state and two gates (Cho et al. 2014), as cuDNN has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import RUN, Family, Gate, LayerDef, Look, Setting, Signature, Words
from seqdsl.layers._cell import ACTIVATION, BIAS, DROPOUT, GATES, MERGED, UNITS, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.layers._functions import Array

    State = tuple[Array, ...]


def evaluate(
    x: Array, state: State, weights: Mapping[str, Array], given: Mapping[str, Any]
) -> State:
    """The state ``(h,)`` after one step; the reset gate comes after the matrix."""
    import numpy as np

    from seqdsl.layers._functions import function

    (h,) = state
    inner, gate = function(given["activation"]), function(given["recurrent_activation"])
    # The reset gate stands between the two biases, so that they cannot be added up.
    ours, theirs = weights["bias"] if given["bias"] else (0.0, 0.0)
    xz, xr, xn = np.split(x @ weights["kernel"] + ours, 3, -1)
    hz, hr, hn = np.split(h @ weights["recurrent_kernel"] + theirs, 3, -1)
    z = gate(xz + hz)
    return (z * h + (1 - z) * inner(xn + gate(xr + hr) * hn),)


LAYER = LayerDef(
    "gru",
    Family.SCAN,
    Signature((UNITS,), 1, (ACTIVATION, GATES, BIAS, DROPOUT), "gru(16)"),
    RUN,
    output="units",
    weights=weights(3, biases=2),
    settings=(
        Setting("activation"),
        Setting("recurrent_activation"),
        Setting("reset_after", value=True),
        MERGED,
    ),
    gates=(Gate.UPDATE, Gate.RESET, Gate.CANDIDATE),
    states=("h",),
    loses="dropout",
    evaluate=evaluate,
    look=Look.RECURRENT,
    words=Words(
        summary="recurrent cell with one state, and gates for what is kept and what is reset",
        noun="a GRU",
        weights="three parts: the update and reset gates and the candidate",
    ),
    order=6,
)
