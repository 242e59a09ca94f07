"""long short-term memory: a cell with a memory of its own and three gates (Hochreiter and Schmidhuber 1997)."""

from __future__ import annotations

from seqdsl.cells.cell import Equation, Name, Parts
from seqdsl.layers import RUN, Counterpart, Family, Gate, LayerDef, Look, Setting, Signature, Words
from seqdsl.layers._cell import (
    ACTIVATION,
    BIAS,
    BOTH_WAYS,
    DROPOUT,
    DROPPED_H,
    GATES,
    INSTEAD,
    MERGED,
    RECURRENT_DROPOUT,
    RENAMED,
    UNITS,
    X,
    activated,
    added,
    affine,
    cell,
    elsewhere,
    gate,
    multiplied,
    rule,
    weights,
)

SIGNATURE = Signature(
    (UNITS,), 1, (ACTIVATION, GATES, BIAS, DROPOUT, RECURRENT_DROPOUT), "lstm(16)"
)

I, F, G, O, C = map(Name, "ifgoc")  # noqa: E741

# With the forget gate of Gers et al. 2000.
CELL = cell(
    "lstm",
    SIGNATURE,
    # i, f, g, o = split(dense(x, h), 4)
    Equation(
        ("i", "f", "g", "o"),
        Parts(affine((X, "kernel"), (DROPPED_H, "recurrent_kernel"), gates=4), 4),
    ),
    # c = gate(f) * c + gate(i) * activation(g)
    Equation(("c",), added(multiplied(gate(F), C), multiplied(gate(I), activated(G)))),
    # h = gate(o) * activation(c)
    Equation(("h",), multiplied(gate(O), activated(C))),
)

LAYER = LayerDef(
    "lstm",
    Family.SCAN,
    SIGNATURE,
    RUN,
    output="units",
    weights=weights(CELL),
    settings=(Setting("activation"), Setting("recurrent_activation"), MERGED),
    # As both frameworks have them: i, f, g, o.
    gates=(Gate.INPUT, Gate.FORGET, Gate.CANDIDATE, Gate.OUTPUT),
    cell=CELL,
    states=CELL.states,
    loses=("dropout", "recurrent_dropout"),
    evaluate=rule(CELL),
    look=Look.RECURRENT,
    words=Words(
        summary="recurrent cell with a memory, and gates for what enters, stays and leaves",
        noun="an LSTM",
        weights="four parts: the forget, input and output gates and the candidate",
        elsewhere=(
            *elsewhere("lstm lstmcell cudnnlstm"),
            Counterpart("bilstm", "units", draw=BOTH_WAYS),
        ),
        renamed=RENAMED,
        instead=INSTEAD,
    ),
    order=5,
)
