"""equations → nodes: each function and each operator of a cell as a node of its data-flow graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import (
    READ,
    Activation,
    Binary,
    Dense,
    Dropout,
    Extreme,
    Given,
    Name,
    Number,
    Operator,
    Parts,
    Zoneout,
    children,
    walk,
)
from seqdsl.cells.text import function_name
from seqdsl.draw.cells.graph import CellGraph, Role, Source, Vertex, entering, with_gates
from seqdsl.layers import Look
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.cells.cell import Cell, CellExpression, Equation

_SIGNS = {
    Operator.ADD: "+",
    Operator.SUBTRACT: "-",
    Operator.MULTIPLY: "×",
    Operator.DIVIDE: "÷",
}
_ORDERED = (Operator.SUBTRACT, Operator.DIVIDE)


def cell_graph(cell: Cell) -> CellGraph:
    """The data-flow graph of a cell with its parameters as they are by default."""
    return with_gates(_Flow(cell).graph())


class _Flow:
    """The nodes so far, and which value each name stands for."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.settings = cell.settings({})
        self.units = Size.of(cell.parameters[0].name)
        self.vertices: list[Vertex] = []
        self.values: dict[str, Source] = {}

    def graph(self) -> CellGraph:
        # The states from the top down, the output last: it is what the gates read, beside `x` at the bottom.
        states = [name for name in reversed(self.cell.carried) if name in self.cell.states]
        for name in states:
            self.values[name] = self.add(Role.STATE, Look.RECURRENT, entering(name))
        if any(item == Name(READ) for line in self.cell.equations for item in walk(line.value)):
            self.values[READ] = self.add(Role.READ, Look.INPUT, entering(READ))
        for equation in self.cell.equations:
            self.assign(equation)
        for name in reversed(self.cell.carried):
            self.add(Role.RESULT, Look.RECURRENT, f"{name}[t]", (self.values[name],))
        return CellGraph(self.cell.name, tuple(self.vertices))

    def add(self, role: Role, look: Look, text: str, inputs: tuple[Source, ...] = ()) -> Source:
        # Each node is after what it reads: the order of the equations is that of the nodes.
        self.vertices.append(Vertex(role, look, (text,), inputs))
        return Source(len(self.vertices) - 1)

    def assign(self, equation: Equation) -> None:
        """The values of an equation's names; a state keeps its old value in all lines above."""
        if not isinstance(equation.value, Parts):
            source = self.value(equation.value)
            self.call(source, equation.names)
            return
        if isinstance(equation.value.operand, Dense):
            self.split_dense(equation.names, equation.value.operand)
            return
        source = self.function("split", equation.value)
        self.call(source, equation.names)

    def call(self, source: Source, names: tuple[str, ...]) -> None:
        """Name the outputs of a node; ``a = b`` names nothing new."""
        vertex = self.vertices[source.node]
        if vertex.role in (Role.BOX, Role.CIRCLE) and vertex.names == ("",):
            self.vertices[source.node] = Vertex(
                vertex.role, vertex.look, vertex.lines, vertex.inputs, names, vertex.is_ordered
            )
        for number, name in enumerate(names):
            self.values[name] = Source(source.node, number) if len(names) > 1 else source

    def split_dense(self, names: tuple[str, ...], dense: Dense) -> None:
        """The parts of one large affine map: each is a map of its own, of the same inputs."""
        # i, f, g, o = split(dense(x, h), 4): four boxes that read x and h, each as wide as a quarter
        inputs = tuple(self.value(item) for item in dense.operands)
        for name in names:
            source = self.add(
                Role.BOX, Look.DENSE, self.dense_text(dense.features // len(names)), inputs
            )
            self.call(source, (name,))

    def dense_text(self, features: Size) -> str:
        return "dense" if features == self.units else f"dense {features}"

    def value(self, value: CellExpression) -> Source:
        if isinstance(value, Name):
            return self.values[value.name]
        if isinstance(value, Number | Given):
            return self.add(Role.BOX, Look.INPUT, _constant(value))
        if isinstance(value, Binary):
            return self.binary(value)
        if isinstance(value, Dense):
            return self.function(self.dense_text(value.features), value, Look.DENSE)
        if isinstance(value, Activation):
            # A parameter names the function: `activation=tanh` is drawn as tanh.
            function = self.settings.get(value.function, value.function)
            return self.function(str(function), value, Look.STEPWISE)
        if isinstance(value, Dropout | Zoneout):
            return self.random(value)
        return self.function(function_name(value), value)

    def random(self, value: Dropout | Zoneout) -> Source:
        """What loses features in training; ``dropout=0.0`` of the built-in cells loses none, and is not drawn."""
        # `dropout(x, rate)` has the default of the parameter, `dropout(x, 0.2)` what is written
        rate = self.settings[value.rate] if isinstance(value.rate, str) else value.rate
        if isinstance(value, Dropout) and not rate:
            return self.value(value.operand)
        return self.function(f"{function_name(value)} {rate}", value)

    def function(
        self, text: str, value: CellExpression | Parts, look: Look = Look.ATTENTION
    ) -> Source:
        """A box that reads what the function is called with."""
        inputs = tuple(self.value(item) for item in children(value))
        # The largest of two is the same either way round; `zoneout(old, new)` is not.
        is_ordered = not isinstance(value, Extreme | Dense)
        self.vertices.append(Vertex(Role.BOX, look, (text,), inputs, is_ordered=is_ordered))
        return Source(len(self.vertices) - 1)

    def binary(self, value: Binary) -> Source:
        """A circle with the sign in it; a number stands beside the sign: ``1 -``."""
        # (1 - z) * n: `1 -` is one circle with one input, as textbooks have it
        sign = _SIGNS[value.operator]
        left, right = value.left, value.right
        if isinstance(left, Number | Given):
            return self.add(
                Role.CIRCLE, Look.COMBINE, f"{_constant(left)} {sign}", (self.value(right),)
            )
        if isinstance(right, Number | Given):
            return self.add(
                Role.CIRCLE, Look.COMBINE, f"{sign} {_constant(right)}", (self.value(left),)
            )
        inputs = (self.value(left), self.value(right))
        is_ordered = value.operator in _ORDERED
        self.vertices.append(
            Vertex(Role.CIRCLE, Look.COMBINE, (sign,), inputs, is_ordered=is_ordered)
        )
        return Source(len(self.vertices) - 1)


def _constant(value: Number | Given) -> str:
    return value.parameter if isinstance(value, Given) else str(value.value)
