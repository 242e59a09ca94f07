"""a picture → the same picture drawn anew, and what both compile to."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx

from seqdsl.formatter.meaning import meaning
from seqdsl.layout.from_picture import from_picture
from seqdsl.layout.picture import Picture
from seqdsl.layout.write import layout
from seqdsl.lowering.compiled import CompiledModel
from seqdsl.pipeline import Analysis, analyze
from seqdsl.syntax.document import parse
from seqdsl.syntax.reader import read


def layout_of(text: str) -> Picture:
    """What the only picture of a text draws."""
    source, _ = read(text, "model.seq")
    document, _ = parse(source, "model")
    (picture,) = document.pictures
    return replace(from_picture(picture), name=picture.name)


def unplaced(picture: Picture) -> Picture:
    """The same without places: what is left are rows and wires."""
    rows = (
        replace(row, marks=tuple(replace(mark, place=None) for mark in row.marks))
        for row in picture.rows
    )
    return replace(picture, rows=tuple(rows))


def reads(model: CompiledModel) -> dict[int, set[object]]:
    """The step graph without its junctions: what every unit reads, however wires are joined on their way.

    By which side a wire enters, the compiled model tells: two wires between the same two units are one edge.
    """
    graph = model.graph
    found: dict[int, set[object]] = {}
    for unit, kind in graph.nodes(data="kind"):
        if kind == "unit":
            edges = graph.in_edges(unit, data="kind")
            found[unit] = {
                (edge, source) for before, _, edge in edges for source in _sources(graph, before)
            }
    return found


def _sources(graph: nx.DiGraph, node: int) -> set[tuple[str, tuple[int, ...]]]:
    """The units, and the ends of states, behind a node."""
    if graph.nodes[node]["kind"] == "unit":
        return {("unit", (node,))}
    before = tuple(sorted(graph.predecessors(node)))
    if graph.nodes[node]["kind"] == "state":
        return {("state", before)}
    return {source for other in before for source in _sources(graph, other)}


def assert_same(text: str, drawn: str) -> None:
    """Both texts compile, to the same models with the same wires."""
    old, new = analyze(text), analyze(drawn)
    assert not [item for item in new.diagnostics if item.is_error], f"{text}\n--\n{drawn}"
    assert _models(old) == _models(new), f"{text}\n--\n{drawn}"
    for before, after in zip(old.models, new.models, strict=True):
        assert reads(before) == reads(after), f"{text}\n--\n{drawn}"
        assert before.parameters == after.parameters
        assert (before.topology, before.qualifiers) == (after.topology, after.qualifiers)


def _models(analysis: Analysis) -> object:
    """All of the models; findings speak of places, which change."""
    return meaning(replace(analysis, diagnostics=()))


def redrawn(text: str, *, places: bool) -> str:
    """The text drawn anew, with the places of its columns or without."""
    picture = layout_of(text)
    return _cells(text) + layout(picture if places else unplaced(picture))


def _cells(text: str) -> str:
    """The cells of a text, which belong to the file and not to a picture."""
    lines = text.split("\n")
    begins = [place for place, line in enumerate(lines) if line.startswith("cell ")]
    found = []
    for begin in begins:
        end = next(
            place
            for place in range(begin, len(lines) + 1)
            if not "".join(lines[place : place + 1]).strip()
        )
        found += [*lines[begin:end], ""]
    return "\n".join([*found, ""]) if found else ""
