"""Masked sequences that go into called pictures as a whole: what each of the ways to apply one comes to."""

from __future__ import annotations

from typing import Any

import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

PICTURES = {
    "a masked row, and the places of each step": """\
model part

G-G-...-G   gru(3)
| |     |
X X ... X   input(3)

model whole

        R
        |
    +---+---+
    |       |
    P       Q
    |       |
+-+-+-+ +-+-+-+
| |   | | |   |
| |   | M M...M
| |   | | |   |
S S...S S S...S
| |   | | |   |
Z Z...Z U U...U

S = part
Z = input(3, mask=0)
U = input(4, 3)
M = mean(grid)
P = mean
Q = mean
R = add
""",
    "a row that keeps its padding, then a tower over a bus": """\
model tower

          V   dense(2)
          |
H-H-...-H-H   gru(4)
| |     | |
X X ... X X   input(3)

model stepper

Y-Y-...-Y   gru(3)
| |     |
X X ... X   input(3)

model twice

      T
      |
+-+---+-+
| |   | |
S S...S S
| |   | |
X X...X X   input(3, mask=-1)

T = tower
S = stepper
""",
    "a row of one value: padding goes in and does not come out": """\
model spread

Y   Y ... Y   dense(3)
|   |     |
+-+-+-----+
  |
  P             mean
  |
+-+-+-----+
|   |     |
H   H ... H   dense(3)
|   |     |
X   X ... X   input(3)

model user

      T
      |
+-+---+
| |   |
S S...S
| |   |
X X...X   input(3, mask=0)

S = spread
T = max
""",
    "one letter with a mask and without one": """\
model both

Y-Y-...-Y   lstm(3)
| |     |
M M ... M   layernorm
| |     |
X X ... X   input(3)

model mixing

      R
      |
+-----+-----+
|           |
P           Q
|           |
+-+---+     +-+---+
| |   |     | |   |
B B...B     B B...B
| |   |     | |   |
X X...X     Z Z...Z

X = input(3, mask=0)
Z = input(3)
B = both
P = mean
Q = max
R = add
""",
    "blocks within blocks, with lengths, and windows": r"""
model inner

Y Y ... Y   conv(3, 3)
| |     |
X X ... X   input(3)

model outer

B   B ...   B   add
|\  |\      |\
| A | A ... | A
|/  |/      |/
X   X ...   X   input(3)

A = inner

model deep

        P
        |
G-G-...-G   gru(3)
| |     |
C C ... C
| |     |
D D ... D
| |     |
X X ... X   input(3, lengths=true)

C = outer
D = outer
P = dense(2)
""",
    "ids that another one than 0 marks": """\
model words

H-H-...-H   gru(4)
| |     |
W W ... W   embedding(3)
| |     |
X X ... X   tokens(9)

model reader

    Y    mean
    |
+-+-+-+
| |   |
S S...S
| |   |
X X...X   tokens(9, mask=4)

S = words
""",
}
IN_KERAS = ("one letter with a mask and without one", "a masked row, and the places of each step")


@pytest.mark.parametrize("name", PICTURES)
def test_targets_skip_padded_steps_within_called_pictures(name: str) -> None:
    model = seqdsl.compile(PICTURES[name], "padded.seq")
    # In Keras a call without a mask is another matter than elsewhere; the example has one with.
    more = ["keras"] if name in IN_KERAS else []
    report = verify([model], ["torch", "numpy", *more], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_what_is_behind_the_end_of_a_sample_changes_nothing() -> None:
    import torch

    module: dict[str, Any] = {}
    model = seqdsl.compile(
        PICTURES["blocks within blocks, with lengths, and windows"], "padded.seq"
    )
    exec(model.source("torch"), module)
    built = module["build_model"]().eval()
    x, lengths = torch.randn(2, 7, 3), torch.tensor([4, 7])
    with torch.no_grad():
        whole = built(x, lengths)
        alone = built(x[:1, :4], lengths[:1])
    torch.testing.assert_close(whole[:1], alone)
