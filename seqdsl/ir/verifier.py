"""graph → problems: what has to hold of every graph, however it came about.

What is drawn holds it by construction; what is parsed, loaded or built by hand may not. Nothing here corrects anything.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.cells.cell import CellError
from seqdsl.ir.applied import node_problems
from seqdsl.ir.called import models_of
from seqdsl.ir.carried import carried_problems
from seqdsl.ir.cell_check import check_cell
from seqdsl.ir.cells import built_in
from seqdsl.ir.compare import Misfit, Sizes
from seqdsl.ir.expressions import CarriedState, FinalState, Value, walk
from seqdsl.ir.fed import feedback_problems
from seqdsl.ir.graph import Graph
from seqdsl.ir.layer_check import layer_problems
from seqdsl.ir.layers import gives_ids
from seqdsl.ir.loop_calls import with_loop_calls
from seqdsl.ir.loop_faults import NoLoop
from seqdsl.ir.loops import find_circles, find_loops, sources
from seqdsl.ir.names import model_problem, name_problem
from seqdsl.ir.operations import PassedState, Placeholder, Use, read_by
from seqdsl.ir.problems import InvalidGraph, Problem, Rule
from seqdsl.ir.shapes import Shapes, types_of
from seqdsl.ir.uses import find_uses
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Input, Node, Output, Shape, State


def check(graph: Graph) -> None:
    """Make sure that a graph is one.

    Raises:
        InvalidGraph: something does not hold.
    """
    if problems := verify(graph):
        raise InvalidGraph(problems)


def verify(graph: Graph) -> tuple[Problem, ...]:
    """What does not hold of a graph; nothing if it is one.

    Where references are broken, nothing is said of shapes: there is nothing to tell them from.
    """
    problems = [*_names(graph), *_references(graph)]
    for body in models_of(graph):
        assert isinstance(body, Graph)
        # What a called graph means is only known where it is one.
        problems += [replace(item, where=f"{body.name}: {item.where}") for item in verify(body)]
    if not any(problem.rule is Rule.REFERENCES for problem in problems):
        problems += _rest(graph)
    return tuple(problems)


def _rest(graph: Graph) -> Iterator[Problem]:
    """What can be told once all references are those of nodes."""
    yield from _order(graph)
    if broken := [*_lengths(graph)]:
        # Sizes are compared at values of the lengths.
        yield from broken
        return
    sizes = Sizes(graph)
    if problem := _cell_problem(graph):
        yield problem
        return
    broken = [*layer_problems(graph, sizes)]
    yield from broken
    if broken:
        # What a layer gives depends on its arguments.
        return
    if sorted(graph.order) == list(range(len(graph.nodes))):
        yield from _loops(graph)
    shapes = Shapes(sizes, types_of(graph))
    uses = find_uses(graph.nodes)
    for node in graph.nodes:
        yield from node_problems(node, graph, shapes)
        if node.uses != uses[node.index]:
            words = ", ".join(use.value for use in Use if use in uses[node.index])
            yield Problem(Rule.USES, _said(node), f"what is read of it is: {words}")
    yield from _ends(graph, sizes)


def _lengths(graph: Graph) -> Iterator[Problem]:
    """Bounds that no length has: an ellipsis may stand for no step, and a length is a multiple of 1 at least."""
    for what, bounds, least in (("minimum", graph.minimum, 0), ("multiple", graph.multiple, 1)):
        for name, bound in bounds.items():
            if bound < least:
                yield Problem(Rule.SIZES, name, f"its {what}: {bound} is less than {least}")


def _cell_problem(graph: Graph) -> Problem | None:
    """What is wrong with the first cell that is none."""
    for name, cell in graph.cells.items():
        try:
            check_cell(cell)
            # A graph that brings its own `lstm` would mean another layer by the same word.
            if built_in().get(name, cell) != cell:
                raise CellError(f"`{name}` is built in, and has other equations")
        except CellError as error:
            return Problem(Rule.LAYERS, cell.name, str(error))
    return None


def _said(node: Node) -> str:
    return f"%{node.name}"


def _names(graph: Graph) -> Iterator[Problem]:
    if problem := model_problem(graph.name):
        yield Problem(Rule.NAMES, graph.name, problem)
    lengths = {*graph.free, *graph.minimum, *graph.multiple}
    for what, names in _groups(graph).items():
        for name, count in Counter(names).items():
            if problem := name_problem(name, unnamed=name in lengths):
                yield Problem(Rule.NAMES, name, problem)
            if count > 1:
                yield Problem(Rule.NAMES, name, f"{count} {what} have this name")
    for node in graph.nodes:
        if node.given and (problem := name_problem(node.given)):
            yield Problem(Rule.NAMES, _said(node), problem)
        if node.name in graph.defaults:
            yield Problem(Rule.NAMES, _said(node), "a parameter has this name")


def _groups(graph: Graph) -> dict[str, list[str]]:
    """The names that have to differ from each other."""
    # A length that a parameter sets has the parameter's name; a node may be called as its layer.
    ends: list[Input | Output] = [*graph.inputs, *graph.outputs]
    return {
        "parameters and free lengths": [item.name for item in graph.parameters] + list(graph.free),
        "layers": [item.name for item in graph.layers],
        "nodes": [node.name for node in graph.nodes],
        "inputs and outputs": [item.name for item in (*ends, *graph.lengths, *graph.masks)],
        "states": [item.name for item in graph.states],
    }


def _read(node: Node) -> list[Expression]:
    return [*read_by(node.operation), *node.masking.masks]


def _references(graph: Graph) -> Iterator[Problem]:
    for place, node in enumerate(graph.nodes):
        if node.index != place:
            yield Problem(Rule.REFERENCES, _said(node), f"node {place} has the number {node.index}")
        yield from (
            Problem(Rule.REFERENCES, _said(node), message)
            for message in _broken_references(node, graph)
        )
    ends: list[Input | Output | State] = [*graph.inputs, *graph.outputs, *graph.states]
    for item in ends:
        if not 0 <= item.block < len(graph.nodes):
            yield Problem(Rule.REFERENCES, item.name, f"there is no node {item.block}")


def _broken_references(node: Node, graph: Graph) -> Iterator[str]:
    """What is wrong with the nodes that a node reads."""
    # A state that is passed on is no expression: its source is looked at by itself.
    leaves, initial = _leaves(node), node.initial
    passed = [initial.source] if isinstance(initial, PassedState) else []
    # Python would take -1 for the last node.
    known = range(len(graph.nodes))
    unknown = [index for index in (*(item.block for item in leaves), *passed) if index not in known]
    if unknown:
        yield f"there is no node {unknown[0]}"
        return
    for source in (item.block for item in leaves if isinstance(item, FinalState)):
        if graph.nodes[source].scan is None:
            yield f"%{graph.nodes[source].name} has no final state"
    for source in passed:
        if graph.nodes[source].scan is None:
            yield f"%{graph.nodes[source].name} has no state to pass on"


def _leaves(node: Node) -> list[Value | FinalState | CarriedState]:
    found = [item for view in _read(node) for item in walk(view)]
    return [item for item in found if isinstance(item, Value | FinalState | CarriedState)]


def _order(graph: Graph) -> Iterator[Problem]:
    if sorted(graph.order) != list(range(len(graph.nodes))):
        yield Problem(Rule.ORDER, graph.name, "the order is not one of all nodes")
        return
    # index -> where it stands in the order of computation.
    places = {index: place for place, index in enumerate(graph.order)}
    circles = find_circles(graph)
    loops = {index: number for number, circle in enumerate(circles) for index in circle}
    for node in graph.nodes:
        for source in sorted(sources(node)):
            # Members of a loop are computed together: what they read of each other is looked at below.
            together = node.index in loops and loops[node.index] == loops.get(source)
            if places[source] >= places[node.index] and not together:
                message = f"it reads %{graph.nodes[source].name}, which is not there yet"
                yield Problem(Rule.ORDER, _said(node), message)
    for circle in circles:
        if places[circle[-1]] - places[circle[0]] + 1 != len(circle):
            message = "what it reads in a circle is not next to it in the order"
            yield Problem(Rule.ORDER, _said(graph.nodes[circle[0]]), message)


def _loops(graph: Graph) -> Iterator[Problem]:
    """What circles have that cannot be computed step by step; the first of it."""
    try:
        # What a loop calls is a part of it: its nodes are looked at in the place of the call.
        whole, origins = with_loop_calls(graph)
        find_loops(whole)
    except NoLoop as error:
        node, source = (origins.get(item, item) for item in (error.node, error.source))
        message = f"in a circle with %{graph.nodes[source].name}: {error.fault.value}"
        yield Problem(Rule.LOOPS, _said(graph.nodes[node]), message)
    except Misfit:
        # Shapes that do not fit are told of each node.
        return


def _ends(graph: Graph, sizes: Sizes) -> Iterator[Problem]:
    sources = {node.index for node in graph.nodes if isinstance(node.operation, Placeholder)}
    given = [item.block for item in graph.inputs]
    # Each input once, and no node that holds one is forgotten.
    if sorted(given) != sorted(sources):
        yield Problem(Rule.ENDS, graph.name, "its inputs are not its nodes that hold inputs")
        return
    if not graph.outputs:
        yield Problem(Rule.ENDS, graph.name, "it has no outputs")
    for item in graph.inputs:
        yield from _input(item, graph.nodes[item.block], sizes)
    for output in graph.outputs:
        yield from _output(output, graph.nodes[output.block], sizes)
    yield from carried_problems(graph, sizes)
    yield from feedback_problems(graph, sizes)


def _input(item: Input, node: Node, sizes: Sizes) -> Iterator[Problem]:
    is_tokens = gives_ids(node.kind)
    # A step of ids has no axis of its own.
    shape = node.shape[:-1] if is_tokens else node.shape
    if item.name != node.name:
        yield Problem(Rule.ENDS, item.name, f"the node that holds it is called %{node.name}")
    if (item.dtype == "int32") != is_tokens or (item.vocabulary is not None) != is_tokens:
        yield Problem(Rule.ENDS, item.name, "token ids are int32, and have a vocabulary")
    if not _same_shape(item.shape, shape, sizes):
        yield Problem(Rule.ENDS, item.name, f"the node that holds it has the shape {_text(shape)}")
    if item.vocabulary is not None:
        try:
            sizes.at_least(item.vocabulary, 1, "token ids")
        except Misfit as error:
            yield Problem(Rule.SIZES, item.name, str(error))


def _output(item: Output, node: Node, sizes: Sizes) -> Iterator[Problem]:
    shape = node.shape[:-1] if gives_ids(node.kind) else node.shape
    if not _same_shape(item.shape, shape, sizes):
        yield Problem(Rule.ENDS, item.name, f"its node has the shape {_text(shape)}")
    elif not _same_shape((item.n,), (node.steps or Size.of(1),), sizes):
        yield Problem(Rule.ENDS, item.name, f"it has {node.steps or 1} steps, not {item.n}")


def _same_shape(left: Shape, right: Shape, sizes: Sizes) -> bool:
    try:
        return len(left) == len(right) and all(map(sizes.same, left, right))
    except Misfit:
        return False


def _text(shape: Shape) -> str:
    return f"[{', '.join(map(str, shape))}]"
