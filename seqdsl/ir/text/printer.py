"""graph → text, a line for each parameter, layer, input, node and output.

Records are written as calls: their first field as it is, the others by name where they differ from their default.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, Any

from seqdsl.ir.called import models_of
from seqdsl.ir.ends import Holds
from seqdsl.ir.expressions import FinalState, Slice, Step, Value
from seqdsl.ir.fields import fields_of, is_record, word
from seqdsl.ir.layers import gives_ids, layer_type, layer_weights
from seqdsl.ir.operations import Call, Scan, Use
from seqdsl.ir.text.cells import cell_lines
from seqdsl.ir.text.sizes import size_text
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.ir.ends import Input, Output, Shape, State
    from seqdsl.ir.fields import FieldType
    from seqdsl.ir.nodes import GraphData, Layer, Node

SEQUENCE = frozenset({Use.SEQUENCE})


def graph_text(graph: GraphData) -> str:
    """The text of a graph; it ends with a line break."""
    return "\n".join([*_Printer(graph).lines(), ""])


class _Printer:
    """Prints one graph: it knows how its nodes are called."""

    def __init__(self, graph: GraphData) -> None:
        self.graph = graph
        self.cells = graph.cells
        # Two nodes of one name are no graph, but a person who looks for the mistake prints it.
        named = Counter(node.name for node in graph.nodes)
        self.places = {index: place for place, index in enumerate(graph.order)}
        self.references = {
            node.index: f"%{node.name}" if named[node.name] == 1 else f"%{node.name}#{node.index}"
            for node in graph.nodes
        }

    def lines(self) -> Iterator[str]:
        graph = self.graph
        yield f"model {graph.name} {{"
        yield from (f"  parameter {item.name} = {item.default!r}" for item in graph.parameters)
        yield from (f"  {line}" for line in self._lengths())
        yield from (f"  {line}" for line in self._brought())
        yield from (f"  {self._layer(layer)}" for layer in graph.layers)
        yield from (f"  {self._input(item)}" for item in graph.inputs)
        yield from (f"  {line}" for line in self._nodes())
        yield from (f"  {self._output(item)}" for item in graph.outputs)
        yield from (f"  {self._state(item)}" for item in graph.states)
        yield "}"

    def _brought(self) -> Iterator[str]:
        """The models that it calls, and its cells: what its layers may be."""
        for body in models_of(self.graph):
            yield from _Printer(body).lines()
        for cell in self.cells.values():
            yield from cell_lines(cell)

    def _nodes(self) -> Iterator[str]:
        """The nodes in order, and behind them those that it leaves out: someone may look for that mistake."""
        nodes = dict(enumerate(self.graph.nodes))
        for index in dict.fromkeys((*self.graph.order, *nodes)):
            yield self._node(nodes[index]) if index in nodes else self._reference(index)

    def _reference(self, index: int) -> str:
        """How a node is referred to; one that there is not by its number: ``%?7``, which no text may say."""
        return self.references.get(index, f"%?{index}")

    def _lengths(self) -> Iterator[str]:
        """The lengths: those that are free, then those that a parameter sets."""
        graph = self.graph
        for name in dict.fromkeys((*graph.free, *graph.minimum, *graph.multiple)):
            said = {"minimum": graph.minimum.get(name), "multiple": graph.multiple.get(name)}
            found = [f"{key}={value}" for key, value in said.items() if value is not None]
            found += [] if name in graph.free else ["set=true"]
            yield f"length {name}{_braces(found)}"

    def _layer(self, layer: Layer) -> str:
        known = layer_type(layer.kind, self.cells)
        order = [] if known is None else [*known.arguments, *known.inferred]
        # In the order of the layer's own table, so that two texts differ where their meaning does.
        names = sorted(layer.arguments, key=lambda name: (name not in order, _place(order, name)))
        arguments = [
            f"{name}={self.text(layer.arguments[name])}"
            for name in names
            if layer.arguments[name] is not None
        ]
        weights = [
            f"{name}: {_list(map(size_text, shape))}"
            for name, shape in layer_weights(layer, self.cells).items()
        ]
        ends = f"{size_text(layer.width)} -> {size_text(layer.units)}"
        call = f"{layer.kind}({', '.join(arguments)})"
        return f"layer @{layer.name} = {call} : {ends}{_braces(weights)}"

    def _input(self, item: Input) -> str:
        said = [] if item.vocabulary is None else [f"vocabulary={size_text(item.vocabulary)}"]
        if item.feedback is not None:
            said.append(f"feedback={self._reference(item.feedback.block)}")
            said += ["choose=true"] if item.feedback.is_chosen else []
        return f"input {self._end(item)} : {item.dtype}{_shape(item.shape)}{_braces(said)}"

    def _output(self, item: Output) -> str:
        nodes = {node.index: node.kind for node in self.graph.nodes}
        is_ids = gives_ids(nodes.get(item.block, ""))
        steps = item.shape[0] if len(item.shape) > (0 if is_ids else 1) else Size.of(1)
        dtype = "int32" if is_ids else "float32"
        # Said where it is not what the shape says.
        n = [] if item.n == steps else [f"n={size_text(item.n)}"]
        return f"output {self._end(item)} : {dtype}{_shape(item.shape)}{_braces(n)}"

    def _state(self, item: State) -> str:
        said = [f"part={item.part}"] if item.part else []
        said += [f"{word}=true" for word, is_so in _ways(item).items() if is_so]
        said += [] if item.holds is Holds.STATE else [f"holds={item.holds.value}"]
        return f"state {self._end(item)} : {item.dtype}{_shape(item.shape)}{_braces(said)}"

    def _end(self, item: Input | Output | State) -> str:
        names = {node.index: node.name for node in self.graph.nodes}
        reference = self._reference(item.block)
        return reference if item.name == names.get(item.block) else f"{item.name} = {reference}"

    def _node(self, node: Node) -> str:
        name = f"%{node.name}"
        if node.index != self.places.get(node.index) or self.references[node.index] != name:
            name = f"%{node.name}#{node.index}"
        what = f"@{node.layer.name}" if node.layer is not None else node.kind
        operation = f"{word(type(node.operation))} {what}({self._fields(node.operation)})"
        return f"{name} = {operation}{_braces(self._attributes(node))} : {_type(node)}"

    def _attributes(self, node: Node) -> Iterator[str]:
        masking = node.masking
        if masking.masks:
            yield f"masks={self.text(masking.masks)}"
        yield from ["begins_mask=true"] if masking.begins else []
        yield from ["padded_at_end=true"] if masking.at_end else []
        # Most nodes are read as they are; that goes without saying.
        if node.uses != SEQUENCE:
            yield f"uses={_list(use.value for use in Use if use in node.uses)}"
        if node.given:
            yield f"given={node.given}"
        # Which axes of `float32[4, 28, 28, 1]` are steps, which are places.
        if node.grid:
            yield f"grid={_shape(node.grid)}"

    def _fields(self, item: Any) -> str:
        """The fields of a record: the first as it is, the others by name, where they differ from their default."""
        parts: list[str] = []
        for field in fields_of(item.__class__):
            value = getattr(item, field.name)
            # The cell of a recurrence is that of its layer's kind, and so is the graph of a call.
            if (isinstance(item, Scan | Call) and field.name == "body") or _is_default(
                field, value
            ):
                continue
            text = self._reference(value) if field.is_node else self.text(value)
            # `repeat(%x, count=6)`: what is read needs no name, what is done with it does.
            is_named = field.has_default or parts
            parts.append(f"{field.name}={text}" if is_named else text)
        return ", ".join(parts)

    def text(self, value: Any) -> str:
        """Any value that a field, or a layer's argument, may hold."""
        if value is None:
            return "none"
        if isinstance(value, Value):
            return self._reference(value.block)
        if isinstance(value, FinalState):
            return f"{self._reference(value.block)}.final"
        # `%x[2:+3 of 6]`: from step 2 on, 3 steps, of 6.
        if isinstance(value, Slice):
            stride = "" if value.stride == 1 else f":{value.stride}"
            first, count = size_text(value.start), size_text(value.count)
            return f"{self.text(value.of)}[{first}:+{count}{stride} of {size_text(value.steps)}]"
        if isinstance(value, Step):
            return f"{self.text(value.of)}[{size_text(value.index)} of {size_text(value.steps)}]"
        if isinstance(value, tuple):
            return _list(map(self.text, value))
        return (
            f"{word(type(value))}({self._fields(value)})"
            if is_record(type(value))
            else plain(value)
        )


def plain(value: object) -> str:
    """A value that is made of no others."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    return size_text(value) if isinstance(value, Size) else str(value)


def _is_default(field: FieldType, value: object) -> bool:
    return field.has_default and value == field.default


def _type(node: Node) -> str:
    # A step of token ids is one number, which has no axis.
    if gives_ids(node.kind) and node.features == Size.of(1):
        return f"int32{_shape(node.shape[:-1])}"
    return f"float32{_shape(node.shape)}"


def _ways(item: State) -> dict[str, bool]:
    return {"taken": item.is_taken, "given": item.is_given}


def _shape(shape: Shape) -> str:
    return _list(map(size_text, shape))


def _list(parts: Iterable[str]) -> str:
    return f"[{', '.join(parts)}]"


def _braces(parts: Iterable[str]) -> str:
    text = ", ".join(parts)
    return f" {{{text}}}" if text else ""


def _place(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
