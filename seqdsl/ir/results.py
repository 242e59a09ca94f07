"""operation, place → what its layer reads and what it gives: a rule for each operation."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.call_types import type_given, vocabulary_taken
from seqdsl.ir.compare import ONE, Misfit
from seqdsl.ir.expressions import (
    CarriedState,
    DynamicSlice,
    FinalState,
    Repeat,
    Value,
    Zeros,
    children,
)
from seqdsl.ir.grids import check_columns, check_images, places_given
from seqdsl.ir.layers import gives_ids
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Call,
    Centers,
    Constant,
    Convolve,
    Identity,
    Merge,
    Placeholder,
    Reduce,
    Scan,
    Split,
)
from seqdsl.ir.shapes import Shapes, Type, check_flat
from seqdsl.layers import Family, layer_def
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.compare import Sizes
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Graph, Layer, Node
    from seqdsl.ir.operations import Operation


class Place(NamedTuple):
    """A node among the others.

    Attributes:
        node: the node.
        graph: the graph that it is in.
        shapes: the types of all expressions.
    """

    node: Node
    graph: Graph
    shapes: Shapes

    @property
    def layer(self) -> Layer:
        """The layer of a node that has one."""
        assert self.node.layer is not None
        return self.node.layer


_Found = tuple["Size | None", Type]


@singledispatch
def result(operation: Operation, place: Place) -> _Found:
    """The features that the layer of a node reads (``None``: it has none, or any), and the type of what it gives."""
    raise Misfit(f"{type(operation).__name__} is not an operation")


@result.register
def _(operation: Placeholder, place: Place) -> _Found:
    node = place.node
    if gives_ids(node.kind):
        place.shapes.sizes.agree("a step of token ids is one number", node.features, ONE)
    return None, Type(node.steps, node.features, node.grid)


@result.register
def _(operation: Constant, place: Place) -> _Found:
    node, layer, sizes = place.node, place.layer, place.shapes.sizes
    like = place.shapes.of(operation.like)
    steps = ONE if node.steps is None else node.steps
    if operation.free:
        sizes.agree("steps of what it is like, and of the node", like.steps or ONE, steps)
    rows = layer.arguments.get(layer_def(layer.kind).rows)
    # Of a free length it shows at run time whether there are enough.
    if isinstance(rows, Size) and not operation.free:
        sizes.at_least(rows - steps, 0, "vectors for further steps")
    return None, Type(node.steps, layer.units)


@result.register
def _(operation: Identity, place: Place) -> _Found:
    return None, place.shapes.of(operation.operand)


@result.register
def _(operation: Apply, place: Place) -> _Found:
    steps, features, grid = place.shapes.of(operation.operand)
    definition = layer_def(place.node.kind)
    if definition.family is Family.LOOKUP:
        _check_tokens(operation.operand, place.layer.width, place)
        return None, Type(steps, place.layer.units, grid)
    places = grid
    if definition.grid is not None:
        places = places_given(definition.grid, grid, place.layer.arguments, place.shapes.sizes)
    # A dense layer changes the width; dropout, normalizations and activations keep it.
    given = place.layer.units if definition.output else features
    if definition.grid is not None and not definition.output:
        given = definition.grid.width(grid, features)
    # An id is one number.
    given = ONE if definition.chooses else given
    if definition.shares > 1:
        # A mean and a deviation side by side: as many of one as of the other.
        given = place.node.features
        place.shapes.sizes.agree("features of all parts", given * definition.shares, features)
    return features, Type(steps, given, places)


def _check_tokens(operand: Expression, rows: Size, place: Place) -> None:
    """What is read are token ids, of as many as a table has rows."""
    inputs = {item.block: item.vocabulary for item in place.graph.inputs}
    for item in _taken(operand):
        if not isinstance(item, Value | FinalState | CarriedState):
            continue
        node = place.graph.nodes[item.block]
        if isinstance(node.operation, Identity) and gives_ids(node.kind):
            # g = concat_time(g_known, g_own): a row of ids that was made in parts.
            _check_tokens(node.operation.operand, rows, place)
        else:
            vocabulary = inputs.get(item.block, _chosen_of(node))
            # Whatever is looked up, cut or joined: in the end it is an input of ids.
            if vocabulary is None:
                raise Misfit("an embedding reads token ids")
            place.shapes.sizes.agree("token ids and rows", vocabulary, rows)


def _taken(expression: Expression) -> Iterator[Expression]:
    """An expression and what it is made of, but for what only tells a number of samples or steps."""
    yield expression
    if isinstance(expression, Zeros):
        return
    measured = isinstance(expression, DynamicSlice | Repeat)
    for child in children(expression)[: 1 if measured else None]:
        yield from _taken(child)


def _chosen_of(node: Node) -> Size | None:
    """How many features a node chooses of; ``None``: it gives no ids."""
    is_choice = gives_ids(node.kind)
    return node.layer.width if is_choice and node.layer is not None else None


@result.register
def _(operation: Split, place: Place) -> _Found:
    parts, (_, features, grid) = operation.parts, place.shapes.one(operation.operand)
    if grid:
        check_columns(grid, place.node.grid, ONE if parts is None else parts, place.shapes.sizes)
        return None, Type(parts, features, place.node.grid)
    # (12) -> (3, 4): as many features in all parts as there were.
    whole = place.node.features * (ONE if parts is None else parts)
    place.shapes.sizes.agree("features in all parts", whole, features)
    return None, Type(parts, place.node.features)


@result.register
def _(operation: Convolve, place: Place) -> _Found:
    layer, sizes = place.layer, place.shapes.sizes
    steps, features = place.shapes.plain(operation.operand)
    stride = layer.arguments["stride"]
    assert isinstance(stride, int)
    if stride < 1:
        raise Misfit(f"a stride of {stride}")
    reach = (layer.size("kernel") - 1) * layer.size("dilation")
    # With kernel 3 (`reach` 2) over 6 steps, one of padding on each side:
    #
    #     . a b c d e f .     6 + 1 + 1 - 2 = 6 windows
    whole = steps + operation.before + operation.after - reach
    sizes.at_least(whole, 1, "windows")
    # Every `stride`-th window, the first one always.
    given = Type((whole - 1) // stride + 1, layer.units)
    if centers := operation.centers:
        sizes.agree("steps around which windows lie", centers.steps, steps)
        sizes.agree("whole windows", centers.count, whole)
        _check_centers(centers, sizes)
    if operation.kept is not None:
        # What is kept is cut out of the whole, which the node itself means there.
        types = [*place.shapes.types]
        types[place.node.index] = given
        given = Shapes(sizes, types).of(operation.kept)
    return features, given


def _check_centers(centers: Centers, sizes: Sizes) -> None:
    """The steps in the middle of windows are steps of the sequence: of a b c d e, three from step 1 on."""
    ends = zip(
        sizes.values(centers.start),
        sizes.values(centers.start + centers.count),
        sizes.values(centers.steps),
        strict=True,
    )
    if any(start < 0 or end > most for start, end, most in ends):
        raise Misfit(f"{centers.count} windows around steps from {centers.start} on")


@result.register
def _(operation: Scan, place: Place) -> _Found:
    steps, (_, features, grid) = place.shapes.sequence(operation.operand)
    check_images(operation.body, grid)
    if batch := operation.batch:
        place.shapes.sizes.at_least(Size.of(batch.number), 1, "runs")
        place.shapes.sizes.agree("steps of all runs", batch.steps * batch.number, steps)
    # Both directions' outputs side by side.
    units = place.layer.units * operation.direction.count
    if place.node.steps is None:
        # A single step of a recurrence: one that is repeated once, of which the final state is read.
        place.shapes.sizes.agree("steps", steps, ONE)
        return features, Type(None, units, grid)
    return features, Type(steps, units, grid)


@result.register
def _(operation: Attend, place: Place) -> _Found:
    query, (_, wide) = place.shapes.of(operation.query), place.shapes.plain(operation.memory)
    check_flat(query)
    sizes, layer = place.shapes.sizes, place.layer
    sizes.agree("features of the memory, and those of its layer", wide, layer.size("memory"))
    compared = wide
    if operation.keys is not None:
        steps, compared = place.shapes.plain(operation.keys)
        sizes.agree("steps of keys and memory", steps, place.shapes.sequence(operation.memory)[0])
        sizes.agree("features of the keys, and those of its layer", compared, layer.size("keys"))
    heads, key = layer.arguments.get("heads"), layer.arguments.get("key")
    if heads is None:
        # Nothing is projected without a `key`: what is compared is equally wide. The result is the memory's.
        if key is None:
            sizes.agree("features of query and memory", query.features, compared)
        return query.features, Type(query.steps, wide)
    assert isinstance(heads, Size)
    if key is None and any(map(int.__mod__, sizes.values(query.features), sizes.values(heads))):
        raise Misfit(f"{heads} heads do not divide {query.features} features")
    return query.features, Type(query.steps, query.features)


@result.register
def _(operation: Reduce, place: Place) -> _Found:
    _, each = place.shapes.sequence(operation.operand)
    if operation.like is not None and operation.repeat is not None:
        steps, _ = place.shapes.sequence(operation.like)
        place.shapes.sizes.agree("steps of the repeated value", operation.repeat, steps)
    return None, each._replace(steps=operation.repeat)


@result.register
def _(operation: Merge, place: Place) -> _Found:
    if not operation.operands:
        raise Misfit("nothing is combined")
    return None, place.shapes.spread(operation.operands)


@result.register
def _(operation: Call, place: Place) -> _Found:
    if (vocabulary := vocabulary_taken(operation, place.layer)) is not None:
        _check_tokens(operation.operand, vocabulary, place)
    return None, type_given(operation, place.layer, place.shapes)
