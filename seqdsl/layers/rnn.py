"""simple recurrent cell: the state is a function of the step and of the state before (Elman 1990)."""

from __future__ import annotations

from seqdsl.cells.cell import Equation
from seqdsl.layers import RUN, Counterpart, Family, Gate, LayerDef, Look, Setting, Signature, Words
from seqdsl.layers._cell import (
    ACTIVATION,
    BIAS,
    BOTH_WAYS,
    DROPOUT,
    DROPPED_H,
    INSTEAD,
    MERGED,
    RECURRENT_DROPOUT,
    RENAMED,
    SETS,
    UNITS,
    X,
    activated,
    affine,
    cell,
    elsewhere,
    rule,
    weights,
)

SIGNATURE = Signature((UNITS, ACTIVATION), 1, (BIAS, DROPOUT, RECURRENT_DROPOUT), "rnn(16)")

# h = activation(dense(x, h))
CELL = cell(
    "rnn",
    SIGNATURE,
    Equation(("h",), activated(affine((X, "kernel"), (DROPPED_H, "recurrent_kernel"), gates=1))),
)

LAYER = LayerDef(
    "rnn",
    Family.SCAN,
    SIGNATURE,
    RUN,
    output="units",
    weights=weights(CELL),
    settings=(Setting("activation"), MERGED),
    gates=(Gate.CANDIDATE,),
    cell=CELL,
    states=CELL.states,
    loses=("dropout", "recurrent_dropout"),
    evaluate=rule(CELL),
    look=Look.RECURRENT,
    words=Words(
        summary="simple recurrent cell, without gates",
        arguments=SETS,
        noun="a simple recurrent cell",
        weights="one part",
        elsewhere=(
            *elsewhere(
                "rnn rnncell simplernn simplernncell vanillarnn elman elmanrnn", gates=False
            ),
            Counterpart("birnn", "units", draw=BOTH_WAYS),
        ),
        renamed=RENAMED,
        instead=INSTEAD,
    ),
    order=7,
)
