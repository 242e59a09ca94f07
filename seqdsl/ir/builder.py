"""calls → graph: a graph that nobody drew, with names, steps, features and uses inferred.

    >>> from seqdsl.ir.builder import Builder
    >>> b = Builder("forecast")
    >>> x = b.input("x", steps=6, features=8)
    >>> h = b.lstm(x, 16)
    >>> b.output(b.dense(h.final, 3, activation="softmax"))
    >>> graph = b.build()
    >>> graph.nodes[1].uses
    frozenset({<Use.FINAL: 'final'>})

Masks are not built; what is drawn has them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seqdsl.cells.carried_widths import carried_widths
from seqdsl.ir.assembly import Assembly
from seqdsl.ir.cells import cell_of, with_built_in
from seqdsl.ir.compare import ONE
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Value, blocks_of
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Centers,
    Convolve,
    Merge,
    PassedState,
    Reduce,
    Scan,
    StateMode,
    ValueState,
)
from seqdsl.ir.tensors import Tensor
from seqdsl.layers import Combination, Family, find_layer
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.cells.cell import Cell
    from seqdsl.ir.assembly import Given
    from seqdsl.ir.operations import InitialState


class Builder(Assembly):
    """Builds one graph, node after node."""

    def apply(
        self,
        kind: str,
        x: Tensor,
        units: Size | int | None = None,
        name: str = "",
        **arguments: Given,
    ) -> Tensor:
        """A layer applied to a vector, or to each step of a sequence: dense, embedding, dropout, layernorm, ..."""
        width, definition = x.features, find_layer(kind)
        if definition is not None and definition.family is Family.LOOKUP:
            width = arguments["vocabulary"] = self._vocabulary(x)
        if units is not None and definition is not None:
            arguments[definition.output] = units
        given = Size.of(x.features if units is None else units)
        layer = self.layer(kind, name, width, given, arguments)
        return self.add(Apply(x.expression), layer, "", x.steps, given)

    def _vocabulary(self, x: Tensor) -> Size:
        read = blocks_of(x.expression)
        for item in self.inputs:
            if item.block in read and item.vocabulary is not None:
                return item.vocabulary
        raise ValueError("an embedding reads tokens")

    def dense(self, x: Tensor, units: Size | int, name: str = "", **arguments: Given) -> Tensor:
        """A dense layer on a vector, or on each step of a sequence."""
        return self.apply("dense", x, units, name, **arguments)

    def embedding(self, x: Tensor, features: Size | int, name: str = "") -> Tensor:
        """A vector for each token id."""
        return self.apply("embedding", x, features, name)

    def conv(
        self,
        x: Tensor,
        filters: Size | int,
        kernel: int,
        padding: str = "same",
        name: str = "",
        **arguments: Given,
    ) -> Tensor:
        """A convolution; ``padding`` is ``same``, ``causal``, or ``valid``: whole windows only."""
        dilation = arguments.setdefault("dilation", 1)
        stride = arguments.setdefault("stride", 1)
        if not isinstance(dilation, int) or not isinstance(stride, int):
            raise ValueError("dilation and stride are whole numbers")
        if stride < 1:
            # How many steps there are is a quotient by it.
            raise ValueError(f"a stride of {stride}")
        # kernel 3, dilation 2 reaches over 4 more steps: a . b . c
        reach = (kernel - 1) * dilation
        # Half of the padding in front, or all of it where nothing may look ahead.
        before = {"same": reach // 2, "causal": reach, "valid": 0}[padding]
        operation = Convolve(x.expression, Size.of(before), Size.of(max(reach - before, 0)))
        steps = (x.length - 1) // stride + 1
        if padding == "valid":
            if stride != 1:
                raise ValueError("whole windows have a stride of 1")
            steps = x.length - reach
            centers = Centers(Size.of(reach // 2), steps, x.length)
            operation = replace(operation, after=Size.of(0), centers=centers)
        arguments["kernel"] = kernel
        layer = self.layer("conv", name, x.features, Size.of(filters), arguments)
        return self.add(operation, layer, "", steps, Size.of(filters))

    def scan(
        self,
        cell: str | Cell,
        x: Tensor,
        units: Size | int,
        direction: Direction = Direction.FORWARD,
        initial: Tensor | None = None,
        name: str = "",
        **arguments: Given,
    ) -> Tensor:
        """A recurrence of a cell; ``initial`` is another recurrence, whose state is passed on, or a vector."""
        kind = cell if isinstance(cell, str) else cell.name
        is_both = direction is Direction.BIDIRECTIONAL
        arguments |= {"units": Size.of(units), "bidirectional": is_both}
        if isinstance(projection := arguments.get("projection"), int | Size):
            arguments["projection"] = Size.of(projection)
        cells = with_built_in({} if isinstance(cell, str) else {kind: cell})
        body = cell_of(kind, arguments, cells)
        assert body is not None
        sizes = {item: size for item, size in arguments.items() if isinstance(size, Size)}
        given = next(iter(carried_widths(body, Size.of(units), sizes).values()))
        layer = self.layer(kind, name, x.features, given, arguments, body)
        state = None if initial is None else self._initial(initial, is_both)
        operation = Scan(x.expression, direction, state, body=body)
        return self.add(operation, layer, "", x.steps, given * direction.count)

    def lstm(self, x: Tensor, units: Size | int, **options: Any) -> Tensor:
        """`scan` of the built-in cell ``lstm``."""
        return self.scan("lstm", x, units, **options)

    def gru(self, x: Tensor, units: Size | int, **options: Any) -> Tensor:
        """`scan` of the built-in cell ``gru``."""
        return self.scan("gru", x, units, **options)

    def rnn(self, x: Tensor, units: Size | int, **options: Any) -> Tensor:
        """`scan` of the built-in cell ``rnn``."""
        return self.scan("rnn", x, units, **options)

    def _initial(self, given: Tensor, is_both: bool) -> InitialState:
        """A state that is passed on, or a value; of a bidirectional source both directions' go to where they fit."""
        expression = given.expression
        if not isinstance(expression, Value) or self.nodes[expression.block].scan is None:
            return ValueState(expression, StateMode.FORWARD if is_both else StateMode.DIRECT)
        from_both = self.nodes[expression.block].direction is Direction.BIDIRECTIONAL
        # Both directions' states for one as wide, one's for the forward one of two.
        modes = {(True, False): StateMode.JOINED, (False, True): StateMode.FORWARD}
        return PassedState(expression.block, modes.get((from_both, is_both), StateMode.DIRECT))

    def attention(
        self,
        query: Tensor,
        memory: Tensor,
        heads: Size | int | None = None,
        name: str = "",
        **arguments: Given,
    ) -> Tensor:
        """Attention of each step of a query, or of a vector, to all steps of a memory."""
        given = query.features if heads is not None else memory.features
        arguments |= {"heads": heads, "memory": memory.features}
        layer = self.layer("attention", name, query.features, given, arguments)
        operation = Attend(query.expression, memory.expression)
        return self.add(operation, layer, "", query.steps, given)

    def merge(self, how: Combination, *parts: Tensor, name: str = "") -> Tensor:
        """Vectors, or sequences of equal length, element by element."""
        # One feature is spread over the others' width.
        widest = next((part for part in parts if part.features != ONE), parts[0])
        layer = self.layer(how.value, name, widest.features, widest.features, {})
        operation = Merge(how, tuple(part.expression for part in parts))
        return self.add(operation, layer, "", widest.steps, widest.features)

    def reduce(self, how: Combination, x: Tensor, name: str = "") -> Tensor:
        """All steps of a sequence as one vector."""
        layer = self.layer(how.value, name, x.features, x.features, {})
        return self.add(Reduce(how, x.expression), layer, "", None, x.features)
