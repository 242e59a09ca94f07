"""A step-wise block whose parts read different blocks is applied once for each; a name is that of its part."""

from __future__ import annotations

import pytest

from seqdsl.api import Model
from seqdsl.layers import all_layers
from seqdsl.lowering.cut_blocks import MOST_PARTS
from seqdsl.lowering.parts import is_applied
from tests.lowering.pictures import compiled, shapes

PICTURE = """
                D-..t..-D
                |       |
    E-..s..-E   |       |
    |       |   |       |
    W ..s.. W   W ..t.. W
    |       |   |       |
    X ..s.. X   Z ..t.. Z
"""
CELLS = ("E = gru(3)", "D = gru(3)")
INPUTS = ("X = input(2)", "Z = input(2)")
TOKENS = ("X = tokens(9)", "Z = tokens(9)")

CALLS = {
    "dense": "dense(3)",
    "activation": "activation(relu)",
    "layernorm": "layernorm",
    "dropout": "dropout(0.1)",
    "sample_normal": "sample(normal)",
    "embedding": "embedding(3)",
}
"""Layers that take one wire; the others combine several, and give what the one is."""


def applications(model: Model, letter: str) -> list[str]:
    """The number of steps of each application of a letter."""
    return [str(block.steps) for block in model.spec.blocks if block.letter == letter]


@pytest.mark.parametrize(
    # What gives ids can be read by an embedding alone; what is for grids reads no features.
    "kind",
    sorted(
        name
        for name, item in all_layers().items()
        if is_applied(item) and not item.gives_ids and item.grid is None
    ),
)
def test_one_application_for_each_part(kind: str) -> None:
    inputs = TOKENS if kind == "embedding" else INPUTS
    model = compiled(PICTURE, f"W = {CALLS.get(kind, kind)}", *CELLS, *inputs)
    assert applications(model, "W") == ["s", "t"]
    parts = [block for block in model.spec.blocks if block.letter == "W"]
    assert parts[0].layer is parts[1].layer
    assert shapes(model).endswith("-> e(s, 3) d(t, 3)")


def test_nothing_is_joined() -> None:
    model = compiled(PICTURE, "W = embedding(8)", *CELLS, *TOKENS)
    for target in ("keras", "torch"):
        source = model.source(target)
        assert "joined" not in source
        assert "[..., 0]" not in source
    assert "self.embedding_w(x)" in model.source("torch")
    assert "self.embedding_w(z)" in model.source("torch")
    assert model.qualifiers == ("shared weights", "variable length")
    assert model.parameters == {"keras": 9 * 8 + 2 * 117, "torch": 9 * 8 + 2 * 117}


def test_a_row_without_letters_is_one_layer() -> None:
    text = PICTURE.replace("W ..t.. W", "W ..t.. W   dense(4)").replace("W", "O")
    model = compiled(text, *CELLS, *INPUTS)
    assert applications(model, "O") == ["s", "t"]
    assert [layer.name for layer in model.spec.layers] == ["dense", "gru_e", "gru_d"]


def test_parts_of_parts() -> None:
    text = PICTURE.replace(
        "    W ..s.. W   W ..t.. W\n",
        "    A  ...  A   A  ...  A\n    |       |   |       |\n    W ..s.. W   W ..t.. W\n",
    )
    model = compiled(text, "A = activation(tanh)", "W = dense(4)", *CELLS, *INPUTS)
    assert applications(model, "A") == applications(model, "W") == ["s", "t"]


READ_AS_ONE = """
    H  ...  H H  ...  H
    |       | |       |
    W ..s.. W W ..t.. W
    |       | |       |
    X  ...  X Z  ...  Z
"""


@pytest.mark.parametrize("above", ["gru(3)", "conv(3, 2)"])
def test_what_is_read_as_one_sequence_is_one_application(above: str) -> None:
    model = compiled(READ_AS_ONE, "W = embedding(4)", f"H = {above}", *TOKENS)
    assert applications(model, "W") == ["s + t"]
    assert shapes(model).endswith("-> h(s + t, 3)")
    for target, joined in (
        ("keras", "layers.Concatenate(axis=1)([x, z])"),
        ("torch", "torch.cat((x, z), dim=1)"),
    ):
        assert joined in model.source(target)
        assert "[..., 0]" not in model.source(target)


def test_an_output_is_one_result() -> None:
    picture = "Y ..s.. Y Y ..t.. Y\n|       | |       |\nX  ...  X Z  ...  Z"
    for call in ("dense(3)", "batchnorm"):
        model = compiled(picture, f"Y = {call}", "X = input(3)", "Z = input(3)")
        assert shapes(model) == "x(s, 3) z(t, 3) -> y(s + t, 3)"


def test_a_recurrent_row_is_named_as_a_whole() -> None:
    picture = "H ..n.. H H  ...  H\n|       | |       |\nX  ...  X Z ..t.. Z"
    model = compiled(picture, "H = gru(3)", *INPUTS)
    assert shapes(model).endswith("-> h(n, 3)")


def test_batch_statistics_are_those_of_all_steps() -> None:
    model = compiled(PICTURE, "W = batchnorm", *CELLS, *INPUTS)
    assert applications(model, "W") == ["s + t"]


def test_unlike_parts_stay_one_application() -> None:
    """A part with fewer wires has zeros in their places: that is no layer of its own width."""
    picture = "E-E-E   D-D\n| | |   | |\nW W W   W W\n|/|/|   | |\nX X X   Z Z"
    model = compiled(picture, "W = dense(3)", *CELLS, *INPUTS)
    assert applications(model, "W") == ["5"]


def test_many_parts_stay_one_application() -> None:
    count = MOST_PARTS + 1
    rows = [" ".join(letters * count) for letters in ("E", "W")]
    picture = f"{rows[0]}\n{' '.join('|' * count)}\n{rows[1]}\n{' '.join('|' * count)}\n{' '.join('ABCDF'[:count])}"
    inputs = [f"{letter} = input(2)" for letter in "ABCDF"[:count]]
    model = compiled(picture, "W = dense(3)", "E = gru(3)", *inputs)
    assert applications(model, "W") == [str(count)]
