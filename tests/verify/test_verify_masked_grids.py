"""Frames of which some are padding: the last and first valid ones, and what is computed over all valid ones."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

# As many channels as columns, and other rows: an axis that is taken for another is noticed.
CHOSEN = """
model last
      F F   flatten
      | |
X X X X X   input(4, 3, 3, {padding})

model first
F F         flatten
| |
X X X X X   input(4, 3, 3, {padding})

model over
        F       flatten
        |
+---+---+---+
|   |   |   |
S   M   L   A
|   |   |   |
+-+-+-+-+-+-+
| | | | | | |
C C C C C C C   conv2d(3, 3, tanh)
| | | | | | |
X X X X X X X   input(4, 3, 3, {padding})

S = min
M = multiply
L = max
A = mean

model beside
F F F F F   flatten
| | | | |
B B B B B
| | | | |
| X X X |
Z       Z

B = activation(tanh)
X = input(4, 3, 3, {padding})
Z = input(4, 3, 3)
"""

# A delayed node gives what its letter gave at the last valid step, at first what is drawn in its place.
MARKED = """
model before
F   F   F   flatten
|   |   |
E   E   E   add
|\\  |\\  |\\
| S | c | c
| | |   |
C | C   C
| | |   |
X Z X   X

C = conv2d(2, 3)
X = input(4, 3, 3, mask=0)
Z = input(4, 3, 2)
S = activation(relu)

model last_ids
      E E   embedding(3)
      | |
X X X X X   tokens(9, 4, mask=2)

model sum_of_ids
    A       add
    |
+-+-+-+-+
| | | | |
E E E E E   embedding(3, mask=true)
| | | | |
X X X X X   tokens(9, 4)
"""


@pytest.mark.parametrize("target", ["numpy", "torch", "keras"])
def test_frames_are_chosen_by_their_padding(target: str) -> None:
    for text in (CHOSEN.format(padding="mask=-1"), CHOSEN.format(padding="lengths=true"), MARKED):
        report = verify(seqdsl.compile_all(text), [target], checks=UNSAVED)
        assert report.results and not [item for item in report.results if not item.passed]
