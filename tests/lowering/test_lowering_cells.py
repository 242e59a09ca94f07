"""Cells of a file: what their equations become, and what is reported where they mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from seqdsl.cells.declare import declare
from seqdsl.cells.evaluate import step
from seqdsl.cells.schedule import schedule
from seqdsl.cells.text import cell_text
from seqdsl.ir import parse as parse_ir
from seqdsl.ir.cells import built_in
from seqdsl.pipeline import analyze
from seqdsl.size import Size
from seqdsl.syntax.document import parse
from seqdsl.syntax.equations import CellDefinition
from seqdsl.text.source import Source

PICTURE = """
  Y   dense(2)
  |
H-H   {call}
| |
X X   input(3)
"""
LSTM = """
cell by_hand(units):
    i = sigmoid(dense(x, h))
    f = sigmoid(dense(x, h))
    g = tanh(dense(x, h))
    o = sigmoid(dense(x, h))
    c = f * c + i * g
    h = o * tanh(c)
"""


GRU = """
cell by_hand(units):
    z = sigmoid(dense(x) + dense(h))
    r = sigmoid(dense(x) + dense(h))
    u = dense(h)
    n = tanh(dense(x) + r * u)
    h = z * h + (1 - z) * n
"""
RNN = "cell by_hand(units):\n    h = tanh(dense(x, h))\n"
# The weights of a built-in cell, and those by hand that stand side by side in each of them.
BUILT_IN = {
    "gru": (
        GRU,
        {
            "kernel": ("z_x", "r_x", "n_x"),
            "bias": ("z_bias", "r_bias", "n_bias"),
            "recurrent_kernel": ("z_h", "r_h", "u_h"),
            "recurrent_bias": ("z_bias_2", "r_bias_2", "u_bias"),
        },
    ),
    "rnn": (RNN, {"kernel": ("h_x",), "recurrent_kernel": ("h_h",), "bias": ("h_bias",)}),
}


def cell_of(text: str) -> CellDefinition:
    document, _ = parse(Source("cells.seq", text + PICTURE.format(call="by_hand(4)")), "cells")
    return document.cells[0]


def codes(text: str) -> list[str]:
    return [item.code for item in analyze(text, "cells.seq").diagnostics]


def test_an_lstm_by_hand_is_the_built_in_one() -> None:
    """Its weights are named after equations and values; side by side in the order of the gates they are an LSTM's."""
    cell, _ = declare(cell_of(LSTM))
    assert cell is not None
    random = np.random.default_rng(0)
    weights = {
        f"{gate}_{part}": random.standard_normal(shape)
        for gate in "ifgo"
        for part, shape in (("x", (3, 4)), ("h", (4, 4)), ("bias", (4,)))
    }
    joined = {
        there: np.concatenate([weights[f"{gate}_{here}"] for gate in "ifgo"], -1)
        for here, there in (("x", "kernel"), ("h", "recurrent_kernel"), ("bias", "bias"))
    }
    x, state = random.standard_normal((2, 3)), (random.standard_normal((2, 4)),) * 2
    units = {"units": Size.of(4)}
    by_hand = step(cell, units, weights, x, state)[1]
    lstm = step(built_in()["lstm"], units, joined, x, state)[1]
    assert np.allclose(by_hand, lstm, rtol=1e-12)
    # Another order of the gates is another cell.
    weights["i_x"] = weights["f_x"]
    assert not np.allclose(step(cell, units, weights, x, state)[1], lstm)


@pytest.mark.parametrize("kind", BUILT_IN)
def test_others_by_hand_are_the_built_in_ones(kind: str) -> None:
    text, parts = BUILT_IN[kind]
    cell, _ = declare(cell_of(text))
    assert cell is not None
    random = np.random.default_rng(0)
    rows = {"kernel": (3, 4), "recurrent_kernel": (4, 4)}
    weights = {
        name: random.standard_normal(rows.get(whole, (4,)))
        for whole, names in parts.items()
        for name in names
    }
    assert set(weights) == {name for item in cell.weighted() for name in item.weights}
    joined = {
        whole: np.concatenate([weights[name] for name in names], -1)
        for whole, names in parts.items()
    }
    x, state = random.standard_normal((2, 3)), (random.standard_normal((2, 4)),)
    units = {"units": Size.of(4)}
    wanted = step(built_in()[kind], units, joined, x, state)[1]
    assert np.allclose(step(cell, units, weights, x, state)[1], wanted, rtol=1e-12)
    # Each weight has a part in it.
    for name, value in weights.items():
        changed = step(cell, units, {**weights, name: value + 1}, x, state)[1]
        assert not np.allclose(changed, wanted), name


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
def test_a_built_in_cell_is_printed_as_a_file_has_it(kind: str) -> None:
    cell = built_in()[kind]
    printed = cell_text(cell)
    found, _ = declare(cell_of(printed.replace(f"cell {kind}(", "cell by_hand(")))
    assert found is not None
    assert cell_text(found) == printed.replace(f"cell {kind}(", "cell by_hand(")
    assert found.parameters == cell.parameters and found.carried == cell.carried


def test_two_dropouts_of_one_value_are_two_masks() -> None:
    """Products of one operand are computed as one matrix, unless each has a mask of its own."""
    line = "    {} = sigmoid(dense({}, h))\n"
    for operand, groups in (("x", 1), ("dropout(x, 0.1)", 2)):
        text = "cell by_hand(units):\n" + line.format("f", operand) + line.format("i", operand)
        cell, _ = declare(cell_of(text + "    h = f * i\n"))
        assert cell is not None
        assert len(schedule(cell).products) == groups


def test_the_canonical_form_has_no_bracket_that_changes_nothing() -> None:
    text = "cell by_hand(units,leak=.5):\n  h=((1-(leak))*(h))+(h-(x-h))-(-h)/2\n"
    lines = [line for _, line in cell_of(text).lines]
    assert lines[1:] == ["    h = (1 - leak) * h + (h - (x - h)) - -h / 2"]


def test_states_are_what_is_read_before_it_is_assigned() -> None:
    cell, _ = declare(cell_of(LSTM))
    assert cell is not None
    assert cell.states == ("h", "c")
    assert cell.output == "h"


def test_the_graph_of_a_cell_is_read_back() -> None:
    (model,) = analyze(LSTM + PICTURE.format(call="by_hand(4)"), "cells.seq").models
    assert parse_ir(str(model.spec.ir)) == model.spec.ir
    assert model.spec.counts == {"keras": 4 * (3 * 4 + 4 * 4 + 4) + 10, "torch": 138}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("h = tanh(dense(x, g))", "SEQ123"),
        ("x = tanh(dense(x, h))", "SEQ124"),
        ("h = tonh(dense(x, h))", "SEQ125"),
        ("h = tanh(dense(x, h, feature=3))", "SEQ126"),
        ("h = dropout(tanh(dense(x, h)), 2)", "SEQ126"),
        ("a, b = dense(x, h)", "SEQ126"),
        (f"h = {'(' * 30}h{')' * 30} + {'-' * 40}h", "SEQ127"),
        ("h = concat(dense(x), h)", "SEQ128"),
        # `x` has 3 features here, the state 4.
        ("h = x * h", "SEQ128"),
        ("h = tanh(dense(x))", "SEQ122"),
        ("h = tanh(dense(x, h)", "SEQ102"),
        ("lambda = tanh(dense(x, h))", "SEQ108"),
    ],
)
def test_what_is_wrong_with_equations(line: str, code: str) -> None:
    assert code in codes(f"cell by_hand(units):\n    {line}\n" + PICTURE.format(call="by_hand(4)"))


def test_an_x_as_wide_as_the_state_may_be_combined_with_it() -> None:
    text = "cell by_hand(units):\n    h = x * h + dense(x)\n" + PICTURE.format(call="by_hand(3)")
    assert not codes(text)


def test_a_weight_is_named_after_what_it_multiplies() -> None:
    """Not after the rate at which that is lost: ``h_x``, and not ``h_x_rate``."""
    equation = "h = tanh(dense(dropout(x, rate), zoneout(h, x, rate)))"
    text = f"cell own(units, rate=0.1):\n    {equation}\n" + PICTURE.format(call="own(4)")
    document, _ = parse(Source("cells.seq", text), "cells")
    cell, problems = declare(document.cells[0])
    assert cell is not None and not problems
    assert [item.weights for item in cell.denses()] == [("h_x", "h_hx", "h_bias")]
