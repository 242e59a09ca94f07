"""Small pictures and their canonical form, one for each rule of docs/format.md."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.formatter.format import format_text
from seqdsl.formatter.meaning import meaning

TABLE = [
    (
        "nodes of a block are equally far apart",
        r"""
O  O     O
|  |     |
O  O     O
""",
        r"""
O O O
| | |
O O O
""",
    ),
    (
        "blocks that are set apart stay so, and those over and under them follow",
        r"""
Y  Y      Y  Y
|  |      |  |
H--H      H--H
|  |      |  |
X  X      X  X
""",
        r"""
Y Y   Y Y
| |   | |
H-H   H-H
| |   | |
X X   X X
""",
    ),
    (
        "a bus that is drawn evenly stays even",
        r"""
       Y
       |
    +--+--+
    |     |
H-H-H     K-K-K
| | |     | | |
X X X     Z Z Z
""",
        r"""
      Y
      |
    +-+-+
    |   |
H-H-H   K-K-K
| | |   | | |
X X X   Z Z Z
""",
    ),
    (
        "slanted wires keep their slope, and set the pitch of the others",
        r"""
  M      M
 / \    / \
X   X  X   X
""",
        r"""
  M       M
 / \     / \
X   X   X   X
""",
    ),
    (
        "the topmost block gives way",
        r"""
  M     Y   Y          Y
 / \    |   |          |
X   X   X   X   X      X
""",
        r"""
  M     Y   Y       Y
 / \    |   |       |
X   X   X   X   X   X
""",
    ),
    (
        "ellipses of one stretch have one middle",
        r"""
O    …    O
|         |
O ..n..   O
""",
        r"""
O  ...  O
|       |
O ..n.. O
""",
    ),
    (
        "an ellipsis may begin a picture",
        r"""
   …  O O
      | |
 ..n..O O
""",
        r"""
 ...  O O
      | |
..n.. O O
""",
    ),
    (
        "arrows are as long as they must be",
        r"""
H>>>>H->>H      B<<B<--B
|    |   |      |  |   |
X    X   X      X  X   X
""",
        r"""
H>H>H   B<B<B
| | |   | | |
X X X   X X X
""",
    ),
    (
        "an arrow over a longer way",
        r"""
  H>>>>>>>H
 / \     / \
X   X   X   X
""",
        r"""
  H------>H
 / \     / \
X   X   X   X
""",
    ),
    (
        "of rows of upright wires one remains, and those with a comment",
        r"""
O O
| |
^ ^
| |  # why
| |
O O
""",
        r"""
O O
| |
| |  # why
O O
""",
    ),
]


@pytest.mark.parametrize(("rule", "drawn", "canonical"), TABLE)
def test_canonical_form(rule: str, drawn: str, canonical: str) -> None:
    assert format_text(drawn.strip("\n")).text == canonical.lstrip("\n")


_ORDER = "| |\nX Z\nA = dense(2)\nB = dense(3)"
DIFFERENT = [
    ("another model", "O O\n| |\nO O", "O O\n  |\nO O"),
    ("another width", "O O\n| |\nO O\nunits = 3", "O O\n| |\nO O\nunits = 4"),
    ("another name", "model a\nO O\n| |\nO O", "model b\nO O\n| |\nO O"),
    ("another order", f"A B\n{_ORDER}", f"B A\n{_ORDER}"),
    ("a finding", "O O   lstm(4)\n| |\nO O\nunits = 3", "O O   lstm(4)\n| |\nO O"),
    ("one model more", "O O\n| |\nO O", "O O\n| |\nO O\nmodel b\nO O\n| |\nO O"),
]


@pytest.mark.parametrize(("what", "one", "other"), DIFFERENT)
def test_another_meaning(what: str, one: str, other: str) -> None:
    assert meaning(analyze(one)) == meaning(analyze(f"# the same\n{one}"))
    assert meaning(analyze(one)) != meaning(analyze(other))
