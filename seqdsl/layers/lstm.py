"""long short-term memory: a cell with a memory of its own and three gates (Hochreiter and Schmidhuber 1997)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import RUN, Family, Gate, LayerDef, Look, Setting, Signature, Words
from seqdsl.layers._cell import ACTIVATION, BIAS, DROPOUT, GATES, MERGED, UNITS, gates, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.layers._functions import Array

    State = tuple[Array, ...]


def evaluate(
    x: Array, state: State, weights: Mapping[str, Array], given: Mapping[str, Any]
) -> State:
    """The state ``(h, c)`` after one step, with the forget gate of Gers et al. 2000."""
    import numpy as np

    from seqdsl.layers._functions import function

    h, c = state
    inner, gate = function(given["activation"]), function(given["recurrent_activation"])
    i, f, g, o = np.split(gates(x, h, weights, given), 4, -1)
    c = gate(f) * c + gate(i) * inner(g)
    return gate(o) * inner(c), c


LAYER = LayerDef(
    "lstm",
    Family.SCAN,
    Signature((UNITS,), 1, (ACTIVATION, GATES, BIAS, DROPOUT), "lstm(16)"),
    RUN,
    output="units",
    weights=weights(4),
    settings=(Setting("activation"), Setting("recurrent_activation"), MERGED),
    gates=(Gate.INPUT, Gate.FORGET, Gate.CANDIDATE, Gate.OUTPUT),
    states=("h", "c"),
    loses="dropout",
    evaluate=evaluate,
    look=Look.RECURRENT,
    words=Words(
        summary="recurrent cell with a memory, and gates for what enters, stays and leaves",
        noun="an LSTM",
        weights="four parts: the forget, input and output gates and the candidate",
        elsewhere={
            "bilstm": "write `lstm(units)` and draw its state wires both ways: `B=B=B`",
            "bidirectional": "write `lstm(units)` and draw its state wires both ways: `B=B=B`",
        },
    ),
    order=5,
)
