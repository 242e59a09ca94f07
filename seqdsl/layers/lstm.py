"""long short-term memory: a cell with a memory of its own and three gates (Hochreiter and Schmidhuber 1997)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import Dense, Equation, Name, Parts
from seqdsl.layers import (
    OUT,
    RUN,
    Counterpart,
    Family,
    Gate,
    LayerDef,
    Look,
    Setting,
    Signature,
    Words,
)
from seqdsl.layers._cell import (
    ACTIVATION,
    BIAS,
    BOTH_WAYS,
    DROPOUT,
    DROPPED_H,
    GATES,
    INSTEAD,
    MERGED,
    PROJECTION,
    RECURRENT_DROPOUT,
    RENAMED,
    SETS,
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
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLAIN = Signature((UNITS,), 1, (ACTIVATION, GATES, BIAS, DROPOUT, RECURRENT_DROPOUT), "lstm(16)")
SIGNATURE = _PLAIN._replace(keywords=(*_PLAIN.keywords, PROJECTION))

I, F, G, O, C = map(Name, "ifgoc")  # noqa: E741

# With the forget gate of Gers et al. 2000.
_CELL_STATE = (
    # i, f, g, o = split(dense(x, h), 4)
    Equation(
        ("i", "f", "g", "o"),
        Parts(affine((X, "kernel"), (DROPPED_H, "recurrent_kernel"), gates=4), 4),
    ),
    # c = gate(f) * c + gate(i) * activation(g)
    Equation(("c",), added(multiplied(gate(F), C), multiplied(gate(I), activated(G)))),
)
# gate(o) * activation(c)
_VALUE = multiplied(gate(O), activated(C))
CELL = cell("lstm", _PLAIN, *_CELL_STATE, Equation(("h",), _VALUE))

# h = dense(gate(o) * activation(c), features=projection, bias=false): Sak et al. 2014. What a step gives, and the next
# one multiplies, is narrower than the memory.
_PROJECTED_H = Dense(
    (_VALUE,), Size.of(PROJECTION.name), bias=False, weights=("projection_kernel",)
)
PROJECTED = cell("projected_lstm", SIGNATURE, *_CELL_STATE, Equation(("h",), _PROJECTED_H))

_WIDTHS = {UNITS.name: Size.of(UNITS.name), PROJECTION.name: OUT}
"""What it gives is the projection where there is one; the memory has the units."""


def derive(sizes: Mapping[str, Size]) -> Mapping[str, Size]:
    """The units of an LSTM of which only the output features are known."""
    return {} if UNITS.name in sizes else {UNITS.name: sizes["out"]}


LAYER = LayerDef(
    "lstm",
    Family.SCAN,
    SIGNATURE,
    RUN,
    output="units",
    weights=weights(PROJECTED, _WIDTHS),
    settings=(Setting("activation"), Setting("recurrent_activation"), MERGED),
    # As both frameworks have them: i, f, g, o.
    gates=(Gate.INPUT, Gate.FORGET, Gate.CANDIDATE, Gate.OUTPUT),
    derive=derive,
    cell=CELL,
    cells=((PROJECTION.name, PROJECTED),),
    states=CELL.states,
    loses=("dropout", "recurrent_dropout"),
    evaluate=rule(CELL, PROJECTED),
    look=Look.RECURRENT,
    words=Words(
        summary="recurrent cell with a memory, and gates for what enters, stays and leaves",
        arguments=SETS,
        noun="an LSTM",
        weights="four parts: the forget, input and output gates and the candidate",
        elsewhere=(
            *elsewhere("lstm lstmcell cudnnlstm"),
            Counterpart("bilstm", "units", draw=BOTH_WAYS),
        ),
        renamed={**RENAMED, "proj_size": PROJECTION.name},
        instead=INSTEAD,
    ),
    order=5,
)
