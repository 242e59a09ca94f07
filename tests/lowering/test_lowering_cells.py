"""Cells of a file: what their equations become, and what is reported where they mean nothing."""

from __future__ import annotations

import numpy as np
import pytest

from seqdsl.cells.declare import declare
from seqdsl.cells.evaluate import step
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
        ("h = tanh(dense(x, h, features=3))", "SEQ128"),
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
