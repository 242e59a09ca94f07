"""gated recurrent unit: a cell with one state and two gates (Cho et al. 2014), as cuDNN has it."""

from __future__ import annotations

from seqdsl.cells.cell import Binary, Equation, Name, Number, Operator, Parts
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
    SETS,
    UNITS,
    H,
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

SIGNATURE = Signature((UNITS,), 1, (ACTIVATION, GATES, BIAS, DROPOUT, RECURRENT_DROPOUT), "gru(16)")

XZ, XR, XN, HZ, HR, HN = map(Name, ("xz", "xr", "xn", "hz", "hr", "hn"))
Z, R, N = map(Name, "zrn")

# The reset gate comes after the matrix and between two biases, so that they cannot be added up.
CELL = cell(
    "gru",
    SIGNATURE,
    # xz, xr, xn = split(dense(x), 3)
    Equation(("xz", "xr", "xn"), Parts(affine((X, "kernel"), gates=3), 3)),
    # hz, hr, hn = split(dense(h), 3)
    Equation(
        ("hz", "hr", "hn"),
        Parts(affine((DROPPED_H, "recurrent_kernel"), gates=3, bias="recurrent_bias"), 3),
    ),
    Equation(("z",), gate(added(XZ, HZ))),
    Equation(("r",), gate(added(XR, HR))),
    # n = activation(xn + r * hn)
    Equation(("n",), activated(added(XN, multiplied(R, HN)))),
    # h = z * h + (1 - z) * n: z is how much of the old state stays, as in the paper (Chung et al. 2014 swap the two)
    Equation(
        ("h",),
        added(multiplied(Z, H), multiplied(Binary(Operator.SUBTRACT, Number(1), Z), N)),
    ),
)

LAYER = LayerDef(
    "gru",
    Family.SCAN,
    SIGNATURE,
    RUN,
    output="units",
    weights=weights(CELL),
    settings=(
        Setting("activation"),
        Setting("recurrent_activation"),
        Setting("reset_after", value=True),
        MERGED,
    ),
    # As Keras has them; PyTorch's order is r, z, n.
    gates=(Gate.UPDATE, Gate.RESET, Gate.CANDIDATE),
    cell=CELL,
    states=CELL.states,
    loses=("dropout", "recurrent_dropout"),
    evaluate=rule(CELL),
    look=Look.RECURRENT,
    words=Words(
        summary="recurrent cell with one state, and gates for what is kept and what is reset",
        arguments=SETS,
        noun="a GRU",
        weights="three parts: the update and reset gates and the candidate",
        elsewhere=(
            *elsewhere("gru grucell cudnngru"),
            Counterpart("bigru", "units", draw=BOTH_WAYS),
        ),
        renamed=RENAMED,
        instead=INSTEAD,
    ),
    order=6,
)
