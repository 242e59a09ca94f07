"""the built-in cells, written as any other cell is: as equations.

Their weights have Keras's names and layout: the gates side by side on the last axis.
"""

from __future__ import annotations

from seqdsl.ir.cell import (
    Activation,
    Binary,
    Cell,
    CellExpression,
    CellParameter,
    Dense,
    Dropout,
    Equation,
    Name,
    Number,
    Operator,
    Parts,
)
from seqdsl.size import Size

_UNITS = Size.of("units")
_X = Dropout(Name("x"), "dropout")
_H = Name("h")


def _dense(*operands: tuple[CellExpression, str], gates: int, bias: str) -> Dense:
    values, names = zip(*operands, strict=True)
    return Dense(values, gates * _UNITS, "bias", (*names, bias))


def _sum(left: CellExpression, right: CellExpression) -> Binary:
    return Binary(Operator.ADD, left, right)


def _product(left: CellExpression, right: CellExpression) -> Binary:
    return Binary(Operator.MULTIPLY, left, right)


def _f(value: CellExpression) -> Activation:
    return Activation("activation", value)


def _gate(value: CellExpression | str) -> Activation:
    return Activation("recurrent_activation", Name(value) if isinstance(value, str) else value)


def _parameters(*others: CellParameter) -> tuple[CellParameter, ...]:
    known = (CellParameter("units"), CellParameter("activation", "tanh"))
    return (*known, *others, CellParameter("bias", True), CellParameter("dropout", 0.0))


_GATES = CellParameter("recurrent_activation", "sigmoid")

# Elman 1990.
RNN = Cell(
    "rnn",
    _parameters(),
    (Equation(("h",), _f(_dense((_X, "kernel"), (_H, "recurrent_kernel"), gates=1, bias="bias"))),),
)

# Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
LSTM = Cell(
    "lstm",
    _parameters(_GATES),
    (
        Equation(
            ("i", "f", "g", "o"),
            Parts(_dense((_X, "kernel"), (_H, "recurrent_kernel"), gates=4, bias="bias"), 4),
        ),
        Equation(
            ("c",), _sum(_product(_gate("f"), Name("c")), _product(_gate("i"), _f(Name("g"))))
        ),
        Equation(("h",), _product(_gate("o"), _f(Name("c")))),
    ),
)

# Cho et al. 2014 as cuDNN has it: the reset gate comes after the matrix, so that each side has a bias of its own.
GRU = Cell(
    "gru",
    _parameters(_GATES),
    (
        Equation(("xz", "xr", "xn"), Parts(_dense((_X, "kernel"), gates=3, bias="bias"), 3)),
        Equation(
            ("hz", "hr", "hn"),
            Parts(_dense((_H, "recurrent_kernel"), gates=3, bias="recurrent_bias"), 3),
        ),
        Equation(("z",), _gate(_sum(Name("xz"), Name("hz")))),
        Equation(("r",), _gate(_sum(Name("xr"), Name("hr")))),
        Equation(("n",), _f(_sum(Name("xn"), _product(Name("r"), Name("hn"))))),
        Equation(
            ("h",),
            _sum(
                _product(Name("z"), _H),
                _product(Binary(Operator.SUBTRACT, Number(1), Name("z")), Name("n")),
            ),
        ),
    ),
)

CELLS = {cell.name: cell for cell in (LSTM, GRU, RNN)}
"""The cells that every graph knows; a graph may bring others."""
