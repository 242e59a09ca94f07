"""layer → problems: whether its arguments are those of its kind, within their ranges, and its sizes fit them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.cell import CellError
from seqdsl.ir.called import bodies
from seqdsl.ir.cells import with_built_in
from seqdsl.ir.compare import Misfit, Sizes
from seqdsl.ir.layers import Argument, layer_type, layer_weights, state_widths
from seqdsl.ir.problems import Problem, Rule
from seqdsl.layers import Family, find_layer
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.graph import Graph, Layer
    from seqdsl.ir.layers import LayerType


def layer_problems(graph: Graph, sizes: Sizes) -> Iterator[Problem]:
    """What does not hold of layers by themselves, wherever they are applied."""
    # Both are read off all nodes: once for all layers.
    cells, called = with_built_in(graph.cells), bodies(graph)
    for layer in graph.layers:
        yield from _problems(layer, graph, sizes, cells, called)


def _problems(
    layer: Layer, graph: Graph, sizes: Sizes, cells: Mapping[str, Cell], called: Container[str]
) -> Iterator[Problem]:
    where = f"@{layer.name}"
    known = layer_type(layer.kind, cells)
    if known is None:
        yield Problem(Rule.LAYERS, where, f"unknown layer `{layer.kind}`")
        return
    yield from _arguments(layer, known, graph)
    for name in sorted(known.required):
        if layer.arguments.get(name) is None:
            yield Problem(Rule.LAYERS, where, f"`{layer.kind}` needs its {name}")
            return
    found = [layer.units, *(v for v in layer.arguments.values() if isinstance(v, Size))]
    try:
        for size in found:
            sizes.at_least(size, 1, "a size")
        # Token ids have no features: what reads them knows how many there are.
        sizes.at_least(layer.width, 1, "features")
        # frame(filters=5): the arguments of a called graph are its parameters, whatever they are called.
        if str(layer.kind) not in called:
            yield from _sides(layer, sizes)
        layer_weights(layer, cells)
    except Misfit as error:
        yield Problem(Rule.SIZES, where, str(error))
    except CellError as error:
        yield Problem(Rule.LAYERS, where, str(error))


def _arguments(layer: Layer, known: LayerType, graph: Graph) -> Iterator[Problem]:
    """Arguments that a layer does not take, or that hold something else than it takes there."""
    where = f"@{layer.name}"
    for name, value in layer.arguments.items():
        argument = known.of(name)
        if argument is None:
            yield Problem(Rule.LAYERS, where, f"`{layer.kind}` has no argument `{name}`")
        elif argument is Argument.TABLE and value is not None:
            yield from _tied(layer, name, graph)
        elif value is not None and not _is_setting(value, argument, graph):
            yield Problem(Rule.LAYERS, where, f"`{name}` is not {argument.value}: {value}")


def _tied(layer: Layer, argument: str, graph: Graph) -> Iterator[Problem]:
    """Whether the embedding whose matrix a layer uses is one, and its matrix fits."""
    # embedding_m looks up 64 of 1000 ids, (1000, 64); transposed it takes 64 features to 1000.
    where, name = f"@{layer.name}", layer.arguments[argument]
    other = next((item for item in graph.layers if item.name == name), None)
    definition = None if other is None else find_layer(other.kind)
    if other is None or definition is None or definition.family is not Family.LOOKUP:
        yield Problem(Rule.LAYERS, where, f"`{argument}` is not an embedding: {name}")
        return
    sizes = Sizes(graph)
    if not sizes.same(other.units, layer.width):
        message = f"`{name}` has {other.units} features, what reads it {layer.width}"
        yield Problem(Rule.SIZES, where, message)
    if not sizes.same(other.width, layer.units):
        message = f"`{name}` has {other.width} ids, what reads it {layer.units} units"
        yield Problem(Rule.SIZES, where, message)


def _sides(layer: Layer, sizes: Sizes) -> Iterator[Problem]:
    """Whether the features that a layer says by an argument are those that it has."""
    # lstm(64, projection=32) gives 32 features.
    states = () if layer.arguments.get("units") is None else state_widths(layer)
    units = dict.fromkeys(("features", "filters", *(() if states else ("units",))), layer.units)
    if states and not sizes.same(states[0], layer.units):
        message = f"a step gives {states[0]} features, the layer {layer.units}"
        yield Problem(Rule.LAYERS, f"@{layer.name}", message)
    for name, side in {**units, "vocabulary": layer.width}.items():
        size = layer.arguments.get(name)
        if isinstance(size, Size) and not sizes.same(size, side):
            yield Problem(Rule.LAYERS, f"@{layer.name}", f"`{name}` is {size}, its features {side}")


_WORDS: dict[Argument, tuple[str, ...]] = {
    Argument.PADDING: ("same", "causal"),
    Argument.BORDER: ("same", "valid"),
    Argument.CODE: ("trained", "sin"),
    Argument.SCORE: ("dot", "additive"),
}


def _is_setting(value: object, argument: Argument, graph: Graph) -> bool:
    """Whether a value is one that an argument takes."""
    if argument is Argument.ACTIVATION:
        return value in ACTIVATIONS
    if argument in _WORDS:
        return value in _WORDS[argument]
    if argument.is_number:
        # Rates and the like are numbers, or parameters that are; `Graph.defaults` has whole ones alone.
        given = {item.name: item.default for item in graph.parameters}
        return _is_within(given.get(value) if isinstance(value, str) else value, argument)
    if argument is Argument.INTEGER:
        return isinstance(value, int) and _is_within(value, argument)
    return isinstance(value, Size if argument is Argument.SIZE else bool)


def _is_within(value: object, argument: Argument) -> bool:
    """Whether a value is a number, and one that an argument takes."""
    # To Python, true and false are numbers.
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return argument.range is None or argument.range.holds(value)
