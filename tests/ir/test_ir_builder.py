"""What is built without a picture is a graph, is what a picture of it means, and runs."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.builder import Builder
from seqdsl.ir.cells import built_in
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Slice, Step
from seqdsl.ir.graph import Graph
from seqdsl.ir.operations import StateMode, Use
from seqdsl.ir.problems import InvalidGraph
from seqdsl.ir.tensors import Tensor, concat, flatten, join, repeat
from seqdsl.layers import Combination
from seqdsl.size import Size
from seqdsl.targets import TRAINED, source
from seqdsl.verify.build import build
from tests.ir.graphs import ROOT


def forecast() -> Graph:
    b = Builder("forecast")
    units = b.parameter("units", 16)
    x = b.input("x", steps=6, features=8)
    h = b.lstm(x, units)
    b.output(b.dense(h.final, 3, activation="softmax"))
    return b.build()


def translation() -> Graph:
    b = Builder("translation")
    n, m = b.length("n", minimum=2), b.length("m", minimum=2)
    source, target = b.tokens("source", 40, n), b.tokens("target", 50, m)
    encoder = b.gru(b.embedding(source, 6), 5, name="encoder", direction=Direction.BIDIRECTIONAL)
    decoder = b.gru(b.embedding(target, 6), 10, name="decoder", initial=encoder)
    context = b.attention(decoder, encoder, heads=2)
    b.output(b.dense(concat(decoder, context), 50, activation="log_softmax"), "words")
    return b.build()


def mixed() -> Graph:
    b = Builder("mixed")
    x, static = b.input("x", steps=7, features=4), b.input("static", 3)
    c = b.conv(x, 6, kernel=3, activation="relu")
    d = b.conv(c, 6, kernel=3, padding="valid")
    e = b.merge(Combination.ADD, d, c[2:])
    normal = b.apply("layernorm", b.apply("dropout", e, rate=0.25), epsilon=0.001)
    start = b.dense(static, 5, bias=False)
    h = b.rnn(join(normal, normal[-1:]), 5, initial=start, direction=Direction.BACKWARD)
    wide = b.lstm(concat(h, repeat(static, h)), 4, direction=Direction.BIDIRECTIONAL)
    b.output(b.reduce(Combination.MAX, wide), "largest")
    b.output(flatten(h[1:3]), "some")
    b.output(h.final, "last")
    b.output(b.conv(x, 2, kernel=2, padding="causal", stride=2), "coarse")
    return b.build()


GRAPHS = [forecast, translation, mixed]


@pytest.mark.parametrize("built", GRAPHS)
def test_text_reads_back(built: Callable[[], Graph]) -> None:
    assert parse(str(built())) == built()


PICTURE = """
          Y   dense(3, softmax)
          |
O-O-O-O-O-O   lstm(units)
| | | | | |
X X X X X X   input(8)

units = 16
"""


def test_a_graph_is_what_its_picture_means() -> None:
    drawn, built = seqdsl.compile(PICTURE, "forecast.seq").ir, forecast()
    assert [node.operation for node in drawn.nodes] == [node.operation for node in built.nodes]
    assert [node.uses for node in drawn.nodes] == [node.uses for node in built.nodes]
    assert [layer.arguments for layer in drawn.layers] == [item.arguments for item in built.layers]
    assert drawn.outputs[0].shape == built.outputs[0].shape


CONVOLVED = """
O O O O O O   conv(5, 4, {padding}dilation={dilation})
| | | | | |
X X X X X X   input(8)
"""


@pytest.mark.parametrize(("padding", "dilation"), [("same", 1), ("same", 2), ("causal", 1)])
def test_convolutions_are_those_of_pictures(padding: str, dilation: int) -> None:
    said = "padding=causal, " if padding == "causal" else ""
    drawn = seqdsl.compile(CONVOLVED.format(padding=said, dilation=dilation), "conv.seq").ir
    b = Builder("conv")
    x = b.input("x", steps=6, features=8)
    b.output(b.conv(x, 5, kernel=4, padding=padding, dilation=dilation))
    assert b.build().nodes[1].operation == drawn.nodes[1].operation


def test_cuts() -> None:
    n = Size.of("n")
    b = Builder("cuts")
    x = b.input("x", steps=b.length("n", minimum=5), features=2)
    value = x.expression
    assert x[2].expression == Step(value, Size.of(2), n)
    assert x[-1].expression == Step(value, n - 1, n)
    assert x[-3:].expression == Slice(value, n - 3, Size.of(3), 1, n)
    assert x[1:-1] == Tensor(Slice(value, Size.of(1), n - 2, 1, n), n - 2, Size.of(2))
    assert join(x, x[:2]).steps == n + 2 and flatten(x).features == 2 * n
    assert repeat(x[0], x).steps == n and concat(x, x).features == Size.of(4)


def test_uses_and_states() -> None:
    nodes = {node.name: node for node in translation().nodes}
    assert nodes["encoder"].uses == {Use.SEQUENCE, Use.STATE}
    decoder = nodes["decoder"].initial
    assert decoder is not None and decoder.mode is StateMode.JOINED


@pytest.mark.parametrize("built", GRAPHS)
@pytest.mark.parametrize("target", TRAINED)
def test_source(built: Callable[[], Graph], target: str) -> None:
    text = source(built(), target)
    ast.parse(text)
    head = ast.get_docstring(ast.parse(text))
    assert head is not None and head.endswith(f"model {built().name}.")
    assert "\n\n\n    Shapes" not in text and "    Shapes, without the batch:" in text


def outputs(graph: Graph, *arrays: Any) -> list[tuple[int, ...]]:
    """The shapes of what a PyTorch model of a graph gives."""
    model = build(source(graph, "torch"), graph.name)
    model.eval()
    found = model(*arrays)
    return [tuple(item.shape) for item in (found if isinstance(found, tuple) else (found,))]


def test_forecast_runs() -> None:
    from torch import randn

    assert outputs(forecast(), randn(2, 6, 8)) == [(2, 3)]


def test_translation_runs() -> None:
    from torch import randint

    source, target = randint(40, (2, 9)), randint(50, (2, 4))
    assert outputs(translation(), source, target) == [(2, 4, 50)]


def test_mixed_runs() -> None:
    from torch import randn

    shapes = outputs(mixed(), randn(3, 7, 4), randn(3, 3))
    assert shapes == [(3, 8), (3, 10), (3, 5), (3, 4, 2)]


def test_a_parsed_graph_runs() -> None:
    """A golden text is as good as the picture that it was printed of."""
    from torch import randn

    text = (ROOT / "tests" / "golden" / "ir" / "many-to-one.ir").read_text("utf-8")
    graph = parse(text)
    (x,) = graph.inputs
    shape = [size.value(graph.defaults) for size in x.shape]
    (y,) = graph.outputs
    assert outputs(graph, randn(2, *shape)) == [(2, *(s.value(graph.defaults) for s in y.shape))]


def test_nothing_is_generated_of_what_is_no_graph() -> None:
    text = str(forecast()).replace("%lstm.final", "%lstm")
    with pytest.raises(InvalidGraph):
        source(parse(text), "torch")


def test_what_cannot_be_built() -> None:
    b = Builder("wrong")
    x, v = b.input("x", steps=6, features=8), b.input("v", 8)
    for wrong in (
        lambda: v[0],
        lambda: flatten(v),
        lambda: x[::2],
        lambda: concat(x, x).final,
        lambda: b.embedding(x, 3),
        lambda: b.conv(x, 3, kernel=3, padding="valid", stride=2),
        lambda: b.apply("magic", x),
    ):
        with pytest.raises(ValueError):
            wrong()
    b.output(b.merge(Combination.ADD, x, b.dense(v, 8)))
    with pytest.raises(InvalidGraph, match="a vector and a sequence are combined"):
        b.build()


def test_names_that_are_taken() -> None:
    b = Builder("names")
    x = b.input("class", 4)
    for _ in range(2):
        x = b.dense(x, 4)
    b.output(x)
    assert [node.name for node in b.build().nodes] == ["class_2", "dense", "dense_2"]


def test_a_cell_that_no_backend_knows() -> None:
    cell = replace(built_in()["rnn"], name="mine")
    b = Builder("own")
    b.output(b.scan(cell, b.input("x", steps=3, features=2), 4))
    graph = b.build()
    assert parse(str(graph)) == graph
    with pytest.raises(NotImplementedError, match="no backend generates the cell `mine`"):
        source(graph, "torch")
