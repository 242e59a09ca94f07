"""drawing → model specification: names, layers, shapes, parameter counts, topology, qualifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.graph import Input, Layer, Output, Parameter
from seqdsl.ir.operations import (
    Attend,
    Convolve,
    Merge,
    PassedState,
    Placeholder,
    Reduce,
    Scan,
    operands,
)
from seqdsl.layers import Combination, Family, family_of, is_source, layer_def
from seqdsl.model.application import Application
from seqdsl.model.apply import Applied, apply_layers
from seqdsl.model.budget import MOST_PAIRS, MOST_REACHED, Overgrown
from seqdsl.model.links import Link, Run, Shape
from seqdsl.model.naming import Names, layer_names
from seqdsl.model.pieces import Piece
from seqdsl.model.reads import Slot
from seqdsl.model.roles import ANONYMOUS
from seqdsl.model.spec import Block, ModelSpec, Pair
from seqdsl.model.topology import (
    Paths,
    differs,
    is_residual,
    model_topology,
    stacked,
)
from seqdsl.model.weights import TARGETS, holds_weights, numbers
from seqdsl.size import Size
from seqdsl.syntax.names import class_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.diagnostics import Diagnostic
    from seqdsl.ir.operations import InitialState
    from seqdsl.model.drawing import Drawing
    from seqdsl.source import Span


def infer(
    name: str,
    picture: str,
    drawing: Drawing,
    is_read: Sequence[bool],
    parameters: Sequence[Parameter],
) -> tuple[ModelSpec | None, list[Diagnostic]]:
    """Give a drawing its meaning.

    Args:
        name: the model's name.
        picture: its canonical text.
        drawing: what was read of it.
        is_read: whether anything reads each block.
        parameters: the parameters of the generated builder.
    """
    applied = apply_layers(drawing)
    if applied.diagnostics:
        return None, applied.diagnostics
    applications = applied.applications
    names = Names(parameter.name for parameter in parameters)
    layers, variables, found = _layers(
        drawing, applications, names, [item.name for item in parameters]
    )
    if found:
        return None, found
    blocks = tuple(
        _block(index, drawing, applications[index], layers.get(index), variables[index])
        for index in range(len(drawing.blocks))
    )
    order = _reading_order(drawing)
    inputs = tuple(
        _input(blocks[index], drawing)
        for index in order
        if isinstance(blocks[index].operation, Placeholder)
    )
    outputs = _outputs([blocks[index] for index in order if not is_read[index]], drawing, inputs)
    links = find_links(drawing, applied)
    graph = nx.DiGraph()
    graph.add_nodes_from((block.index, {"block": block}) for block in blocks)
    for link in links:
        graph.add_edge(link.source, link.target)
        graph.edges[link.source, link.target].setdefault("links", []).append(link)
    shapes = [
        Shape(_steps(index, drawing), isinstance(applications[index].operation, Scan))
        for index in range(len(blocks))
    ]
    pairs, topology = _topologies(inputs, outputs, Paths(shapes, links))
    unique = tuple({id(layer): layer for layer in layers.values()}.values())
    counted = [numbers(layer, drawing.values) for layer in unique]
    counts = {target: sum(item[target] for item in counted) for target in TARGETS}
    return ModelSpec(
        name=name,
        class_name=class_name(name),
        picture=picture,
        parameters=tuple(parameters),
        free=drawing.lengths.free,
        minimum=dict(drawing.lengths.minimum),
        multiple=dict(drawing.lengths.multiple),
        layers=unique,
        nodes=blocks,
        order=tuple(drawing.order),
        inputs=inputs,
        outputs=outputs,
        pairs=pairs,
        topology=topology,
        qualifiers=_qualifiers(drawing, applications, shapes, links),
        counts=counts,
        graph=graph,
    ), []


def _reading_order(drawing: Drawing) -> list[int]:
    """Blocks left to right by their first column, then bottom to top."""
    columns, rows = drawing.trace.units, drawing.trace.rows
    firsts = [block.first for block in drawing.blocks]
    return sorted(
        range(len(firsts)), key=lambda index: (columns[firsts[index]], rows[firsts[index]])
    )


def _layers(
    drawing: Drawing,
    applications: Mapping[int, Application],
    names: Names,
    parameters: Sequence[str],
) -> tuple[dict[int, Layer], dict[int, str], list[Diagnostic]]:
    """The layer of every block that computes, and the variable of every block."""
    groups: dict[str | int, list[int]] = {}
    for index in drawing.order:
        groups.setdefault(applications[index].key, []).append(index)
    keys = [
        (
            drawing.blocks[members[0]].letter,
            drawing.settings[members[0]],
            drawing.blocks[members[0]],
        )
        for members in groups.values()
    ]
    given, found = layer_names(keys, names, parameters)
    layers: dict[int, Layer] = {}
    variables: dict[int, str] = {}
    for name, members in zip(given, groups.values(), strict=True):
        found += _agree(members, drawing, applications)
        first = applications[members[0]]
        if family_of(first.kind) not in (Family.SOURCE, Family.OUTPUT):
            layer = _layer(name, first, drawing, members[0])
            layers |= dict.fromkeys(members, layer)
        for number, index in enumerate(members, start=1):
            variables[index] = name if len(members) == 1 else names.claim(f"{name}_{number}")
    return layers, variables, found


def _layer(name: str, application: Application, drawing: Drawing, index: int) -> Layer:
    kind, arguments = application.kind, application.arguments
    cell = application.units
    if isinstance(application.operation, Scan):
        cell = drawing.settings[index].size("units")
    unset = dict.fromkeys(item.name for item in layer_def(kind).signature.arguments)
    return Layer(name, kind, application.width, cell, {**unset, **arguments})


def _agree(
    members: Sequence[int], drawing: Drawing, applications: Mapping[int, Application]
) -> list[Diagnostic]:
    """Whether all blocks of one letter can share one set of weights."""
    if len(members) == 1:
        return []
    from seqdsl.diagnostics import Diagnostic

    known = drawing.known
    first = applications[members[0]]
    found = []
    if not holds_weights(first.kind, first.arguments):
        return []
    for index in members[1:]:
        other = applications[index]
        letter = drawing.blocks[index].letter
        place: tuple[tuple[Span, str], ...] = (
            (drawing.blocks[members[0]].span, f"it sees {known(first.width)} features here"),
        )
        if known(other.width) != known(first.width):
            message = f"`{letter}` sees {known(other.width)} features here and {known(first.width)} elsewhere"
            hint = "one letter is one set of weights: give it equal widths, or draw another letter"
            from seqdsl.model.origins import width_origins

            read = (*operands(first.operation), *operands(other.operation))
            below = {block for view in read for block in blocks_of(view)}
            place += width_origins(drawing, sorted(below))
            found.append(Diagnostic("SEQ308", message, drawing.blocks[index].span, hint, place))
        elif other.arguments != first.arguments:
            message = f"`{letter}` cannot share its weights: it is drawn in two different ways"
            hint = "draw it with the same state wires and the same window everywhere, or use another letter"
            found.append(Diagnostic("SEQ308", message, drawing.blocks[index].span, hint, place))
    return found


def _block(
    index: int, drawing: Drawing, application: Application, layer: Layer | None, variable: str
) -> Block:
    drawn = drawing.blocks[index]
    return Block(
        index=index,
        name=variable,
        layer=layer,
        kind=application.kind,
        letter=drawn.letter,
        steps=drawing.steps(index),
        features=application.units,
        operation=application.operation,
        span=drawn.span,
        masking=application.masking,
        uses=application.uses,
        given=drawing.settings[index].name or "",
    )


def _input(block: Block, drawing: Drawing) -> Input:
    settings = drawing.settings[block.index]
    steps = () if block.steps is None else (block.steps,)
    if settings.definition.gives_ids:
        return Input(block.name, block.index, steps, "int32", settings.size("vocabulary"))
    return Input(block.name, block.index, (*steps, block.features), "float32")


def _outputs(
    blocks: Sequence[Block], drawing: Drawing, inputs: Sequence[Input]
) -> tuple[Output, ...]:
    names = Names(item.name for item in inputs)
    anonymous = sum(block.letter == ANONYMOUS for block in blocks)
    outputs = []
    number = 0
    for block in blocks:
        given = drawing.settings[block.index].name
        number += block.letter == ANONYMOUS
        plain = (
            ("y" if anonymous == 1 else f"y_{number}")
            if block.letter == ANONYMOUS
            else block.letter.lower()
        )
        n = block.steps if block.steps is not None else Size.of(1)
        outputs.append(Output(names.claim(given or plain), block.index, block.shape, n))
    return tuple(outputs)


def _steps(index: int, drawing: Drawing) -> int | None:
    steps = drawing.steps(index)
    return None if steps is None else drawing.number(steps)


def find_links(drawing: Drawing, applied: Applied) -> list[Link]:
    """How every block reads others."""
    links: list[Link] = []
    for index in drawing.order:
        query = applied.queries.get(index)
        for slot in (*drawing.slots[index], *(() if query is None else (query,))):
            links += _slot_links(index, slot, drawing)
        initial = _initial_of(applied.applications[index])
        if initial is not None:
            sources = (
                {initial.source}
                if isinstance(initial, PassedState)
                else _value_blocks(index, drawing)
            )
            links += [Link(source, index, "state") for source in sorted(sources)]
    return links


def _initial_of(application: Application) -> InitialState | None:
    operation = application.operation
    return operation.initial if isinstance(operation, Scan) else None


def _value_blocks(index: int, drawing: Drawing) -> set[int]:
    return {
        piece.block
        for source, _ in drawing.trace.initial.get(index, ())
        for piece in drawing.reader.bus(source)
    }


def _slot_links(index: int, slot: Slot, drawing: Drawing) -> list[Link]:
    if slot.bus is not None:
        is_memory = drawing.settings[index].definition.family is Family.ATTENTION
        found = dict.fromkeys(piece.block for piece in slot.bus)
        links = [Link(block, index, "memory" if is_memory else "bus") for block in found]
        return links
    runs: dict[int, list[Run]] = {}
    at = 0
    for piece in slot.pieces:
        count = drawing.number(piece.count)
        if isinstance(piece, Piece):
            start, each = drawing.number(piece.start), piece.each
            # Where each step is read several times, the first readers are a run, the second ones, ...
            runs.setdefault(piece.block, []).extend(
                Run(at + place, count // each, start, piece.stride, each) for place in range(each)
            )
        at += count
    return [
        Link(block, index, "bus" if all(run.stride == 0 for run in found) else "wire", tuple(found))
        for block, found in runs.items()
    ]


_MANY_PAIRS = (
    f"more than {MOST_PAIRS:,} pairs of an input and an output, or inputs that together reach more than "
    f"{MOST_REACHED:,} blocks"
)


def _topologies(
    inputs: Sequence[Input], outputs: Sequence[Output], paths: Paths
) -> tuple[tuple[Pair, ...], str]:
    """The topology of every pair that a path joins, and that of the whole."""
    pairs: list[Pair] = []
    kinds = []
    places = {output.block: place for place, output in enumerate(outputs)}
    room = MOST_REACHED
    for item in inputs:
        # Of many outputs an input usually reaches few.
        all_reached = paths.reached(item.block)
        reached = all_reached & places.keys()
        room -= len(all_reached)
        if len(pairs) + len(reached) > MOST_PAIRS or room < 0:
            raise Overgrown(_MANY_PAIRS, "split the picture into several models")
        for output in (outputs[place] for place in sorted(places[block] for block in reached)):
            topology = paths.topology(item.block, output.block)
            pairs.append(Pair(item.name, output.name, topology))
            kinds.append((topology, paths.shapes[item.block].steps is not None))
    return tuple(pairs), model_topology(kinds) if kinds else "graph"


def _qualifiers(
    drawing: Drawing,
    applications: Mapping[int, Application],
    shapes: Sequence[Shape],
    links: Sequence[Link],
) -> tuple[str, ...]:
    operations = [application.operation for application in applications.values()]
    depth = stacked(shapes, links)
    adders = [
        index
        for index, application in applications.items()
        if isinstance(application.operation, Merge | Reduce)
        and application.operation.how is Combination.ADD
    ]
    initial = [_initial_of(application) for application in applications.values()]
    found = [
        (f"stacked {depth}", depth > 1),
        ("bidirectional", any(direction == "=" for direction in drawing.states.directions)),
        ("residual", is_residual(adders, links)),
        ("shared weights", _shares(drawing, applications, links)),
        ("convolutional", any(isinstance(item, Convolve) for item in operations)),
        ("attention", any(isinstance(item, Attend) for item in operations)),
        (
            "state handoff",
            any(isinstance(state, PassedState) for state in initial),
        ),
        ("masked", any(item.masking.begins for item in applications.values())),
        ("variable length", bool(drawing.lengths.free)),
    ]
    return tuple(name for name, holds in found if holds)


def _shares(
    drawing: Drawing, applications: Mapping[int, Application], links: Sequence[Link]
) -> bool:
    below: dict[int, set[int]] = {}
    for link in links:
        below.setdefault(link.target, set()).add(link.source)
    groups: dict[str, list[int]] = {}
    for index, application in applications.items():
        if isinstance(application.key, str) and not is_source(application.kind):
            groups.setdefault(application.key, []).append(index)
    for members in groups.values():
        if len(members) == 1:
            continue
        first = applications[members[0]]
        rows = {index: drawing.blocks[index].row for index in members}
        readings = {index: frozenset(below.get(index, ())) for index in members}
        if holds_weights(first.kind, first.arguments) and differs(readings, rows):
            return True
    return False
