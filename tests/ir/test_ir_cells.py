"""Cells as equations: they compute what the oracle's cells do, and their weights are those that are counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seqdsl.analysis.parameter_counts import count_weights, layer_counts
from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.activations import function
from seqdsl.cells.cell import Cell, CellError
from seqdsl.cells.evaluate import step
from seqdsl.cells.widths import weight_shapes
from seqdsl.ir import parse
from seqdsl.ir.cells import built_in
from seqdsl.ir.layers import layer_type, layer_weights
from seqdsl.ir.text.cells import cell_lines
from seqdsl.ir.text.errors import IrSyntaxError
from seqdsl.layers import Kind, all_layers, layer_def
from seqdsl.size import Size
from seqdsl.verify.oracle import cells as oracle
from seqdsl.verify.oracle.functions import FUNCTIONS
from tests.ir.graphs import CHUNKS, drawn, random_graphs

CELLS = built_in()
# Cells of convolutions are compared as layers: tests/layers/test_layers_records.py.
FLAT = sorted(kind for kind, cell in CELLS.items() if not cell.takes_images)
WIDTH, UNITS, BATCH, STEPS = 5, 4, 3, 6
PROJECTION = 2

MGU = """
cell mgu(units) {
  f = sigmoid(dense(x, h))
  n = tanh(dense(x, f * h))
  h = (1 - f) * h + f * n
}
"""
PEEPHOLE = """
cell peephole(units, gate=sigmoid, leak=0.5) {
  i, f = split(dense(x, h, c, features=2 * units), 2)
  c = gate(f) * c + gate(i) * tanh(dense(dropout(x, leak), h, bias=false)) / 2 - 0.1
  h = gate(dense(x, c)) * relu(c - (h - c))
}
"""


def read(text: str) -> Cell:
    """The cell of a text, which has to be applied somewhere to be in a graph."""
    name = text.partition("(")[0].strip().removeprefix("cell ")
    graph = parse(
        f"""model m {{ {text}
        layer @h = {name}(units=4, bidirectional=false) : 5 -> 4
        %x = placeholder input() : float32[6, 5]
        %h = scan @h(%x) : float32[6, 4] }}"""
    )
    return graph.cells[name]


def random_weights(cell: Cell, arguments: dict[str, object]) -> dict[str, Any]:
    generator = np.random.default_rng(3)
    sized = {"units": Size.of(UNITS), "projection": Size.of(PROJECTION), **arguments}
    shapes = weight_shapes(cell, Size.of(WIDTH), sized)
    return {
        name: generator.standard_normal([size.value({}) for size in shape])
        for name, shape in shapes.items()
    }


@pytest.mark.parametrize("kind", FLAT)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("words", [{}, {"activation": "softmax", "recurrent_activation": "selu"}])
def test_a_built_in_cell_is_the_oracles(kind: str, bias: bool, words: dict[str, object]) -> None:
    cell, arguments = CELLS[kind], {**words, "bias": bias, "dropout": 0.5}
    weights = random_weights(cell, arguments)
    biases = [weights[name] for name in weights if "bias" in name] if bias else [np.zeros(1)]
    # The reset gate of a GRU stands between its two biases.
    both = np.stack(biases * (1 if bias else 2)) if kind == "gru" else biases[0]
    activation = FUNCTIONS[str(words.get("activation", "tanh"))]
    gate = FUNCTIONS[str(words.get("recurrent_activation", "sigmoid"))]
    matrices = weights["kernel"], weights["recurrent_kernel"], both
    projection = weights.get("projection_kernel")
    reference = oracle.Cell(*matrices, activation, gate, projection=projection)
    generator = np.random.default_rng(5)
    # h is what is projected, and comes first.
    wide = [UNITS if projection is None else PROJECTION] + [UNITS] * (len(cell.states) - 1)
    state = tuple(generator.standard_normal((BATCH, width)) for width in wide)
    expected = state
    plain = kind.removeprefix("projected_")
    assert len(cell.states) == oracle.STATES[plain]
    for _ in range(STEPS):
        x = generator.standard_normal((BATCH, WIDTH))
        output, state = step(cell, arguments, weights, x, state)
        expected = oracle.STEPS[plain](reference, x, expected)
        np.testing.assert_allclose(output, expected[0], rtol=1e-12)
        for one, other in zip(state, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("word", ACTIVATIONS)
def test_activations_are_the_oracles(word: str) -> None:
    cell = read(f"cell mine(units) {{ h = {word}(dense(x, h)) }}")
    weights = random_weights(cell, {})
    x, h = np.full((2, WIDTH), 2.0), np.linspace(-40, 40, 2 * UNITS).reshape(2, UNITS)
    output, _ = step(cell, {}, weights, x, (h,))
    total = x @ weights["kernel_1_1"] + h @ weights["kernel_1_2"] + weights["bias_1"]
    np.testing.assert_allclose(output, FUNCTIONS[word](total), rtol=1e-9, atol=1e-12)


def test_there_are_no_other_words() -> None:
    others = FUNCTIONS.keys() - set(ACTIVATIONS)
    for word in [*others, "square"]:
        with pytest.raises(KeyError):
            function(word)


def counts(kind: str, width: Size, arguments: dict[str, Any]) -> dict[str, Size]:
    """How many weights the equations have: PyTorch keeps a bias for each matrix."""
    cell, total = CELLS[kind], Size.of(0)
    shapes = weight_shapes(cell, width, arguments)
    for shape in shapes.values():
        total += shape[0] if len(shape) == 1 else shape[0] * shape[1]
    more = Size.of(0)
    for dense in cell.denses():
        if dense.weights[-1] in shapes and arguments["bias"] is not False:
            more += shapes[dense.weights[-1]][0] * (len(dense.operands) - 1)
    ways = 2 if arguments.get("bidirectional") else 1
    return {"keras": total * ways, "torch": (total + more) * ways}


@pytest.mark.parametrize("kind", FLAT)
@pytest.mark.parametrize("bias", [None, False])
@pytest.mark.parametrize("bidirectional", [True, False])
def test_the_number_of_weights_follows(kind: str, bias: bool | None, bidirectional: bool) -> None:
    width, units = Size.of("features"), Size.of("units")
    arguments: dict[str, Any] = {"units": units, "bias": bias, "bidirectional": bidirectional}
    plain, given = kind.removeprefix("projected_"), units
    if plain != kind:
        # What it gives is as wide as its projection.
        given = arguments["projection"] = Size.of("narrow")
    assert counts(kind, width, arguments) == count_weights(plain, width, given, arguments)


def check_layers(graphs: Any) -> int:
    """Named weights are as many as the compiler counts for Keras, whose names they have."""
    checked = 0
    for graph in graphs:
        for layer in graph.layers:
            shapes = layer_weights(layer, CELLS)
            total = Size.of(0)
            for shape in shapes.values():
                size = Size.of(1)
                for side in shape:
                    size *= side
                total += size
            assert total == layer_counts(layer)["keras"]
            checked += bool(shapes)
    return checked


def test_layers_of_drawn_pictures() -> None:
    assert check_layers(drawn()) > 200


@pytest.mark.parametrize("chunk", range(2))
def test_layers_of_random_pictures(chunk: int) -> None:
    assert check_layers(graph for _, graph in random_graphs(chunk, CHUNKS * 40, 0)) > 40


LAYERS = sorted(name for name, item in all_layers().items() if not item.is_end)


@pytest.mark.parametrize("kind", LAYERS)
def test_layers_take_what_the_language_lets_them_take(kind: str) -> None:
    known, signature = layer_type(kind, CELLS), layer_def(kind).signature
    assert known is not None
    # Which row is read by its letter, the operation says.
    taken = (item for item in signature.arguments if item.kind is not Kind.LETTER)
    assert known.arguments.keys() == {item.name for item in taken}


def test_inputs_and_outputs_are_no_layers() -> None:
    for name in all_layers().keys() - LAYERS:
        assert layer_type(name, CELLS) is None


@pytest.mark.parametrize("text", [MGU, PEEPHOLE])
def test_cells_of_others(text: str) -> None:
    """What is written as in a paper is printed with its weights, and reads back as the same cell."""
    cell = read(text)
    assert read("\n".join(cell_lines(cell))) == cell


def test_a_minimal_gated_unit() -> None:
    cell = read(MGU)
    assert cell.states == ("h",)
    weights = random_weights(cell, {})
    assert list(weights) == [
        *("kernel_1_1", "kernel_1_2", "bias_1"),
        *("kernel_2_1", "kernel_2_2", "bias_2"),
    ]
    generator = np.random.default_rng(1)
    x, h = generator.standard_normal((2, WIDTH)), generator.standard_normal((2, UNITS))
    a, b, c, d, e, g = weights.values()
    f = 1 / (1 + np.exp(-(x @ a + h @ b + c)))
    expected = (1 - f) * h + f * np.tanh(x @ d + (f * h) @ e + g)
    output, (state,) = step(cell, {}, weights, x, (h,))
    np.testing.assert_allclose(output, expected)
    np.testing.assert_allclose(state, expected)
    with pytest.raises(CellError, match="has 1 states, not 2"):
        step(cell, {}, weights, x, (h, h))


@pytest.mark.parametrize(
    ("equations", "message"),
    [
        ("h = tanh(dense(x, g))", "`g` is read and never assigned"),
        ("h = concat(x, h) * h", "features + units and units features are combined by `*`"),
        ("h = concat(dense(x), h)", "the state `h` has 2 * units features, not units"),
        ("h = dense(x, h) + dense(x, features=2 * units)", "are combined by `+`"),
        ("x = dense(x, h)", "`x` cannot be assigned"),
        ("units = dense(x, h)", "`units` cannot be assigned"),
        ("a, b = dense(x, h)", "several names take the parts of a `split`"),
        ("a, b = split(x, 3)", "2 names take 3 parts"),
        ("h = hyper(dense(x, h))", "`hyper` cannot be called"),
        ("h = dense(x, h, bias=units)", "`units` is not a parameter that can be used here"),
        ("h = dense(x, h, depth=3)", "`dense` has no argument `depth`"),
        ("h = dense(x, h, weights=[a])", "take a matrix each, and a bias"),
        ("h = dense(x, h) // 2", "values cannot be rounded"),
        ("h = -dense(x, h)", "a sign cannot be used here"),
        ("h = [dense(x, h)]", "this cannot be used in a cell"),
    ],
)
def test_errors(equations: str, message: str) -> None:
    with pytest.raises(IrSyntaxError) as error:
        read(f"cell mine(units) {{ {equations} }}")
    assert message in str(error.value)


def test_units_come_first() -> None:
    with pytest.raises(IrSyntaxError, match="the first parameter of a cell is its units"):
        read("cell mine(gate=tanh) { h = gate(dense(x, h)) }")
