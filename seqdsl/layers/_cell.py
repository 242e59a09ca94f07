"""equations → cell, weights and rule: what recurrent layers share, and what follows from their equations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import (
    READ,
    Activation,
    Binary,
    Cell,
    CellExpression,
    CellParameter,
    Dense,
    Dropout,
    Equation,
    Name,
    Operator,
    walk,
)
from seqdsl.layers import IN, OUT, Argument, Kind, Role, Setting, Signature, Weight
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seqdsl.cells.activations import Array

    State = tuple[Array, ...]
    Rule = Callable[[Array, State, Mapping[str, Array], Mapping[str, Any]], State]

UNITS = Argument("units", Kind.SIZE)
ACTIVATION = Argument("activation", Kind.ACTIVATION, "tanh")
GATES = Argument("recurrent_activation", Kind.ACTIVATION, "sigmoid")
BIAS = Argument("bias", Kind.BOOL, True)
DROPOUT = Argument("dropout", Kind.RATE, 0.0)

MERGED = Setting("merge_mode", "concat", needs="bidirectional")
"""Both directions' values are side by side."""

X = Dropout(Name(READ), DROPOUT.name)
H = Name("h")


def affine(*operands: tuple[CellExpression, str], gates: int, bias: str = "bias") -> Dense:
    """An affine map of values, each with the name of its matrix, to gates side by side."""
    values, names = zip(*operands, strict=True)
    # dense(x, h, weights=[kernel, recurrent_kernel, bias]): a matrix for each value, and one bias for all
    return Dense(values, gates * Size.of(UNITS.name), BIAS.name, (*names, bias))


def added(left: CellExpression, right: CellExpression) -> Binary:
    """A sum."""
    return Binary(Operator.ADD, left, right)


def multiplied(left: CellExpression, right: CellExpression) -> Binary:
    """A product, element by element."""
    return Binary(Operator.MULTIPLY, left, right)


def activated(value: CellExpression) -> Activation:
    """The layer's activation of a value."""
    return Activation(ACTIVATION.name, value)


def gate(value: CellExpression) -> Activation:
    """The layer's activation of gates."""
    return Activation(GATES.name, value)


def cell(name: str, signature: Signature, *equations: Equation) -> Cell:
    """The cell that a layer runs; its parameters are the layer's arguments."""
    parameters = (CellParameter(item.name, item.default) for item in signature.arguments)
    return Cell(name, tuple(parameters), equations)


def weights(cell: Cell) -> tuple[Weight, ...]:
    """The weights of a layer that runs a cell.

    Each bias of the equations is an array there; here several are the rows of one, as frameworks keep them::

        bias [3 * units], recurrent_bias [3 * units]      bias [2, 3 * units]
    """
    # lstm: kernel (in, 4 * out), recurrent_kernel (out, 4 * out), bias (4 * out)
    shapes = cell.weights(IN, {UNITS.name: OUT})
    first, *others = _biases(cell)
    (wide,) = shapes[first]
    rows = (Size.of(1 + len(others)),) if others else ()
    matrices = (Weight(name, role, shapes[name]) for name, role in _matrices(cell))
    return (*matrices, Weight(first, Role.BIAS, (*rows, wide), needs=BIAS.name))


def rule(cell: Cell) -> Rule:
    """What a cell computes: its state after one step, its value first."""

    def evaluate(
        x: Array, state: State, weights: Mapping[str, Array], given: Mapping[str, Any]
    ) -> State:
        from seqdsl.cells.evaluate import step

        names = _biases(cell)
        arrays = dict(weights)
        # A GRU's bias, (2, 3 * units): its rows are `bias` and `recurrent_bias` of the equations.
        if given[BIAS.name] and len(names) > 1:
            arrays.update(zip(names, weights[names[0]], strict=True))
        return step(cell, given, arrays, x, state)[1]

    return evaluate


def _biases(cell: Cell) -> list[str]:
    return [item.weights[-1] for item in cell.denses()]


def _matrices(cell: Cell) -> Iterator[tuple[str, Role]]:
    for item in cell.denses():
        # The last of the names, the bias's, is left over.
        for operand, name in zip(item.operands, item.weights, strict=False):
            # What is read may be dropped in part before; all else is state.
            is_read = any(part == Name(READ) for part in walk(operand))
            yield name, Role.KERNEL if is_read else Role.RECURRENT_KERNEL
