"""model → network: the drawn units and what joins them, for the writers that leave the layout to others.

Of a picture of many units its blocks are drawn instead, so that a diagram stays one that people can read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from seqdsl.draw.families import family, sign
from seqdsl.draw.labels import call_text, facts_text
from seqdsl.lowering.default_layers import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.layers import Look
    from seqdsl.lowering.compiled import CompiledModel

MOST_UNITS = 200
"""Of a picture with more units, buses and final states the blocks are drawn."""

Joint = Literal["unit", "dots", "junction", "state", "block"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A unit, the dots of elided steps, a junction, a final state that leaves its row, or a whole block."""

    id: str
    kind: Joint
    text: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One block: the vertices of its row, left to right."""

    id: str
    family: Look
    title: str
    vertices: tuple[Vertex, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """A wire, or a state wire, between the vertices of these ids."""

    source: str
    target: str
    is_state: bool


@dataclass(frozen=True, slots=True)
class Network:
    """What is joined to what; ``joints`` belong to no layer. ``rows`` are the layers side by side, bottom first."""

    name: str
    layers: tuple[Layer, ...]
    joints: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    rows: tuple[tuple[Layer, ...], ...]


def find_network(model: CompiledModel) -> Network:
    """The step graph of a small picture, the block graph of a large one."""
    drawn = model.drawing.trace
    if len(drawn.units) + len(drawn.junctions) > MOST_UNITS:
        return _of_blocks(model)
    return _of_steps(model)


def _of_steps(model: CompiledModel) -> Network:
    graph = model.graph
    layers = tuple(_layer(model, index, tuple(_units(model, index))) for index in _indices(model))
    signs = {"junction": "", "state": "final state"}
    joints = tuple(
        Vertex(f"n{node}", facts["kind"], signs[facts["kind"]])
        for node, facts in graph.nodes(data=True)
        if facts["kind"] in signs
    )
    edges = tuple(
        Edge(f"n{source}", f"n{target}", kind == "state")
        for source, target, kind in graph.edges(data="kind")
    )
    return Network(model.name, layers, joints, edges, _rows(model, layers))


def _of_blocks(model: CompiledModel) -> Network:
    layers = tuple(
        _layer(
            model, i, (Vertex(f"b{i}", "block", f"{call_text(model, i)} {facts_text(model, i)}"),)
        )
        for i in _indices(model)
    )
    edges = tuple(
        Edge(f"b{source}", f"b{target}", False) for source, target in model.spec.graph.edges()
    )
    return Network(model.name, layers, (), edges, _rows(model, layers))


def _indices(model: CompiledModel) -> range:
    return range(len(model.drawing.blocks))


def _layer(model: CompiledModel, index: int, vertices: tuple[Vertex, ...]) -> Layer:
    title = f"{call_text(model, index)} {facts_text(model, index)}"
    return Layer(f"layer{index}", family(model.drawing.settings[index].kind), title, vertices)


def _units(model: CompiledModel, index: int) -> Iterator[Vertex]:
    block, kind = model.drawing.blocks[index], model.drawing.settings[index].kind
    text = sign(kind) or (kind if block.letter == ANONYMOUS else block.letter)
    # X X ... X      three units n0 n1 n2, with dots before the last one, as two units come before the ellipsis
    dots = {stretch.after for stretch in block.stretches}
    for number in range(block.count + 1):
        if number in dots:
            yield Vertex(f"dots{index}_{number}", "dots", "…")
        if number < block.count:
            yield Vertex(f"n{block.first + number}", "unit", text)


def _rows(model: CompiledModel, layers: tuple[Layer, ...]) -> tuple[tuple[Layer, ...], ...]:
    rows: dict[int, list[Layer]] = {}
    for block, layer in zip(model.drawing.blocks, layers, strict=True):
        rows.setdefault(block.row, []).append(layer)
    return tuple(tuple(rows[row]) for row in sorted(rows))
