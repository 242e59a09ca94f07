"""What generated code calls things: outputs, final states, and in its docstring what goes in and comes out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from seqdsl.api import Model, compile_all
from seqdsl.targets import TRAINED

TWO_READERS = """
        Y   dense(2)
        |
  +-----+-----+
  |           |
H-H         G-G
| |         | |
X X         Z Z

X = input(4)
Z = input(3)
H = gru(5)
G = gru(6)
"""
LAST_STEP = "  Y   dense(2)\n  |\nH-H   lstm(5)\n| |\nX X   input(4)\n"
SWAPPED = """
  B     Y
  |     |
+-+-+   |
|   |   |
E   E   A
|   |   |
X   X   Z

X = input(4)
Z = input(4)
E = dense(3)
A = dense(3)
B = dense(2, name=y_1)
Y = dense(2, name=kept)
"""


def model(text: str) -> Model:
    (found,) = compile_all(text.strip("\n"), "model.seq")
    return found


def assigned(source: str) -> Iterator[str]:
    """The variables that a module's functions assign."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def test_a_single_final_state_is_called_as_pytorch_calls_it() -> None:
    source = model(LAST_STEP).source("torch")
    assert "_, (h_n, _) = self.lstm_h(x)" in source
    assert "y: Tensor = self.dense_y(h_n[-1])" in source


def test_several_final_states_say_whose_they_are() -> None:
    source = model(TWO_READERS).source("torch")
    assert "_, gru_h_hidden = self.gru_h(x)" in source
    assert "torch.cat((gru_h_hidden[-1], gru_g_hidden[-1]), dim=-1)" in source


def test_an_output_has_its_own_name_and_its_layer_keeps_its_own() -> None:
    source = model(TWO_READERS).source("keras")
    assert 'y = layers.Dense(2, name="dense_y")(joined)' in source
    assert "outputs=y" in source


@pytest.mark.parametrize("target", TRAINED)
def test_an_output_takes_no_name_of_another_layer(target: str) -> None:
    source = model(SWAPPED).source(target)
    assert {"y_1", "kept"} <= set(assigned(source))
    # A second value in one variable would hide the first.
    names = [
        name
        for name in assigned(source)
        if name not in {"_", "model", "outputs", "name", "output", "shape"}
    ]
    assert len(set(names)) == len(names)


PASSED = """
    Y Y   dense(2)
    | |
E{}E-D-D
| | | |
X X Z Z

X = input(3)
Z = input(3)
E = lstm(4)
D = {}
"""


def test_the_parts_of_a_state_that_are_read_by_themselves_have_names() -> None:
    source = model(PASSED.format("=", "lstm(8)")).source("keras")
    assert "_, forward_h, forward_c, backward_h, backward_c = layers.Bidirectional(" in source
    assert "layers.Concatenate()([forward_c, backward_c])" in source


def test_a_state_that_is_passed_on_as_a_whole_is_one_variable() -> None:
    source = model(PASSED.format("-", "lstm(4)")).source("keras")
    assert "_, *lstm_e_state = layers.LSTM(" in source
    assert "initial_state=lstm_e_state" in source


# What type checkers take for anything, as a module's result, is told to be a tensor.
TYPED = {
    "Y   dense(2)\n|\nX   input(4)\n": "y: Tensor = self.dense_y(x)\n        return y",
    "Y   dense(2, relu)\n|\nX   input(4)\n": "return torch.relu(self.dense_y(x))",
    "Y-Y   gru(2)\n| |\nX X   input(4)\n": "y: Tensor\n        y, _ = self.gru_y(x)\n        return y",
}


@pytest.mark.parametrize("text", TYPED)
def test_the_result_is_a_tensor_for_type_checkers(text: str) -> None:
    assert TYPED[text] in model(text).source("torch")


PURPOSES = {
    "Y-Y   gru(2)\n| |\nX X   input(4)\n": "a sequence ``x`` to a sequence ``y``",
    "Y   dense(2)\n|\nX   input(4)\n": "a vector ``x`` to a vector ``y``",
    "Y   dense(2)\n|\nE   embedding(3)\n|\nX   tokens(9)\n": "a token ``x`` to a vector ``y``",
    TWO_READERS: "sequences ``x`` and ``z`` to a vector ``y``",
    TWO_READERS.replace(
        "input(4)", "input(4, name=the_first_of_two_long_names)"
    ): "2 sequences to a vector",
}


@pytest.mark.parametrize("text", PURPOSES)
def test_docstrings_say_what_goes_in_and_comes_out(text: str) -> None:
    found = model(text)
    assert f'"""Map {PURPOSES[text]}.\n' in found.source("torch")
    assert f'"""Build a model that maps {PURPOSES[text]}.\n' in found.source("keras")
