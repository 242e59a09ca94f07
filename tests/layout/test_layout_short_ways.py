"""What passes a row on its way stays beside its own column: the wires of these pictures are drawn again as they are."""

from __future__ import annotations

import re

import pytest

from seqdsl.layout.from_graph import wirings
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.pipeline import analyze

# A shortcut beside a row that reads a memory: only that row's slanted wire needs a column between.
MEMORY = r"""
Y     Y     Y                 add
|\    |\    |\
J |   J |   J |               dense(8)
|/    |/    |/
M     M     M                 add
|\    |\    |\
| \   | \   | \
|  \  |  \  |  \
B   | B   | B   |             attention(heads=2)
|\  | |\  | |\  |
| +-|-|-+-|-|-+-|-+-+-+-+-+
|   | |   | |   | | | | | |
| +-+ | +-+ | +-+ | | | | |
|/    |/    |/    | | | | |
X     X     X     Z Z Z Z Z

X = input(8)
Z = input(8)
"""

# A shortcut over a gate, which has a column of its own.
GATE = r"""
S     S     S       add
|\    |\    |\
| \   | \   | \
|  \  |  \  |  \
M   | M   | M   |   multiply
|\  | |\  | |\  |
G | | G | | G | |   dense(6, sigmoid)
|/  | |/  | |/  |
Q   | Q   | Q   |   layernorm
|  /  |  /  |  /
| /   | /   | /
|/    |/    |/
A     A     A       add
|\    |\    |\
C |   C |   C |     dense(6)
|/    |/    |/
X     X     X       input(6)
"""

# What is over a value two rows up does not turn it out of its column one row up; what is named is passed by nothing.
NAMED = r"""
A   A   A               add
|\  |\  |\
C | C | C |             attention(Z, keys=F)
|/  |/  |/
|   |   |   F F F F F   dense(6, tanh)
|   |   |   | | | | |
X   X   X   Z Z Z Z Z

X = input(6)
Z = input(6)
"""

# The query passes beside what is named, where both are over one row.
QUERY = r"""
C   C   C     attention(F, keys=X)
|   |   |
| F | F | F   dense(4)
| | | | | |
|/  |/  |/
X   X   X     input(4)
"""

# Many vectors that read one value share a bus.
HEADS = r"""
          Y R P
          | | |
          +-+-+
          |
H-H-H-H-H-H
| | | | | |
X X X X X X

X = input(2)
H = rnn(5)
Y = dense(1)
R = dense(2)
P = dense(3)
"""

# A bus leads to a short slanted wire that begins in a column of its own: a long one would take more rows.
PRODUCT = r"""
          Y       dense(1)
          |
          A       multiply
         / \
    +---+   +-+
    |         |
H-H-H   G-G-G-G
| | |   | | | |
X X X   Z Z Z Z

X = input(2)
Z = input(2)
H = rnn(4)
G = rnn(4)
"""

# Where it can begin in the column of a lane, that takes no room in the rows below.
MEANS = r"""
                                  Y               dense(2)
                                  |
          +-----------------------+
          |                       |
          D                       D               mean
         /|\                     /|\
  +-----+ | +-----+       +-----+ | +-----+
  |       |       |       |       |       |
  M       M       M       M       M       M       max
 / \     / \     / \     / \     / \     / \
A   A   A   A   A   A   A   A   A   A   A   A     add
|\  |\  |\  |\  |\  |\  |\  |\  |\  |\  |\  |\
F | F | F | F | F | F | F | F | F | F | F | F |   dense(3)
|/  |/  |/  |/  |/  |/  |/  |/  |/  |/  |/  |/
X   X   X   X   X   X   X   X   X   X   X   X     input(3)
"""

# A gate that reads what is also read above it stands above what it multiplies, so that no wires cross.
HIGHWAY = r"""
M     M     M       add
|\    |\    |\
| \   | \   | \
|  \  |  \  |  \
A   | A   | A   |   multiply
|\  | |\  | |\  |
| G | | G | | G |   dense(5, sigmoid)
| | | | | | | | |
|  \| |  \| |  \|
F   | F   | F   |   dense(5, relu)
|  /  |  /  |  /
| /   | /   | /
|/    |/    |/
X     X     X       input(5)
"""

# The shortcut passes the gate on its other side, though the gate has a column of its own.
BESIDE_GATE = r"""
S     S     S       add
|\    |\    |\
| \   | \   | \
|  \  |  \  |  \
M   | M   | M   |   multiply
|\  | |\  | |\  |
F | | F | | F | |   dense(6)
| | | | | | | | |
| G | | G | | G |   dense(6, sigmoid)
| | | | | | | | |
|/  | |/  | |/  |
Q   | Q   | Q   |   layernorm
|  /  |  /  |  /
| /   | /   | /
|/    |/    |/
A     A     A       add
|\    |\    |\
C |   C |   C |     dense(6)
|/    |/    |/
X     X     X       input(6)
"""

# The longest way stays in its column, and what would cross its shortcut stands at its left.
SKIPPED = r"""
  Y       Y       Y       add
 /|      /|      /|
| H     | H     | H       dense(4)
| |     | |     | |
| M     | M     | M       add
| |\    | |\    | |\
| | \   | | \   | | \
| |  \  | |  \  | |  \
B |   | B |   | B |   |   dense(4)
| |   | | |   | | |   |
| T   | | T   | | T   |   dense(4)
 \|   |  \|   |  \|   |
  A   |   A   |   A   |   multiply
  |\  |   |\  |   |\  |
  | Q |   | Q |   | Q |   dense(4, sigmoid)
  | | |   | | |   | | |
  |  \|   |  \|   |  \|
  F   |   F   |   F   |   dense(4, tanh)
  |  /    |  /    |  /
  | /     | /     | /
  |/      |/      |/
  X       X       X       input(4)
"""


def _wires(text: str) -> list[str]:
    """The rows of a picture without letters and layers."""
    rows = [line for line in text.splitlines() if line and not re.match(r"model |\w+ = ", line)]
    return [re.sub(r"[A-Z]", "O", re.split(r"   (?=[a-z])", row)[0]).rstrip() for row in rows]


PICTURES = {
    "memory": MEMORY,
    "gate": GATE,
    "named": NAMED,
    "query": QUERY,
    "heads": HEADS,
    "product": PRODUCT,
    "means": MEANS,
    "highway": HIGHWAY,
    "beside gate": BESIDE_GATE,
    "skipped": SKIPPED,
}


@pytest.mark.parametrize("text", PICTURES.values(), ids=PICTURES)
def test_short_ways(text: str) -> None:
    (model,) = analyze(text, "drawn.seq", diagnose=False).models
    assert _wires(draw_wirings(wirings(model.spec))) == _wires(text)
