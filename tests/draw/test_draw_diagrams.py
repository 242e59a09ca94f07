"""DOT, Mermaid and text: what is joined, how it is quoted, and that the text is the picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seqdsl.api import compile, compile_all
from seqdsl.draw import dot as dot_writer
from seqdsl.draw import draw
from seqdsl.draw import mermaid as mermaid_writer
from seqdsl.draw.network import MOST_UNITS, find_network
from seqdsl.targets import TARGETS

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {
    model.name: model
    for path in sorted(EXAMPLES.glob("*.seq"))
    for model in compile_all(path.read_bytes(), path.name)
}
PICTURE = "  Y\n  |\nH-H\n| |\nX X\n\nX = input(3)\nH = gru(2)\nY = dense(4)"
EVIL = 'a"]; end\n--> <script>`\\'


@pytest.mark.parametrize("name", sorted(MODELS))
def test_text_compiles_to_the_same_model(name: str) -> None:
    model = MODELS[name]
    (again,) = compile_all(str(draw(model, "txt")), "other.seq")
    assert [again.source(target) for target in TARGETS] == [
        model.source(target) for target in TARGETS
    ]
    assert draw(again) == draw(model)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_networks_have_the_edges_of_the_graph(name: str) -> None:
    model = MODELS[name]
    network = find_network(model)
    known = {vertex.id for layer in network.layers for vertex in layer.vertices}
    known |= {joint.id for joint in network.joints}
    assert len(network.edges) == model.graph.number_of_edges()
    assert all(edge.source in known and edge.target in known for edge in network.edges)
    units = sum(vertex.kind == "unit" for layer in network.layers for vertex in layer.vertices)
    assert units == len(model.drawing.trace.units)
    rows = [layer.id for row in network.rows for layer in row]
    assert sorted(rows) == sorted(layer.id for layer in network.layers)


def test_dot() -> None:
    text = str(draw(compile(PICTURE, "last.seq"), "dot"))
    assert text.startswith('digraph "last" {')
    assert re.findall(r"^  n(\d) -> n(\d)$", text, re.MULTILINE) == [
        ("0", "2"),
        ("1", "3"),
        ("3", "4"),
    ]
    assert re.findall(r"n(\d) -> n(\d) \[", text) == [("2", "3")]
    assert 'label="H: gru(2) gru_h (2, 2)"' in text
    assert "{ rank=same; n2; n3 }" in text


def test_mermaid() -> None:
    text = str(draw(compile(PICTURE, "last.seq"), "mmd"))
    assert "flowchart BT\n" in text
    assert re.findall(r"n(\d) --> n(\d)", text) == [("0", "2"), ("1", "3"), ("3", "4")]
    assert re.findall(r"n(\d) -\.-> n(\d)", text) == [("2", "3")]
    assert 'subgraph layer1["H: gru(2) gru_h (2, 2)"]' in text


def test_quoting() -> None:
    assert dot_writer.quoted(EVIL) == '"a\\"]; end\\n--> <script>`\\\\"'
    assert mermaid_writer.quoted(EVIL) == ('"a#34;#93;#59; end#10;--#62; #60;script#62;#96;#92;"')


def test_elided_steps_are_dots() -> None:
    model = compile("H ..n.. H\n|       |\nX ..n.. X\n\nH = gru(2)")
    for form in ("dot", "mmd"):
        assert str(draw(model, form)).count("…") == 2


def test_large_pictures_are_told_by_their_blocks() -> None:
    wires, nodes = " ".join("|" * MOST_UNITS), " ".join("O" * MOST_UNITS)
    network = find_network(compile(f"{nodes}\n{wires}\n{nodes}"))
    assert [vertex.kind for layer in network.layers for vertex in layer.vertices] == ["block"] * 2
    assert [(edge.source, edge.target) for edge in network.edges] == [("b0", "b1")]
