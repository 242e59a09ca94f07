"""equations → cell, weights and rule: what recurrent layers share, and what follows from their equations."""

from __future__ import annotations

from types import MappingProxyType
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
from seqdsl.cells.widths import weight_shapes
from seqdsl.layers import (
    IN,
    OUT,
    Argument,
    Counterpart,
    Instead,
    Kind,
    Role,
    Setting,
    Signature,
    Weight,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seqdsl.cells.activations import Array
    from seqdsl.layers._elsewhere import Answers

    State = tuple[Array, ...]
    Rule = Callable[[Array, State, Mapping[str, Array], Mapping[str, Any]], State]

UNITS = Argument("units", Kind.SIZE)
ACTIVATION = Argument("activation", Kind.ACTIVATION, "tanh")
GATES = Argument("recurrent_activation", Kind.ACTIVATION, "sigmoid")
BIAS = Argument("bias", Kind.BOOL, True)
DROPOUT = Argument("dropout", Kind.RATE, 0.0)
RECURRENT_DROPOUT = Argument("recurrent_dropout", Kind.RATE, 0.0)
PROJECTION = Argument("projection", Kind.SIZE)

SETS = {
    UNITS.name: "features of its output and of its state",
    ACTIVATION.name: "the function of what is computed anew at each step",
    GATES.name: "the function of its gates",
    BIAS.name: "whether a trained number is added to each unit",
    DROPOUT.name: "the share of what it reads that is dropped in training, the same at all steps",
    RECURRENT_DROPOUT.name: "the share of its state that is dropped in training, the same at all steps",
    PROJECTION.name: "features of its output, if they are to be fewer than its units",
}
"""What the arguments of recurrent layers set, for people."""

_OUT: Mapping[str, object] = MappingProxyType({UNITS.name: OUT})
"""A cell whose states are all as wide as its output."""

MERGED = Setting("merge_mode", "concat", needs="bidirectional")
"""Both directions' values are side by side."""

# In the order of the constructors: `nn.LSTM(8, 64)` has its input features first.
_SEQUENCES = "return_sequences return_state go_backwards stateful unroll"
_KERAS_SIMPLE = f"units activation use_bias dropout recurrent_dropout {_SEQUENCES}"
_KERAS = f"units activation recurrent_activation use_bias dropout recurrent_dropout {_SEQUENCES}"
_OPTIONS = "bias batch_first dropout bidirectional proj_size device dtype"
_TORCH = f"input_size hidden_size num_layers {_OPTIONS}"
_TORCH_SIMPLE = f"input_size hidden_size num_layers nonlinearity {_OPTIONS}"

RENAMED = {
    "hidden_size": "units",
    "hidden_dim": "units",
    "hidden_units": "units",
    "num_units": "units",
    "output_dim": "units",
    "use_bias": "bias",
    "nonlinearity": "activation",
}
"""What recurrent layers take elsewhere, and what it is called here."""

_NO_PROJECTION = Instead(
    "only an `lstm` has a projection; draw a row `dense({value})` above it", default=0
)

INSTEAD: Answers = {
    "return_sequences": Instead(
        "wire every step of the row to the row above", "wire the last step of the row only"
    ),
    "return_state": (
        "state wires tell: `E-E-D-D` passes the final state to `D`, `H-H--+` with a `|` above the `+` makes it a value"
    ),
    "go_backwards": "draw its state wires from right to left: `H<H<H`",
    "bidirectional": "draw its state wires both ways: `H=H=H`",
    "num_layers": Instead("draw {value} rows, one for each layer", default=1),
    "stateful": Instead(
        "draw a `*` at both ends of its row, such as `*--H-H-H--*`; in Keras, `build_model(stateful=16)` then keeps "
        "the state from batch to batch"
    ),
    "initial_state": "a wire from below enters its left end: `+--H-H-H` with a `|` below the `+`",
    "reset_after": Instead("always true", "not in the language: it is always true", default=True),
    "unit_forget_bias": Instead("set the biases of the built model", default=True),
    "time_major": "the batch always comes first",
    **dict.fromkeys(("proj_size", "projection"), _NO_PROJECTION),
}
"""What recurrent layers take elsewhere, and the picture tells here."""


def elsewhere(names: str, *, gates: bool = True) -> tuple[Counterpart, ...]:
    """What Keras and PyTorch have for a recurrent layer; one without gates has a function of its own in PyTorch."""
    keras, torch = (_KERAS, _TORCH) if gates else (_KERAS_SIMPLE, _TORCH_SIMPLE)
    # Keras drops what a layer reads; PyTorch what one layer of a stack passes to the next.
    between = {"dropout": "draw a row `dropout({value})` between its rows"}
    return Counterpart(names, keras), Counterpart(names, torch, between)


BOTH_WAYS = "draw its state wires both ways: `H=H=H`"

X = Dropout(Name(READ), DROPOUT.name)
X_ALONE = Name(READ)
H = Name("h")
# Gal and Ghahramani 2016, with tied weights: what is lost of the state is the same at all steps, and for all gates.
DROPPED_H = Dropout(H, RECURRENT_DROPOUT.name)


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


def weights(cell: Cell, sizes: Mapping[str, object] = _OUT) -> tuple[Weight, ...]:
    """The weights of a layer that runs a cell, over the ``sizes`` of its parameters.

    Each bias of the equations is an array there; here several are the rows of one, as frameworks keep them::

        bias [3 * units], recurrent_bias [3 * units]      bias [2, 3 * units]
    """
    # lstm: kernel (in, 4 * out), recurrent_kernel (out, 4 * out), bias (4 * out)
    shapes = weight_shapes(cell, IN, sizes)
    first, *others = _biases(cell)
    (wide,) = shapes[first]
    rows = (Size.of(1 + len(others)),) if others else ()
    matrices = [Weight(name, role, shapes[name]) for name, role in _matrices(cell)]
    bias = Weight(first, Role.BIAS, (*rows, wide), needs=BIAS.name)
    # What projects a state comes last, and only where the layer is told to.
    last = [
        item._replace(needs=PROJECTION.name) for item in matrices if item.role is Role.PROJECTION
    ]
    return (*(item for item in matrices if item.role is not Role.PROJECTION), bias, *last)


def rule(cell: Cell, projected: Cell | None = None) -> Rule:
    """What a cell computes, or another one with a projection: its state after one step, its value first."""

    def evaluate(
        x: Array, state: State, weights: Mapping[str, Array], given: Mapping[str, Any]
    ) -> State:
        from seqdsl.cells.evaluate import step

        body = cell if projected is None or given.get(PROJECTION.name) is None else projected
        names = _biases(body)
        arrays = dict(weights)
        # A GRU's bias, (2, 3 * units): its rows are `bias` and `recurrent_bias` of the equations.
        if given[BIAS.name] and len(names) > 1:
            arrays.update(zip(names, weights[names[0]], strict=True))
        return step(body, given, arrays, x, state)[1]

    return evaluate


def rule_of(cell: Cell) -> Rule:
    """What a cell of a file computes; each of its biases is an array of its own."""

    def evaluate(
        x: Array, state: State, weights: Mapping[str, Array], given: Mapping[str, Any]
    ) -> State:
        from seqdsl.cells.evaluate import step

        return step(cell, given, weights, x, state)[1]

    return evaluate


def _biases(cell: Cell) -> list[str]:
    return [item.weights[-1] for item in cell.denses() if item.bias is not False]


def _matrices(cell: Cell) -> Iterator[tuple[str, Role]]:
    for item in cell.denses():
        # The last of the names, the bias's, is left over.
        for operand, name in zip(item.operands, item.weights, strict=False):
            # What is read, and a state, may be dropped in part before; what is computed of them is projected.
            names = [part.name for part in walk(operand) if isinstance(part, Name)]
            is_plain = isinstance(operand, Name | Dropout)
            role = Role.RECURRENT_KERNEL if is_plain else Role.PROJECTION
            yield name, Role.KERNEL if READ in names else role
