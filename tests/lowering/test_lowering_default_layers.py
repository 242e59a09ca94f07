"""Which layer every block is, what everything is called, and in which order it comes."""

from __future__ import annotations

import pytest

from tests.lowering.pictures import codes, compiled

KINDS = [
    ("O", "input"),
    ("O\n|\nO", "input dense"),
    ("O O\n| |\nO O", "input dense"),
    ("O\n|\nO\n|\nO", "input dense output"),
    ("O O\n| |\nO O\n| |\nO O", "input lstm output"),
    ("O O\n| |\nO-O\n| |\nO O", "input lstm output"),
    ("O-O\n| |\nO O", "input lstm"),
    ("O O\n| |\nO O\n| |\nO O\n| |\nO O", "input lstm lstm output"),
    ("  O\n  |\nO O   gru(2)\n| |\nO O", "input gru output"),
    ("O O   conv(2, 2)\n| |\nO O", "input conv"),
    ("Y Y\n|/|\nX X", "input conv"),
    ("B=B\n| |\nX X", "input lstm"),
]


@pytest.mark.parametrize(("picture", "kinds"), KINDS)
def test_roles_without_declarations(picture: str, kinds: str) -> None:
    assert " ".join(block.kind for block in compiled(picture).spec.blocks) == kinds


PARAMETERS = [
    ("O\n|\nO", [], "features=1 units=32"),
    ("O\n|\nO", ["units = 7"], "features=1 units=7"),
    ("O   dense(2)\n|\nO   input(3)", [], ""),
    ("O\n|\nO   input(3)", [], "units=32"),
    ("O\n|\nO   input(width)", ["width = 3", "units = 5"], "width=3 units=5"),
    ("O ..n.. O\n|       |\nO ..n.. O", ["n = 5"], "features=1 units=32 n=5"),
    ("O ..n.. O\n|       |\nO ..n.. O", [], "features=1 units=32"),
]


@pytest.mark.parametrize(("picture", "definitions", "wanted"), PARAMETERS)
def test_parameters_of_the_builder(picture: str, definitions: list[str], wanted: str) -> None:
    parameters = compiled(picture, *definitions).spec.parameters
    assert " ".join(f"{item.name}={item.default}" for item in parameters) == wanted


# The name of each block, bottom row first.
NAMES = [
    ("O\n|\nO", [], "x dense"),
    ("O O\n| |\nO O\n| |\nO O\n| |\nO O", [], "x lstm_1 lstm_2 y"),
    ("Y\n|\nX", ["X = input(2)", "Y = dense(3)"], "x dense_y"),
    ("Y\n|\nX", ["X = input(2, name=words)", "Y = dense(3, name=tags)"], "words tags"),
    ("L\n|\nX", ["L = output"], "x x_l"),
    ("H-H H\n| | |\nX X Z", ["H = gru(2)"], "x z gru_h_1 gru_h_2"),
    ("O   dense(3)\n|\nO   input(x)", ["x = 2"], "x_2 dense"),
    ("O   dense(dense)\n|\nO", ["dense = 2"], "x dense_2"),
    ("M\n|\n+-+\n| |\nX X", ["M = max"], "x max_m"),
    # A `dense` over windows is a convolution; a built-in function of Python keeps its name.
    ("Y Y Y\n|/|/|\nX X X", ["X = input(2)", "Y = dense(3)"], "x conv_y"),
    ("O   max\n|\n+-+\n| |\nX X", [], "x max_value"),
]


@pytest.mark.parametrize(("picture", "definitions", "names"), NAMES)
def test_names(picture: str, definitions: list[str], names: str) -> None:
    blocks = compiled(picture, *definitions).spec.blocks
    assert " ".join(block.name for block in blocks) == names


ENDS = [
    ("A B C\n| | |\nX Y Z", "x y z -> a b c"),
    ("A   B\n|   |\nX   Z", "x z -> a b"),
    ("  B\n  |\nA |\n| |\nZ Y", "z y -> a b"),
    ("O A O\n| | |\nO B O", "x_1 b x_2 -> y_1 a y_2"),
    ("O\n|\nX", "x -> y"),
    ("Y\n|\\\nB |\n  |\n  X", "b x -> y"),
    ("B\n|\\\nA Z", "a z -> b"),
]


@pytest.mark.parametrize(("picture", "ends"), ENDS)
def test_inputs_and_outputs_from_left_to_right(picture: str, ends: str) -> None:
    model = compiled(picture)
    inputs, outputs = ([item.name for item in items] for items in (model.inputs, model.outputs))
    assert f"{' '.join(inputs)} -> {' '.join(outputs)}" == ends


BROKEN = [
    ("a letter without a role of its own", "A A A\n| | |\n+-+-+\n|\nA\n|\nX", [], ["SEQ314 1:1"]),
    ("a definition of O", "O\n|\nO", ["O = dense(2)"], ["SEQ314 5:1"]),
    ("defined, but not drawn", "Y\n|\nX", ["Z = dense(2)"], ["SEQ112 5:1"]),
    ("a parameter that nothing uses", "Y\n|\nX", ["n = 2"], ["SEQ113 5:1"]),
    ("state on a dense row", "Y-Y\n| |\nX X", ["Y = dense(2)"], ["SEQ209 1:1"]),
    ("a wire into an input", "Y\n|\nX", ["X = input(3)", "Y = input(2)"], ["SEQ212 1:1"]),
    ("upside down", "Y\n|\nX", ["Y = input(2)"], ["SEQ215 1:1"]),
    ("nothing enters", "Y", ["Y = dense(2)"], ["SEQ315 1:1"]),
    ("two definitions", "Y   dense(2)\n|\nX", ["Y = dense(2)"], ["SEQ106 1:5"]),
    ("a call for two letters", "Y Z   dense(2)\n| |\nX X", [], ["SEQ206 1:7"]),
    ("a call beside wires", "Y\n|   dense(2)\nX", [], ["SEQ206 2:5"]),
    ("tokens into a dense layer", "Y\n|\nX", ["X = tokens(3)", "Y = dense(2)"], ["SEQ309 1:1"]),
    ("one letter, two widths", "D D\n| |\nX Z", ["Z = input(2)", "D = dense(2)"], ["SEQ305 1:1"]),
    (
        "one letter, two widths in two rows",
        "D\n|\nD\n|\nX",
        ["X = input(2)", "D = dense(3)"],
        ["SEQ308 1:1"],
    ),
    (
        "state of another cell",
        "E-D\n| |\nX X",
        ["E = lstm(2)", "D = gru(2)"],
        ["SEQ306 1:1"],
    ),
    ("state of another width", "E-D\n| |\nX X", ["E = gru(2)", "D = gru(3)"], ["SEQ306 1:1"]),
    (
        "a layer called like a parameter",
        "Y\n|\nX",
        ["Y = dense(n, name=n)", "n = 2"],
        ["SEQ108 5:5"],
    ),
]


@pytest.mark.parametrize(
    ("picture", "definitions", "wanted"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_broken(picture: str, definitions: list[str], wanted: list[str]) -> None:
    assert codes(picture, *definitions) == wanted


def test_layers_of_a_letter_are_one() -> None:
    model = compiled("H-H H-H\n| | | |\nX X Z Z", "H = gru(2)")
    assert [layer.name for layer in model.spec.layers] == ["gru_h"]
    assert len({id(block.layer) for block in model.spec.blocks if block.layer}) == 1


def test_letters_of_anonymous_rows_are_not() -> None:
    model = compiled("O O\n| |\nO O   gru(2)\n| |\nO O   gru(2)\n| |\nO O")
    assert [layer.name for layer in model.spec.layers] == ["gru_1", "gru_2"]
