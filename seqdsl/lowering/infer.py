"""drawing → model specification: names, layers, shapes, parameter counts, topology, qualifiers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.analysis.links import Shape
from seqdsl.analysis.parameter_counts import TARGETS, numbers
from seqdsl.analysis.topology import Paths, stacked
from seqdsl.ir.operations import Scan
from seqdsl.lowering.apply import apply_layers
from seqdsl.lowering.block_links import block_graph, find_links
from seqdsl.lowering.feedback import find_feedback, has_feedback
from seqdsl.lowering.naming import Names
from seqdsl.lowering.padding_arguments import name_lengths
from seqdsl.lowering.ports import find_ports, reading_order
from seqdsl.lowering.shared_layers import share_layers
from seqdsl.lowering.strided_access import ZeroSteps
from seqdsl.lowering.traits import find_qualifiers, find_topologies
from seqdsl.model.spec import Block, ModelSpec
from seqdsl.syntax.names import class_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.ir.graph import Layer, Parameter, State
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.text.diagnostics import Diagnostic


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
    layers, variables, diagnostics = share_layers(
        drawing, applications, names, [item.name for item in parameters]
    )
    if diagnostics:
        return None, diagnostics
    blocks = tuple(
        _block(index, drawing, applications[index], layers.get(index), variables[index])
        for index in range(len(drawing.blocks))
    )
    blocks = name_lengths(blocks, drawing, names)
    inputs, outputs = find_ports(drawing, blocks, is_read)
    is_fed = has_feedback(drawing)
    if is_fed:
        inputs, diagnostics = find_feedback(drawing, blocks, inputs)
        if diagnostics:
            return None, diagnostics
    states: tuple[State, ...] = ()
    if drawing.states.ends:
        from seqdsl.lowering.carried_states import find_carried

        states = find_carried(drawing, blocks, reading_order(drawing), names)
    links = find_links(drawing, applied)
    shapes = [
        Shape(_steps(index, drawing), isinstance(applications[index].operation, Scan))
        for index in range(len(blocks))
    ]
    depth = stacked(shapes, links, drawing.order)
    pairs, topology = find_topologies(inputs, outputs, Paths(shapes, links, drawing.order))
    # By identity: the arguments of a `Layer` are a dictionary, so that it has no hash.
    unique = tuple({id(layer): layer for layer in layers.values()}.values())
    spec = ModelSpec(
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
        states=states,
        pairs=pairs,
        topology=topology,
        qualifiers=find_qualifiers(drawing, applications, links, depth),
        depth=depth,
        counts={},
        graph=block_graph(blocks, links),
    )
    spec = replace(spec, counts=_counts(blocks, drawing))
    problems: list[Diagnostic] = []
    if drawing.loops:
        from seqdsl.lowering.loops import check_loops

        problems = check_loops(spec, drawing)
    if is_fed and not problems:
        from seqdsl.lowering.free_runs import free_run_problems

        problems = free_run_problems(spec, drawing)
    return (None, problems) if problems else (spec, [])


def _counts(blocks: Iterable[Block], drawing: Drawing) -> dict[str, int]:
    """The parameters of a model in each framework."""
    # One set of weights, wherever its letter is drawn. What is called has been counted, at the values that are given.
    holders = {item.layer.name: item for item in blocks if item.layer is not None}
    called = drawing.called
    counted = [
        called[index].given.counts if index in called else numbers(layer, drawing.values)
        for index, layer in ((item.index, item.layer) for item in holders.values())
        if layer is not None
    ]
    return {target: sum(item[target] for item in counted) for target in TARGETS}


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
        grid=application.grid,
        delayed=_delayed(index, drawing),
    )


def _delayed(index: int, drawing: Drawing) -> tuple[int, ...]:
    """The blocks before whose first steps a block reads zeros, as delayed nodes give them."""
    zeros = (
        access.before
        for operand in drawing.operands[index]
        for access in operand.accesses
        if isinstance(access, ZeroSteps) and access.before is not None
    )
    return tuple(dict.fromkeys(zeros))


def _steps(index: int, drawing: Drawing) -> int | None:
    steps = drawing.steps(index)
    return None if steps is None else drawing.number(steps)
