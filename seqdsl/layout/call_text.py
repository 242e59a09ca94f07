"""node of a graph → the call of its layer in a picture, with numbers for all parameters: ``lstm(32, dropout=0.1)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Convolve, Padding, Placeholder
from seqdsl.layers import Kind, layer_def
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.ir.ends import Input
    from seqdsl.ir.graph import Graph, Layer, Node
    from seqdsl.layers import Signature


def call_text(node: Node, graph: Graph, *, causal: bool = False) -> str:
    """The call of a node's layer, without ``name=``; a layer that it names is named as in the graph.

    Args:
        node: the node.
        graph: its graph, whose parameters have their defaults.
        causal: whether a convolution's windows end at the steps that wires mark.
    """
    numbers = dict(graph.settable)
    if node.layer is None:
        return _end(node, graph, numbers)
    # position(8, most=4) of four steps has as many as it has anyway.
    rows = layer_def(node.kind).rows
    is_plain = bool(rows) and node.layer.arguments.get(rows) == node.steps
    said = list(_arguments(node.layer, numbers, {rows} if is_plain else set()))
    if isinstance(node.operation, Convolve) and causal:
        said.append("padding=causal")
    return _written(layer_def(node.kind).written, said)


def _end(node: Node, graph: Graph, numbers: Mapping[str, int | float]) -> str:
    """The call of an input or an output."""
    given = next((item for item in graph.inputs if item.block == node.index), None)
    if given is None:
        return node.kind
    # Of tokens the vocabulary comes before the places: tokens(500, 12); of an input its features last.
    sizes = [*node.grid, node.features]
    if given.vocabulary is not None:
        sizes = [given.vocabulary, *node.grid]
    said = [_text(size, numbers) for size in sizes]
    return _written(node.kind, [*said, *_padding(node), *_feedback(given, graph)])


def _padding(node: Node) -> Iterator[str]:
    operation = node.operation
    assert isinstance(operation, Placeholder)
    if operation.lengths:
        yield "lengths=true"
    elif node.masking.begins:
        yield f"mask={_text(operation.marks, {})}"
    if operation.padding is Padding.END:
        yield "padding=end"


def _feedback(given: Input, graph: Graph) -> Iterator[str]:
    if given.feedback is not None:
        source = graph.nodes[given.feedback.block]
        yield f"feedback={source.name if source.layer is None else source.layer.name}"
        if given.feedback.is_chosen:
            yield "choose=true"


def _arguments(layer: Layer, numbers: Mapping[str, int | float], plain: set[str]) -> Iterator[str]:
    """The arguments that are not what is meant without them, those without a keyword first."""
    definition = layer_def(layer.kind)
    signature = definition.signature
    given = {**layer.arguments}
    if definition.output:
        # lstm(24, projection=8) gives 8 features: its units are among its arguments.
        given[definition.output] = given.get(definition.output) or layer.units
    # What follows from the wires, or is told by another argument, is written nowhere.
    told = plain | _told(signature, given)
    by_place = True
    for argument in (item for item in signature.arguments if item.name not in told):
        text = _text(given.get(argument.name), numbers)
        by_place = by_place and argument in signature.positional
        if text in ("", _text(argument.default, numbers)):
            # What comes behind an argument that is left out needs its keyword.
            by_place = False
        else:
            yield text if by_place else f"{argument.name}={text}"


def _told(signature: Signature, given: Mapping[str, object]) -> set[str]:
    """The arguments that another one tells, as the embedding of ``dense(tied=M)`` tells the units, or wires."""
    told = {item.tells for item in signature.keywords if given.get(item.name)}
    return told | {item.name for item in signature.arguments if item.kind is Kind.LETTER}


def _written(name: str, said: list[str]) -> str:
    # sample(normal): the word in parentheses is the first argument.
    if name.endswith(")") and said:
        return f"{name[:-1]}, {', '.join(said)})"
    return f"{name}({', '.join(said)})" if said else name


def _text(value: object, numbers: Mapping[str, int | float]) -> str:
    """A value as it is written; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, Size):
        return str(value.value({name: int(number) for name, number in numbers.items()}))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value in numbers:
        value = numbers[value]
    # -1.0 marks padded steps: people write -1.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
