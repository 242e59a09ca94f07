"""Topologies and qualifiers, from links made by hand and from pictures."""

from __future__ import annotations

import json

import pytest

from seqdsl.analysis.links import Link, LinkKind, Run, Shape
from seqdsl.analysis.topology import Paths, differs, is_residual, model_topology, stacked
from seqdsl.model.topology import Topology
from tests.lowering.pictures import compiled

VECTOR = Shape(None)


def wire(source: int, target: int, *runs: tuple[int, int, int, int]) -> Link:
    return Link(source, target, LinkKind.WIRE, tuple(Run(*run) for run in runs))


def bus(source: int, target: int) -> Link:
    return Link(source, target, LinkKind.BUS)


HALVES = [
    wire(0, 1, (0, 3, 0, 1)),
    wire(0, 2, (0, 3, 3, 1)),
    wire(1, 3, (0, 1, 2, 1)),
    wire(2, 3, (1, 1, 2, 1)),
]

# Blocks are numbered from 0; the input is the first, the output the last. A run: at, count, start, stride.
PAIRS = [
    ("one-to-one", [VECTOR, VECTOR], [wire(0, 1, (0, 1, 0, 1))]),
    ("one-to-many", [VECTOR, Shape(5)], [bus(0, 1)]),
    ("one-to-many", [VECTOR, Shape(5)], [wire(0, 1, (0, 1, 0, 1))]),
    ("many-to-one", [Shape(5), VECTOR], [wire(0, 1, (0, 1, 4, 1))]),
    ("many-to-one", [Shape(5), VECTOR], [bus(0, 1)]),
    ("many-to-many aligned", [Shape(5), Shape(5)], [wire(0, 1, (0, 5, 0, 1))]),
    ("many-to-many aligned", [Shape(2), Shape(2)], [wire(0, 1, (0, 1, 0, 1), (1, 1, 1, 1))]),
    (
        "many-to-many aligned",
        [Shape(5), Shape(5, True), Shape(5)],
        [wire(0, 1, (0, 5, 0, 1)), wire(1, 2, (0, 5, 0, 1))],
    ),
    (
        "many-to-many aligned",
        [Shape(4), Shape(6), Shape(4)],
        [wire(0, 1, (1, 4, 0, 1)), wire(1, 2, (0, 4, 1, 1))],
    ),
    ("graph", [Shape(5), Shape(5)], [wire(0, 1, (0, 5, 4, -1))]),
    ("graph", [Shape(5), Shape(5)], [wire(0, 1, (1, 4, 0, 1))]),
    ("graph", [Shape(3), Shape(3)], [wire(0, 1, (0, 2, 0, 2), (2, 1, 2, 1))]),
    ("many-to-many last N", [Shape(6), Shape(3)], [wire(0, 1, (0, 3, 3, 1))]),
    ("graph", [Shape(6), Shape(3)], [wire(0, 1, (0, 3, 0, 1))]),
    ("graph", [Shape(6), Shape(3)], [wire(0, 1, (0, 3, 1, 2))]),
    (
        "many-to-many padded",
        [Shape(3), Shape(6, True), Shape(3)],
        [wire(0, 1, (0, 3, 0, 1)), wire(1, 2, (0, 3, 3, 1))],
    ),
    (
        "many-to-many padded",
        [Shape(3), Shape(6, True), Shape(4)],
        [wire(0, 1, (0, 3, 0, 1)), wire(1, 2, (0, 4, 2, 1))],
    ),
    (
        "graph",
        [Shape(3), Shape(6, False), Shape(3)],
        [wire(0, 1, (0, 3, 0, 1)), wire(1, 2, (0, 3, 3, 1))],
    ),
    (
        "graph",
        [Shape(3), Shape(6, True), Shape(2)],
        [wire(0, 1, (0, 3, 0, 1)), wire(1, 2, (0, 2, 0, 1))],
    ),
    ("encoder-decoder", [Shape(6), VECTOR, Shape(3)], [wire(0, 1, (0, 1, 5, 1)), bus(1, 2)]),
    ("encoder-decoder", [Shape(6), Shape(3)], [wire(0, 1, (0, 1, 5, 1))]),
    ("encoder-decoder", [Shape(6), Shape(3)], [Link(0, 1, LinkKind.STATE)]),
    ("encoder-decoder", [Shape(6), Shape(3)], [Link(0, 1, LinkKind.MEMORY)]),
    (
        "many-to-many aligned",
        [Shape(3), VECTOR, Shape(3)],
        [wire(0, 1, (0, 1, 2, 1)), bus(1, 2), wire(0, 2, (0, 3, 0, 1))],
    ),
    # One step to all by a bus is one value; one step to one step is its own.
    ("encoder-decoder", [Shape(1), Shape(3)], [bus(0, 1)]),
    ("many-to-many aligned", [Shape(1), Shape(1)], [wire(0, 1, (0, 1, 0, 1))]),
    # Two chains over halves of the input: each end is an output step.
    ("graph", [Shape(6), Shape(3, True), Shape(3, True), Shape(2)], HALVES),
    # A recurrent row joins the ends, but they stay two values, of different steps.
    ("graph", [Shape(6), Shape(3, True), Shape(3, True), Shape(2, True)], HALVES),
    # The same steps through two chains, each with a step of the output.
    ("graph", [Shape(3), Shape(3, True), Shape(3, True), Shape(2)], [
        wire(0, 1, (0, 3, 0, 1)), wire(0, 2, (0, 3, 0, 1)), wire(1, 3, (0, 1, 2, 1)), wire(2, 3, (1, 1, 2, 1)),
    ]),
    # Two values of all steps, both to all steps: a state for each of two layers.
    ("encoder-decoder", [Shape(3), Shape(3, True), Shape(3, True), Shape(2, True), Shape(2, True)], [
        wire(0, 1, (0, 3, 0, 1)), wire(1, 2, (0, 3, 0, 1)), wire(3, 4, (0, 2, 0, 1)),
        Link(1, 3, LinkKind.STATE), Link(2, 4, LinkKind.STATE),
    ]),
    # Sentence vectors into one value of the whole, and that into a decoder.
    ("encoder-decoder", [Shape(6), Shape(3, True), Shape(3, True), Shape(2, True), VECTOR, Shape(4, True)], [
        *HALVES, wire(3, 4, (0, 1, 1, 1)), bus(4, 5),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("topology", "shapes", "links"), PAIRS)
def test_pairs(topology: str, shapes: list[Shape], links: list[Link]) -> None:
    assert Paths(shapes, links, range(len(shapes))).topology(0, len(shapes) - 1) == topology


MODELS = [
    ([("one-to-one", False)], "one-to-one"),
    ([("many-to-one", True), ("many-to-one", True)], "many-to-one"),
    ([("many-to-one", True), ("many-to-many aligned", True)], "graph"),
    ([("many-to-one", True), ("encoder-decoder", True)], "encoder-decoder"),
    ([("one-to-many", False), ("many-to-many aligned", True)], "many-to-many aligned"),
    ([("one-to-many", False), ("one-to-one", False)], "graph"),
]


@pytest.mark.parametrize(("pairs", "topology"), MODELS)
def test_models(pairs: list[tuple[str, bool]], topology: str) -> None:
    named = [(Topology(name), is_sequence) for name, is_sequence in pairs]
    assert model_topology(named) is Topology(topology)


CHAIN = [Shape(4), Shape(4, True), Shape(4, True), Shape(4, True)]


def test_stacks() -> None:
    links = [wire(n, n + 1, (0, 4, 0, 1)) for n in range(3)]
    assert stacked(CHAIN, links, range(4)) == 3
    assert stacked(CHAIN, [links[0], bus(1, 2), links[2]], range(4)) == 2
    assert stacked([CHAIN[0], CHAIN[1], VECTOR, CHAIN[3]], links, range(4)) == 1
    assert stacked([CHAIN[0], CHAIN[1], Shape(4), CHAIN[3]], links, range(4)) == 2
    assert stacked(CHAIN[:1], [], range(1)) == 0


def test_residual() -> None:
    straight = [wire(0, 1), wire(1, 2)]
    assert not is_residual([2], straight)
    assert is_residual([2], [*straight, wire(0, 2)])
    assert not is_residual([], [*straight, wire(0, 2)])
    assert not is_residual([2], [wire(0, 2), wire(1, 2)])


def test_shared_weights_need_two_places() -> None:
    assert differs({1: frozenset({0}), 2: frozenset({5})}, {1: 1, 2: 1})
    assert differs({1: frozenset({0}), 2: frozenset({0})}, {1: 1, 2: 3})
    assert not differs({1: frozenset({0}), 2: frozenset({0})}, {1: 1, 2: 1})


X, H = "X = input(4)", "H = lstm(4)"

PICTURES = [
    ("one-to-one", (), "Y\n|\nX", [X]),
    ("one-to-many", (), "Y Y Y\n| | |\n+-+-+\n|\nX", [X, "Y = lstm(3)"]),
    ("many-to-one", (), "    Y\n    |\nX X X", [X]),
    ("many-to-many aligned", (), "Y Y Y\n| | |\nX X X", [X]),
    ("many-to-many last N", (), "  Y Y\n  | |\nH H H\n| | |\nX X X", [X, H]),
    ("many-to-many padded", (), "    Y Y\n    | |\nH-H-H-H\n| |\nX X", [X, H]),
    ("many-to-many padded", (), "  Y Y Y\n  | | |\nH-H-H-H\n| |\nX X", [X, H]),
    ("encoder-decoder", ("state handoff",), "    Y Y\n    | |\nE-E-D-D\n| |\nX X", [X, "E = gru(4)", "D = gru(4)"]),
    ("encoder-decoder", (), "    D D\n    | |\n    +-+\n    |\nH-H-H\n| | |\nX X X", [X, H, "D = gru(4)"]),
    ("graph", (), "Y Y\n| |\nX X X", [X]),
    ("many-to-many aligned", ("stacked 2",), "H H\n| |\nG G\n| |\nX X", [X, H, "G = gru(4)"]),
    ("many-to-many aligned", ("bidirectional",), "H=H\n| |\nX X", [X, H]),
    ("many-to-many aligned", ("residual",), "A   A\n|\\  |\\\nD | D |\n|/  |/\nX   X", [X, "D = dense(4)", "A = add"]),
    ("many-to-many aligned", ("shared weights",), "D D\n| |\nD D\n| |\nX X", [X, "D = dense(4, relu)"]),
    ("many-to-many aligned", ("convolutional",), "Y Y Y\n|/|/|\nX X X", [X]),
    ("many-to-many aligned", ("convolutional",), "Y Y Y\n| | |\nX X X", [X, "Y = conv(2, 3)"]),
    ("many-to-many aligned", ("attention",), "Y Y Y\n| | |\n+-+-+\n| | |\nX X X", [X, "Y = attention"]),
    ("many-to-many aligned", ("variable length",), "H ... H\n|     |\nX ... X", [X, H]),
    ("many-to-many aligned", (), "H ..n.. H\n|       |\nX ..n.. X", [X, H, "n = 5"]),
    ("graph", (), "  Y   Y\n  |   |\nH-H H-H\n| | | |\nX X X X", [X, H]),
    ("encoder-decoder", (), "D D D\n| | |\n+-+-+\n|\nX ..n..", [X, "n = 1", "D = gru(4)"]),
    ("many-to-one", ("variable length",), "        H\n        |\nX ..n.. X", [X, "H = dense(2)"]),
]  # fmt: skip


@pytest.mark.parametrize(("topology", "qualifiers", "picture", "definitions"), PICTURES)
def test_pictures(
    topology: str, qualifiers: tuple[str, ...], picture: str, definitions: list[str]
) -> None:
    model = compiled(picture, *definitions)
    assert (model.topology, model.qualifiers) == (topology, qualifiers)


def test_every_pair_is_listed() -> None:
    model = compiled("Y Y   Z\n| |   |\nX X   W", X, "W = input(2)")
    assert [(pair.input, pair.output, pair.topology) for pair in model.spec.pairs] == [
        ("x", "y", "many-to-many aligned"),
        ("w", "z", "one-to-one"),
    ]
    assert model.n == (2, 1)


def test_a_topology_is_shown_by_its_name() -> None:
    shown = Topology.ALIGNED
    assert (str(shown), f"{shown}", ", ".join([shown])) == ("many-to-many aligned",) * 3
    assert json.dumps([shown]) == '["many-to-many aligned"]'


def test_a_compiled_model_tells_plain_text() -> None:
    model = compiled("Y\n|\nX", "X = input(4)", "Y = dense(1)")
    assert repr(model.topology) == "'one-to-one'"
