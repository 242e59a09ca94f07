"""Delayed nodes of rows whose steps hold grids: every framework reads, one step later, the grid that was given."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.ir import parse
from seqdsl.ir.verifier import verify as verify_graph
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

WARM = """
    Y Y Y   conv2d(1, 3, sigmoid)
    | | |
D-D-D-D-D   convlstm(3, 3)
| | | | |
X X X y y

X = input(4, 3, 1)
"""
"""`D` runs over known frames first, so that its layer is applied to all steps, and to one at a time."""
LOOP = """
{cell}
  Y   Y   Y   Y     {top}
  |   |   |   |
{state}
 /|  /|  /|  /|
y | y | y | y |
  |   |   |   |
  X   X   X   X     {source}
"""
STATE = "  H---H---H---H     {row}"
CELL = """cell convgate(units):
    z, n = split(conv2d(dropout(x, 0.2), h, kernel=3, features=2 * units), 2)
    h = sigmoid(z) * h + (1 - sigmoid(z)) * tanh(n)
"""
CARRIED = """
      Y   Y ...   Y       conv2d(1, 3, tanh)
      |   |       |
  *---H---H-...---H---*   convlstm(2, 3)
     /|  /|      /|
    y | y | ... y |
      |   |       |
      X   X ...   X       input(3, 4, 2)
"""
INITIAL = """
    Y Y Y   conv2d(2, 3, tanh)
    | | |
+---H-H-H   convlstm(2, 3)
|   | | |
|   h h h
C           conv2d(2, 3)
|
X           input(3, 4, 1)
"""
"""Before its first step `h` is the state that `H` begins with: an image."""
IDS = """
  A   A   A     argmax
  |   |   |
  Y   Y   Y     dense(5)
 /|  /|  /|
E | E | E |     embedding(3)
| | | | | |
a | a | a |
  |   |   |
  X   X   X     input(4, 3)
"""
CALLED = """
model spread
Y Y Y   dense(2)
| | |
S S S   split
| | |
+-+-+
|
X       input(6)

model looped
  D   D   D     dense(6, tanh)
  |   |   |
  F   F   F     flatten
 /|  /|  /|
P | P | P |     spread
| | | | | |
d | d | d |
  |   |   |
  X   X   X     input(3, 5)
"""


def looped(row: str, top: str, source: str, cell: str = "") -> str:
    """A loop of a recurrent row and what its delayed nodes give."""
    return LOOP.format(cell=cell, top=top, source=source, state=STATE.format(row=row))


MASKED = looped("convlstm(2, 3)", "conv2d(1, 3, tanh)", "input(3, 4, 2, mask=0)")
FED = looped("convlstm(2, 3)", "conv2d(2, 3, tanh)", "input(3, 4, 2, feedback=Y)")
OWN_CELL = looped("convgate(2)", "conv2d(1, 3, tanh)", "input(3, 4, 2)", CELL)
SAMPLED = looped("convlstm(4, 3)", "sample(normal)", "input(3, 4, 2)")


@pytest.mark.parametrize(
    "text",
    [WARM, MASKED, FED, OWN_CELL, SAMPLED, CARRIED, INITIAL, IDS, CALLED],
    ids=["warm", "masked", "fed", "cell", "sampled", "carried", "initial", "ids", "called"],
)
def test_delayed_nodes_give_grids(text: str) -> None:
    model = analyze(text, "looped.seq").models[-1]
    graph = model.ir
    assert verify_graph(graph) == () and parse(str(graph)) == graph
    report = verify([model], ["keras", "torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]
