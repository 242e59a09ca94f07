"""parameters, nodes, layers, ends → graph: what is kept while a graph is built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from seqdsl.ir.cells import kind_of, with_built_in
from seqdsl.ir.changes import map_expressions, map_operation
from seqdsl.ir.compare import ONE
from seqdsl.ir.expressions import Value, blocks_of
from seqdsl.ir.graph import Graph, Input, Layer, Node, Output, Parameter
from seqdsl.ir.layers import Argument, layer_type
from seqdsl.ir.loops import sources
from seqdsl.ir.names import name_problem
from seqdsl.ir.operations import Identity, Placeholder, read_by
from seqdsl.ir.tensors import Tensor
from seqdsl.ir.uses import find_uses
from seqdsl.ir.verifier import check
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.cells.cell import Cell
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import Operation

    Given: TypeAlias = Size | int | float | bool | str | None


class Assembly:
    """A graph that grows, node after node."""

    def __init__(self, name: str) -> None:
        """Begin a graph of this name."""
        self.name = name
        self._parameters: list[Parameter] = []
        self._minimum: dict[str, int] = {}
        self._multiple: dict[str, int] = {}
        self._layers: dict[str, Layer] = {}
        self.nodes: list[Node] = []
        self.inputs: list[Input] = []
        self._outputs: list[tuple[str, Tensor]] = []
        self._taken: set[str] = set()
        # Stand-ins for what is built later, by the numbers of nodes that there are not: -1, -2, ...
        self._later: dict[int, Tensor] = {}
        self._bound: dict[Expression, Tensor] = {}

    def parameter(self, name: str, default: int) -> Size:
        """A parameter, as a size."""
        self._parameters.append(Parameter(self._claim(name), default))
        return Size.of(name)

    def length(self, name: str, minimum: int = 1, multiple: int = 1) -> Size:
        """A length that is known at run time only."""
        name = self._claim(name)
        self._minimum[name], self._multiple[name] = minimum, multiple
        return Size.of(name)

    def input(self, name: str, features: Size | int, steps: Size | int | None = None) -> Tensor:
        """An argument of the model: a vector, or a sequence if it has steps."""
        tensor = self.add(Placeholder(), "input", name, steps, features)
        node = self.nodes[-1]
        self.inputs.append(Input(node.name, node.index, node.shape, "float32"))
        return tensor

    def tokens(
        self, name: str, vocabulary: Size | int, steps: Size | int | None = None
    ) -> Tensor:  # fmt: skip
        """Token ids as an argument of the model: one, or a sequence of them."""
        tensor = self.add(Placeholder(), "tokens", name, steps, ONE)
        node = self.nodes[-1]
        shape = node.shape[:-1]
        self.inputs.append(Input(node.name, node.index, shape, "int32", Size.of(vocabulary)))
        return tensor

    def later(self, features: Size | int, steps: Size | int) -> Tensor:
        """A sequence that is built later, and `bind` says which: by it a node reads one that reads the node.

        Of such a circle a step can only read earlier steps, see `seqdsl.ir.tensors.delay`.
        """
        index = -1 - len(self._later)
        self._later[index] = Tensor(Value(index), Size.of(steps), Size.of(features))
        return self._later[index]

    def bind(self, later: Tensor, x: Tensor) -> None:
        """Say what a sequence is that was to be built later.

        Raises:
            ValueError: it is none of those, or has been said already.
        """
        if later not in self._later.values() or later.expression in self._bound:
            raise ValueError("only what is to be built later is bound, and once")
        self._bound[later.expression] = x

    def _bind_all(self) -> None:
        """Put what was built later in the place of its stand-ins."""
        if len(self._bound) < len(self._later):
            raise ValueError("what was to be built later is not bound")

        def bound(expression: Expression) -> Expression:
            x = self._bound.get(expression)
            return map_expressions(expression, bound) if x is None else bound(x.expression)

        # A stand-in may be bound to what holds another one: all are replaced, from the outside inward.
        if self._later:
            self.nodes = [
                replace(node, operation=map_operation(node.operation, bound)) for node in self.nodes
            ]
            self._outputs = [
                (name, replace(x, expression=bound(x.expression))) for name, x in self._outputs
            ]

    def _order(self) -> tuple[int, ...]:
        """The nodes, each after those that it reads, the members of a loop next to each other."""
        built = tuple(range(len(self.nodes)))
        if not self._later:
            return built
        import networkx as nx

        reads = nx.DiGraph()
        reads.add_nodes_from(built)
        reads.add_edges_from(
            (source, node.index) for node in self.nodes for source in sources(node)
        )
        condensed = nx.condensation(reads)
        members = {number: sorted(condensed.nodes[number]["members"]) for number in condensed}
        # Those of a loop as they were built: one reads later ones only by their earlier steps.
        parts = nx.lexicographical_topological_sort(condensed, key=lambda number: members[number])
        return tuple(index for number in parts for index in members[number])

    def output(self, x: Tensor, name: str = "y") -> None:
        """A result of the model."""
        self._outputs.append((name, x))

    def build(self) -> Graph:
        """The graph.

        Raises:
            InvalidGraph: what was built is not one.
        """
        self._bind_all()
        # What is read by another node cannot be an output itself: the backends name it once.
        read = {
            block
            for node in self.nodes
            for view in read_by(node.operation)
            for block in blocks_of(view)
        }
        outputs: list[Output] = []
        for name, tensor in self._outputs:
            outputs.append(self._output(name, tensor, read))
            read.add(outputs[-1].block)
        # What is read of each node is complete only now.
        uses = find_uses(self.nodes)
        graph = Graph(
            name=self.name,
            parameters=tuple(self._parameters),
            free=tuple(self._minimum),
            minimum=dict(self._minimum),
            multiple=dict(self._multiple),
            layers=tuple(self._layers.values()),
            nodes=tuple(replace(node, uses=uses[node.index]) for node in self.nodes),
            order=self._order(),
            inputs=tuple(self.inputs),
            outputs=tuple(outputs),
        )
        check(graph)
        return graph

    def _output(self, name: str, tensor: Tensor, read: set[int]) -> Output:
        """An output is a node that nothing else reads: one of its own, if need be."""
        expression = tensor.expression
        is_whole = isinstance(expression, Value) and expression.block not in read
        if not is_whole or self.nodes[min(blocks_of(expression))].layer is None:
            tensor = self.add(Identity(expression), "output", name, tensor.steps, tensor.features)
            expression = tensor.expression
        assert isinstance(expression, Value)
        node = self.nodes[expression.block]
        return Output(name, node.index, node.shape, node.steps or ONE)

    def add(
        self,
        operation: Operation,
        what: Layer | str,
        name: str,
        steps: Size | int | None,
        features: Size | int,
    ) -> Tensor:
        """A node, and its value; it is called as its layer, or as it is said."""
        layer = what if isinstance(what, Layer) else None
        index = len(self.nodes)
        node = Node(
            index=index,
            name=layer.name if layer is not None else self._claim(name),
            layer=layer,
            kind=layer.kind if layer is not None else str(what),
            steps=None if steps is None else Size.of(steps),
            features=Size.of(features),
            operation=operation,
        )
        self.nodes.append(node)
        return Tensor(Value(index), node.steps, node.features)

    def layer(
        self,
        kind: str,
        name: str,
        width: Size,
        units: Size,
        arguments: dict[str, Given],
        cell: Cell | None = None,
    ) -> Layer:
        """A layer, whose name is the one given or that of its kind."""
        kind_type = layer_type(kind, with_built_in({} if cell is None else {kind: cell}))
        if kind_type is None:
            raise ValueError(f"unknown layer `{kind}`")
        # Whether the arguments are right, the verifier checks.
        given = {key: _setting(value, kind_type.of(key)) for key, value in arguments.items()}
        layer = Layer(
            self._claim(name or kind),
            kind if cell is None else kind_of(kind, {kind: cell}),
            width,
            units,
            {**dict.fromkeys(kind_type.arguments), **given},
        )
        self._layers[layer.name] = layer
        return layer

    def _claim(self, name: str) -> str:
        """A name, or the first free one of ``name_2``, ``name_3``, ..."""
        free, number = name, 1
        # `class` is no name for a variable: it becomes `class_2`.
        while free in self._taken or (number == 1 and name_problem(free)):
            number += 1
            free = f"{name}_{number}"
        self._taken.add(free)
        return free


def _setting(value: Given, argument: Argument | None) -> object:
    """The value of an argument as a layer holds it: numbers are sizes or fractions, as the argument takes them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if argument is Argument.SIZE and isinstance(value, int):
        return Size.of(value)
    return float(value) if argument is not None and argument.is_number else value
