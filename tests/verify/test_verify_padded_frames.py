"""Padded steps that hold grids are skipped in free runs: states wait, what is fed is made of the last valid step."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

PICTURES = {
    "a recurrence over frames": r"""
Y Y Y   conv2d(2, 3)
| | |
H-H-H   convlstm(3, 3)
| | |
Z Z Z   input(3, 3, 2, mask=0, feedback=Y)
""",
    "no recurrence": r"""
Y Y Y   conv2d(2, 3)
| | |
C C C   conv2d(3, 3, relu)
| | |
Z Z Z   input(3, 3, 2, mask=0, feedback=Y)
""",
    "places": r"""
Y Y Y   dense(2)
| | |
Z Z Z   input(3, 2, mask=-1, feedback=Y)
""",
    "a free length, padded at the end": r"""
Y Y ... Y   conv2d(2, 3)
| |     |
H-H-...-H   convlstm(3, 3)
| |     |
Z Z ... Z   input(3, 3, 2, mask=0, padding=end, feedback=Y)
""",
    "an image in front": r"""
Y Y Y Y   conv2d(2, 3)
| | | |
H-H-H-H   convlstm(3, 3)
| | | |
A Z Z Z

Z = input(3, 3, 2, mask=0, feedback=Y)
A = input(3, 3, 2)
""",
    "a calendar beside it, padded as well": r"""
    Y   Y   Y      conv2d(2, 3)
    |   |   |
    H---H---H      convlstm(3, 3)
   /|  /|  /|
  C | C | C |
    |   |   |
    Z   Z   Z

Z = input(3, 3, 2, mask=0, feedback=Y)
C = input(3, 3, 1, mask=0)
""",
    "a cell of convolutions": r"""
cell convgate(units):
    z = sigmoid(conv2d(x, h, kernel=3))
    h = (1 - z) * h + z * tanh(conv2d(x, kernel=3))

Y Y ... Y   conv2d(2, 3)
| |     |
H-H-...-H   convgate(3)
| |     |
Z Z ... Z   input(3, 3, 2, mask=0, feedback=Y)
""",
    "a loop": r"""
Y   Y   Y   Y      conv2d(2, 3)
|   |   |   |
S   S   S   S      conv2d(2, 3, tanh)
|\  |\  |\  |\
| s | s | s | s
|   |   |   |
Z   Z   Z   Z      input(3, 3, 2, mask=0, feedback=Y)
""",
}


@pytest.mark.parametrize("name", PICTURES)
def test_padded_grids_run_free(name: str) -> None:
    model = seqdsl.compile(PICTURES[name].strip("\n"), "grids.seq")
    report = verify([model], ["torch", "numpy"], checks=UNSAVED)
    assert any(item.check == "generate" for item in report.results)
    assert not [item.message for item in report.results if not item.passed]


def test_padded_grids_run_free_in_keras() -> None:
    names = ("a recurrence over frames", "no recurrence", "a loop")
    models = [
        seqdsl.compile(PICTURES[name].strip("\n"), f"g{number}.seq")
        for number, name in enumerate(names)
    ]
    report = verify(models, ["keras"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]
