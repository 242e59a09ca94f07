"""A picture that a loop calls means the same elided and drawn in full, which the tool does not read: drawn by hand."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import seqdsl

BLOCK = r"""
model block

A   A   ... A     add
|\  |\      |\
| C | C ... | C   conv(3, 2, padding=causal)
| | | |     | |
| H-|-H-...-|-H   gru(3)
|/  |/      |/
X   X   ... X     input(3)

model looped
"""
FED = """
Y Y  ...  Y   dense(3, tanh)
| |       |
B B  ...  B   block
| |       |
S y ..n.. y

S = input(3)
n = {fed}
"""
KNOWN = """
M M ..t.. M M M   block
| |       | | |
X X ..t.. X m m

X = input(3)
t = {steps}
"""


def _in_full(picture: str, steps: int) -> str:
    """The picture without its ellipsis, over so many steps."""
    between = " ".join
    if picture is FED:
        rows = [between(letter * steps) for letter in "YB"]
        wires = between("|" * steps)
        row, block = rows
        fed = between("S" + "y" * (steps - 1))
        drawn = f"{row}   dense(3, tanh)\n{wires}\n{block}   block\n{wires}\n{fed}\n"
        return f"{drawn}\nS = input(3)\n"
    members, wires = between("M" * (steps + 2)), between("|" * (steps + 2))
    return f"{members}   block\n{wires}\n{between('X' * steps + 'mm')}\n\nX = input(3)\n"


def _model(text: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(seqdsl.compile(text).source("torch"), namespace)
    model = namespace["build_model"]().double().eval()
    torch.manual_seed(0)
    for weight in model.parameters():
        weight.data.uniform_(-1, 1)
    return model


@pytest.mark.parametrize("steps", [4, 6])
@pytest.mark.parametrize("picture", [FED, KNOWN], ids=["fed", "known"])
def test_a_called_picture_in_a_loop_is_elided_as_it_is_drawn(picture: str, steps: int) -> None:
    elided = picture.format(steps=steps, fed=steps - 1)
    models = [_model(BLOCK + text) for text in (elided, _in_full(picture, steps))]
    shape = (2, 3) if picture is FED else (2, steps, 3)
    read = torch.randn(*shape, dtype=torch.float64)
    given, expected = (model(read) for model in models)
    assert given.shape == expected.shape == (2, steps if picture is FED else steps + 2, 3)
    assert torch.allclose(given, expected)
