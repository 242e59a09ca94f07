"""The step graph: which unit reaches which, in small pictures and in the examples."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import seqdsl
from tests.compiled import compiled
from tests.picture.drawing import rows

EXAMPLES = Path(__file__).parents[2] / "examples"


def graph_of(picture: str) -> nx.DiGraph:
    return seqdsl.compile(rows(picture)).graph


def example(name: str) -> nx.DiGraph:
    path = EXAMPLES / f"{name}.seq"
    return seqdsl.compile(path.read_bytes(), path.name).graph


def named(graph: nx.DiGraph) -> dict[str, int]:
    """Every unit by its letter and its place in its row: ``H2`` is the third of a row."""
    found: dict[str, int] = {}
    seen: dict[tuple[str, int], int] = {}
    for node, facts in graph.nodes(data=True):
        if facts["kind"] == "unit":
            key = (facts["letter"], facts["line"])
            seen[key] = seen.get(key, -1) + 1
            found.setdefault(f"{facts['letter']}{seen[key]}", node)
    return found


def seen_by(graph: nx.DiGraph) -> dict[int, set[int]]:
    """For every output unit, by its place in the row: the places of the inputs it depends on."""
    units = {n: facts for n, facts in graph.nodes(data=True) if facts["kind"] == "unit"}
    bottom, top = (choose(facts["line"] for facts in units.values()) for choose in (max, min))
    inputs = [node for node, facts in units.items() if facts["line"] == bottom]
    outputs = [node for node, facts in units.items() if facts["line"] == top]
    return {
        place: {inputs.index(node) for node in nx.ancestors(graph, output) & set(inputs)}
        for place, output in enumerate(outputs)
    }


def every(count: int, seen: set[int]) -> dict[int, set[int]]:
    return dict.fromkeys(range(count), seen)


ALL = {3: {0, 1, 2}, 4: {0, 1, 2, 3}, 5: set(range(5)), 6: set(range(6))}

REACH = [
    ("one-to-one", {0: {0}}),
    ("one-to-many", every(5, {0})),
    ("one-to-many-first-step", every(5, {0})),
    ("many-to-one", {0: ALL[6]}),
    ("many-to-many-aligned", {step: set(range(step + 1)) for step in range(6)}),
    ("many-to-many-last-3", {step: set(range(step + 4)) for step in range(3)}),
    ("many-to-many-padded", every(3, ALL[3])),
    ("encoder-decoder", every(3, ALL[6])),
    ("translation", {step: set(range(7 + step)) for step in range(5)}),
    ("bidirectional-tagger", every(5, ALL[5])),
    ("bidirectional-final-state", {0: ALL[5]}),
    ("stacked", {0: ALL[5]}),
    ("residual", {step: set(range(step + 1)) for step in range(3)}),
    ("causal-convolution", {0: {0}} | {step: {step - 1, step} for step in range(1, 6)}),
    ("captioning", {step: set(range(step + 2)) for step in range(4)}),
    ("attention-decoder", {step: set(range(4 + step)) for step in range(3)}),
    ("self-attention", every(4, ALL[4])),
    ("composite-autoencoder", every(7, ALL[4])),
    ("two-heads", {0: ALL[5]}),
    ("siamese", {0: ALL[6]}),
    ("flatten", {0: ALL[5]}),
]


@pytest.mark.parametrize(("name", "seen"), REACH, ids=[item[0] for item in REACH])
def test_what_each_output_step_depends_on(name: str, seen: dict[int, set[int]]) -> None:
    assert seen_by(example(name)) == seen


def test_a_state_wire_is_an_edge_in_its_direction() -> None:
    for symbol, wanted in ((">", {(0, 1)}), ("<", {(1, 0)}), ("=", {(0, 1), (1, 0)})):
        graph = graph_of(f"H{symbol}H\n| |\nX X\nX = input(2)\nH = rnn(3)")
        at = named(graph)
        edges = graph.edges(data="kind")
        assert {(left, right) for left, right, kind in edges if kind == "state"} == {
            (at[f"H{left}"], at[f"H{right}"]) for left, right in wanted
        }


# Each edge between units, by letter and place: `-` for a wire, `~` for state.
EDGES = [
    ("H H H\n| | |\nX X X\nH = gru(2)", "X0-H0 X1-H1 X2-H2 H0~H1 H1~H2"),
    ("H-H H\n| | |\nX X X\nH = gru(2)", "X0-H0 X1-H1 X2-H2 H0~H1"),
    ("Y Y Y\n| | |\nX X X\nY = dense(2)", "X0-Y0 X1-Y1 X2-Y2"),
    ("E-D\n| |\nX Z\nE = gru(2)\nD = gru(2)", "X0-E0 Z0-D0 E0~D0"),
    ("D<E\n| |\nX Z\nE = gru(2)\nD = gru(2)", "X0-D0 Z0-E0 E0~D0"),
    (
        "E=E-D-D\n| | | |\nX X Z Z\nE = gru(2)\nD = gru(4)",
        "X0-E0 X1-E1 Z0-D0 Z1-D1 E0~E1 E1~E0 E0~D0 E1~D0 D0~D1",
    ),
]


@pytest.mark.parametrize(("picture", "wanted"), EDGES)
def test_edges(picture: str, wanted: str) -> None:
    graph = graph_of(picture)
    names = {node: name for name, node in named(graph).items()}
    found = {
        f"{names[left]}{'~' if kind == 'state' else '-'}{names[right]}"
        for left, right, kind in graph.edges(data="kind")
    }
    assert found == set(wanted.split())


def test_a_bus_and_a_final_state_are_nodes() -> None:
    graph = example("bidirectional-final-state")
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    assert (kinds.count("unit"), kinds.count("junction"), kinds.count("state")) == (11, 1, 1)
    state = next(node for node, kind in graph.nodes(data="kind") if kind == "state")
    # Both ends of the bidirectional row: where the forward state ends, and the backward one.
    assert {graph.nodes[node]["column"] for node in graph.predecessors(state)} == {1, 9}


def test_units_say_what_and_where_they_are() -> None:
    graph = example("one-to-one")
    assert graph.nodes[0] == {
        "kind": "unit",
        "letter": "O",
        "layer": "input",
        "block": 0,
        "line": 3,
        "column": 1,
    }
    assert graph.edges[0, 1] == {"kind": "wire", "side": "|"}


def test_sides() -> None:
    graph = graph_of("  Y\n /|\\\nX X X\nY = dense(2)")
    sides = [graph.edges[node, 3]["side"] for node in range(3)]
    assert sides == ["/", "|", "\\"]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.seq")), ids=lambda path: path.stem)
def test_only_bidirectional_chains_make_cycles(path: Path) -> None:
    for model in compiled(path):
        assert nx.is_directed_acyclic_graph(model.graph) == (
            "bidirectional" not in model.qualifiers
        )
