"""what a graph is made of: parameters, layers, nodes, arguments and results."""

from __future__ import annotations

from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from seqdsl.ir.body import Body
from seqdsl.ir.ends import Input, Lengths, Mask, Output, Shape, State
from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.operations import (
    Identity,
    Operation,
    PassedState,
    Placeholder,
    Scan,
    Use,
    operands,
    read_by,
)
from seqdsl.layers import find_layer
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.direction import Direction
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import InitialState, Padding


@record(frozen=True)
class Parameter:
    """A named number: a keyword argument of the generated builder."""

    name: str
    default: int | float


@record(frozen=True)
class Layer:
    """One set of weights, or one layer without any, wherever it is applied.

    Attributes:
        name: attribute and layer name in the generated code.
        kind: ``"lstm"``, ``"dense"``, ``"conv"``, ...
        width: input features.
        units: output features of one direction.
        arguments: the remaining arguments by name; ``None``: not set.
    """

    name: str
    kind: str
    width: Size
    units: Size
    arguments: Mapping[str, object]

    @property
    def tied(self) -> str:
        """The name of the embedding whose matrix it uses, transposed; empty if it has its own."""
        return str(self.arguments.get("tied") or "")

    def size(self, name: str) -> Size:
        """A size among the arguments."""
        value = self.arguments[name]
        assert isinstance(value, Size)
        return value


@record(frozen=True)
class Masking:
    """Which steps of a node are padding.

    Attributes:
        masks: the masks whose common steps are its valid steps; in them the value of a node means its mask.
        begins: whether the node itself distinguishes padding from data.
        at_end: whether its padding is at its end, whatever the model is called with.
    """

    masks: tuple[Expression, ...] = ()
    begins: bool = False
    at_end: bool = False

    def __bool__(self) -> bool:
        """Whether any step may be padding."""
        return self.begins or bool(self.masks)


UNMASKED = Masking()


@record(frozen=True)
class Node:
    """One operation, and its value.

    Attributes:
        index: its number, by which expressions refer to its value.
        name: the variable that holds its value in the generated code.
        layer: the layer applied; ``None`` where nothing is computed (inputs and outputs).
        kind: the layer's kind, or ``"input"``, ``"tokens"``, ``"output"``.
        steps: its length; ``None`` for a vector.
        features: the width of its value.
        operation: what is computed, and of what.
        masking: which of its steps are padding.
        uses: which of its values are read.
        given: the name that its author gives it; empty if there is none.
        grid: the places that each step holds: ``(28, 28)`` of an image; empty: it holds features alone.
        body_name: its name in the called graph that it was taken from; empty: it is of this graph.
    """

    index: int
    name: str
    layer: Layer | None
    kind: str
    steps: Size | None
    features: Size
    operation: Operation
    masking: Masking = UNMASKED
    uses: frozenset[Use] = frozenset()
    given: str = ""
    grid: tuple[Size, ...] = ()
    body_name: str = ""

    @property
    def views(self) -> tuple[Expression, ...]:
        """What it reads, one expression for each operand of its layer."""
        return operands(self.operation)

    @cached_property
    def sources(self) -> frozenset[int]:
        """The nodes that it reads, with its masks, its initial state, and what it takes lengths from."""
        # Kept, as every pass asks whether there are loops, and most leave most nodes as they are.
        read = {
            source
            for view in (*read_by(self.operation), *self.masking.masks)
            for source in blocks_of(view)
        }
        if isinstance(self.initial, PassedState):
            read.add(self.initial.source)
        # What is kept of a convolution is cut out of its own value: that is no circle.
        kept = getattr(self.operation, "kept", None)
        return frozenset(read - {self.index} if kept is not None else read)

    @property
    def padding(self) -> Padding | None:
        """Where an input's padding may be, if its author says so."""
        return self.operation.padding if isinstance(self.operation, Placeholder) else None

    @property
    def scan(self) -> Scan | None:
        """Its recurrence; ``None`` if it has none."""
        return self.operation if isinstance(self.operation, Scan) else None

    @property
    def direction(self) -> Direction | None:
        """The direction in which it runs; ``None`` if it is not recurrent."""
        return None if self.scan is None else self.scan.direction

    @property
    def initial(self) -> InitialState | None:
        """The state with which its recurrence begins; ``None``: zero, or it is not recurrent."""
        return None if self.scan is None else self.scan.initial

    @property
    def has_start(self) -> bool:
        """Whether its recurrence begins with a state that something else tells: a node, or the call before."""
        return self.scan is not None and (self.initial is not None or self.scan.carry.is_taken)

    @property
    def masks(self) -> tuple[Expression, ...]:
        """The masks whose common steps are its valid steps; none if it is not masked, or begins a mask."""
        return self.masking.masks

    @property
    def shape(self) -> Shape:
        """Its shape without the batch: ``(features,)``, ``(steps, features)``, ``(steps, height, width, features)``."""
        steps = () if self.steps is None else (self.steps,)
        return (*steps, *self.grid, self.features)


AnyNode = TypeVar("AnyNode", bound=Node)


def passing_on(node: AnyNode, value: Expression) -> AnyNode:
    """What a pass puts in the place of a node: one that computes nothing, and has the value that it reads."""
    # Ids stay ids, (batch, steps): as a result of numbers they would have an axis of one feature.
    definition = find_layer(node.kind)
    kind = "tokens" if definition is not None and definition.gives_ids else "output"
    return replace(node, layer=None, kind=kind, operation=Identity(value))


@record(frozen=True)
class GraphData(Body):
    """All that a graph holds; `seqdsl.ir.graph.Graph` is what everybody uses.

    Attributes:
        name: its name.
        parameters: the keyword arguments of the generated builder.
        free: the names of lengths that are known only at run time; unnamed ones begin with ``_``.
        minimum: the smallest value of each length's name.
        multiple: a length's values are its minimum plus multiples of this.
        layers: all layers, in the order of their first use.
        nodes: all nodes, by index.
        order: the nodes' indices, each after those that it reads.
        inputs: the model's arguments, in order.
        outputs: the model's results, in order.
        states: what passes from call to call, in order: arguments behind the inputs, results behind the outputs.
    """

    name: str
    parameters: tuple[Parameter, ...]
    free: tuple[str, ...]
    minimum: dict[str, int]
    multiple: dict[str, int]
    layers: tuple[Layer, ...]
    nodes: tuple[Node, ...]
    order: tuple[int, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    states: tuple[State, ...] = field(default=(), kw_only=True)

    @property
    def lengths(self) -> tuple[Lengths, ...]:
        """The arguments that say how many steps of an input are valid, behind the inputs and before the states."""
        held = {
            node.index: node.operation.lengths
            for node in self.nodes
            if isinstance(node.operation, Placeholder) and node.operation.lengths
        }
        return tuple(
            Lengths(held[item.block], item.block) for item in self.inputs if item.block in held
        )

    @property
    def masks(self) -> tuple[Mask, ...]:
        """The arguments that say which steps of an input are valid, of a graph that is called with masks."""
        held = {
            node.index: node.operation.mask
            for node in self.nodes
            if isinstance(node.operation, Placeholder) and node.operation.mask
        }
        return tuple(
            Mask(held[item.block], item.block, item.shape[:1])
            for item in self.inputs
            if item.block in held
        )

    @property
    def arguments(self) -> tuple[Input | Lengths, ...]:
        """What stands before the states of a call: the inputs, then the lengths of those that have such."""
        return (*self.inputs, *self.lengths)

    @property
    def taken(self) -> tuple[State, ...]:
        """The states that are arguments of the model."""
        return tuple(item for item in self.states if item.is_taken)

    @property
    def given(self) -> tuple[State, ...]:
        """The states that are results of the model."""
        return tuple(item for item in self.states if item.is_given)

    @property
    def cells(self) -> dict[str, Cell]:
        """The cells that its recurrences run, by name."""
        return {node.scan.body.name: node.scan.body for node in self.nodes if node.scan is not None}

    @cached_property
    def grids(self) -> dict[int, tuple[Size, ...]]:
        """The grid that each step of a node holds, for those that hold more than features."""
        return {node.index: node.grid for node in self.nodes if node.grid}

    @property
    def settable(self) -> tuple[tuple[str, int | float], ...]:
        """The parameters in order, each with its default: what who calls the graph may set."""
        return tuple((item.name, item.default) for item in self.parameters)

    @cached_property
    def defaults(self) -> dict[str, int]:
        """The parameters' default values by name."""
        return {item.name: int(item.default) for item in self.parameters}
