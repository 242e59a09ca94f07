"""DOT, Mermaid and text: what is joined, how it is quoted, and that the text is the picture."""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx
import pytest

from seqdsl.api import Model, compile, compile_all
from seqdsl.draw import dot as dot_writer
from seqdsl.draw import draw
from seqdsl.draw import mermaid as mermaid_writer
from seqdsl.draw.network import MOST_UNITS, find_network
from seqdsl.targets import TARGETS
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)}
PICTURE = "  Y\n  |\nH-H\n| |\nX X\n\nX = input(3)\nH = gru(2)\nY = dense(4)"
EVIL = 'a"]; end\n--> <script>`\\'


@pytest.mark.parametrize("name", sorted(MODELS))
def test_text_compiles_to_the_same_model(name: str) -> None:
    model = MODELS[name]
    *_, again = compile_all(str(draw(model, "txt")), "other.seq")
    assert [again.source(target) for target in TARGETS] == [
        model.source(target) for target in TARGETS
    ]
    assert draw(again) == draw(model)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_networks_join_what_the_graph_joins(name: str) -> None:
    model = MODELS[name]
    network = find_network(model)
    units = {v.id for layer in network.layers for v in layer.vertices if v.kind == "unit"}
    # Delayed nodes are the letters' own values: edges from these stand for them.
    kinds = dict(model.graph.nodes(data="kind"))
    assert units == {f"n{node}" for node, kind in kinds.items() if kind == "unit"}
    delayed = {f"n{node}" for node, kind in kinds.items() if kind == "delayed"}
    assert bool(delayed) == bool(model.drawing.delayed)
    drawn = nx.DiGraph(
        (edge.source, edge.target) for edge in network.edges if edge.kind != "window"
    )
    graph = nx.relabel_nodes(nx.DiGraph(model.graph), lambda node: f"n{node}")
    assert set(drawn) <= units | {joint.id for joint in network.joints}
    # Corners and delayed nodes are not drawn, so that only what comes of them can be compared.
    assert reached(drawn, units) == reached(graph, units)
    earlier = {(item.source, item.target) for item in network.edges if item.kind == "earlier"}
    joints = {joint.id for joint in network.joints}
    assert earlier == {
        (start, end)
        for node in delayed
        for start in graph.predecessors(node)
        for end in next_of(graph, node, units | joints)
    }


def reached(graph: nx.DiGraph, units: set[str]) -> set[tuple[str, str]]:
    """The pairs of units of which one feeds the other, with no unit between."""
    return {(start, end) for start in units & set(graph) for end in next_of(graph, start, units)}


def next_of(graph: nx.DiGraph, start: str, ends: set[str]) -> set[str]:
    """The first of ``ends`` on every way that leads on from a node."""
    found, waiting, seen = set(), list(graph.successors(start)), set()
    while waiting:
        node = waiting.pop()
        if node in ends:
            found.add(node)
        elif node not in seen:
            seen.add(node)
            waiting += graph.successors(node)
    return found


def fed_back(model: Model) -> set[tuple[int, int]]:
    """The blocks that delayed nodes lead from and to, by the nodes of the picture and the wires that leave them."""
    graph = nx.DiGraph(model.graph)
    blocks = dict(graph.nodes(data="block"))
    units = {node for node, kind in graph.nodes(data="kind") if kind == "unit"}
    delayed = [node for node, kind in graph.nodes(data="kind") if kind == "delayed"]
    return {
        (blocks[start], blocks[end])
        for node in delayed
        for start in graph.predecessors(node)
        for end in next_of(graph, node, units)
    }


@pytest.mark.parametrize("name", sorted(MODELS))
def test_flows_are_the_edges_of_the_block_graph(name: str) -> None:
    model = MODELS[name]
    network = find_network(model)
    graph = set(model.spec.graph.edges())
    assert {(flow.source, flow.target) for flow in network.flows if not flow.is_earlier} == graph
    # What is fed back is no edge of that graph: it is what each block's operands read of earlier steps.
    earlier = {(flow.source, flow.target) for flow in network.flows if flow.is_earlier}
    assert earlier == fed_back(model)
    rows = [layer.id for row in network.rows for layer in row.layers]
    assert sorted(rows) == sorted(layer.id for layer in network.layers)


def test_dot() -> None:
    text = str(draw(compile(PICTURE, "last.seq"), "dot"))
    assert text.startswith('digraph "last" {')
    assert re.findall(r"^  n(\d) -> n(\d)$", text, re.MULTILINE) == [
        ("0", "2"),
        ("1", "3"),
        ("3", "4"),
    ]
    assert re.findall(r'n(\d) -> n(\d) \[color="#c44e00"\]', text) == [("2", "3")]
    assert 'title1 [label="H: gru(2)  gru_h (2, 2)\\l"]' in text
    assert "{ rank=same; n2; n3; title1; n3 -> title1 [style=invis] }" in text


def test_dot_holds_the_order_of_a_row() -> None:
    """What state does not order from left to right, invisible edges do; state the other way moves nothing."""
    text = str(draw(compile("H<H<H\n| | |\nX X X\n\nH = gru(2)", "back.seq"), "dot"))
    for left, right in ("01", "12", "34", "45"):
        assert f"n{left} -> n{right} [style=invis]" in text
    assert re.findall(r"n(\d) -> n(\d) \[color=\S+ constraint=false\]", text) == [
        ("4", "3"),
        ("5", "4"),
    ]


def test_dot_draws_no_corners() -> None:
    text = str(draw(MODELS["autoencoder-reversed-state"], "dot"))
    assert text.count('label="h, c"') == 1
    assert "shape=point" not in text


def test_mermaid() -> None:
    text = str(draw(compile(PICTURE, "last.seq"), "mmd"))
    assert "flowchart BT\n" in text
    assert re.findall(r"^    n(\d) (\S+) n(\d)$", text, re.MULTILINE) == [
        ("0", "~~~", "1"),
        ("2", "-.->", "3"),
    ]
    assert 'subgraph layer1["H: gru(2) gru_h (2, 2)"]' in text
    assert 'layer2("Y: dense(4)<br>dense_y → y (4,)")' in text
    assert "layer0 --> layer1" in text
    assert 'layer1 -->|"last step"| layer2' in text


@pytest.mark.parametrize("name", sorted(MODELS))
def test_no_link_of_mermaid_leaves_a_subgraph(name: str) -> None:
    """Mermaid ignores the direction of a subgraph if one does, and draws time upward."""
    inside: dict[str, str] = {}
    layer = ""
    for line in str(draw(MODELS[name], "mmd")).splitlines():
        if match := re.match(r"  (?:subgraph )?(layer\d+)[\[(]", line):
            layer = match[1]
        elif match := re.match(r"    (\w+)\(", line):
            inside[match[1]] = layer
        elif match := re.match(r"    (\w+) \S+ (\w+)", line):
            assert inside[match[1]] == inside[match[2]] == layer
        elif "-->" in line or "-.->" in line:
            assert re.fullmatch(r'  layer\d+ \S+?(\|".*"\|)? layer\d+', line)


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        ("    Y\n    |\nX X X\n\nY = dense(2)", "last step"),
        ("Y\n|\nX X X\n\nY = dense(2)", "first step"),
        ("  Y\n  |\nX X X\n\nY = dense(2)", "step 2"),
        ("  Y Y\n  | |\nX X X\n\nY = dense(2)", "last 2 steps"),
        ("Y   Y\n|   |\nX X X X\n\nY = dense(2)", "stride 2"),
        ("Y Y Y\n| | |\nX X X\n\nY = dense(2)", ""),
        ("  Y\n+-+-+\n| | |\nX X X\n\nY = mean", "all steps"),
        ("        Y\n        |\nX ..n.. X\n\nY = dense(2)", "last step"),
        (
            "        Y\n        |\nH-H-H---+\n| | |\nX X X\n\nH = gru(2)\nY = dense(2)",
            "final state",
        ),
    ],
)
def test_what_is_read_of_a_sequence(picture: str, text: str) -> None:
    assert find_network(compile(picture)).flows[-1].text == text


def test_quoting() -> None:
    assert dot_writer.quoted(EVIL) == '"a\\"]; end\\n--> <script>`\\\\"'
    assert mermaid_writer.quoted(EVIL) == ('"a#34;#93;#59; end#10;--#62; #60;script#62;#96;#92;"')


def test_elided_steps_are_dots() -> None:
    model = compile("H ..n.. H\n|       |\nX ..n.. X\n\nH = gru(2)")
    for form in ("dot", "mmd"):
        assert str(draw(model, form)).count("…") == 2


def test_long_rows_are_cut() -> None:
    wires, nodes = " ".join("|" * 60), " ".join("O" * 60)
    model = compile(f"{nodes}\n{wires}\n{nodes}")
    for form in ("dot", "mmd"):
        text = str(draw(model, form))
        assert text.count("… 54 more …") == 2
        assert text.count("dense") < 20


def test_large_pictures_are_told_by_their_layers() -> None:
    wires, nodes = " ".join("|" * 8), " ".join("O" * 8)
    rows = MOST_UNITS // 8
    network = find_network(compile("\n".join([nodes] + [wires, nodes] * rows)))
    assert not network.edges and not any(layer.vertices for layer in network.layers)
    assert [(f.source, f.target) for f in network.flows] == [(i, i + 1) for i in range(rows)]
    text = dot_writer.to_dot(network)
    assert text.count("fillcolor") == rows + 1 and "layer0 -> layer1" in text


CONV = "K K K K\n| | | |\nX X X X\n\nX = input(2)\nK = conv(3, {})"


@pytest.mark.parametrize(
    ("arguments", "text", "first", "last"),
    [
        ("3", "window of 3", {"n1"}, {"n2"}),
        ("2, padding=causal", "causal window of 2", set(), {"n2"}),
        ("2, dilation=2", "window of 2, dilation 2", {"n1"}, {"n2"}),
        ("1", "", set(), set()),
    ],
)
def test_windows(arguments: str, text: str, first: set[str], last: set[str]) -> None:
    """The wires of a convolution lead to the centers of its windows; what else they read is told, too."""
    model = compile(CONV.format(arguments))
    dot = str(draw(model, "dot"))
    thin = re.findall(r"(n\d+) -> (n\d+) \[.*arrowhead=none, constraint=false\]", dot)
    assert {source for source, target in thin if target == "n4"} == first
    assert {source for source, target in thin if target == "n7"} == last
    label = f'|"{text}"|' if text else ""
    assert f"layer0 -->{label} layer1" in str(draw(model, "mmd"))


def test_windows_past_other_rows_are_words() -> None:
    model = MODELS["text-cnn"]
    kinds = [edge.text for edge in find_network(model).edges if edge.text]
    assert kinds == ["window of 3", "window of 4"]


def test_strides_are_told_with_their_windows() -> None:
    assert '|"window of 3, stride 2"|' in str(draw(MODELS["strided-convolution"], "mmd"))


def test_mermaid_reads_layers_from_left_to_right() -> None:
    """The encoder first, then the words of the decoder: Mermaid puts what it reads first on the left, where it may."""
    lines = str(draw(MODELS["translation"], "mmd")).splitlines()
    assert lines.index('  layer4 -.->|"h, c"| layer5') < lines.index("  layer3 --> layer5")
