"""Feedback that cannot be generated is an error at the argument that asks for it."""

from __future__ import annotations

import pytest

from seqdsl.pipeline import analyze

TWO = """
Y Y Y   V V V
| | |   | | |
H-H-H   G-G-G
| | |   | | |
Z Z Z   X X X

Z = input(1, feedback=Y)
X = input(1, feedback=V)
H = gru(4)
G = gru(4)
Y = dense(1)
V = dense(1)
"""
BESIDE = """
  Y   Y   Y   dense(1)
  |   |   |
  H---H---H   gru(4)
 /|  /|  /|
Z | Z | Z |
  C---C---C   gru(2)
  |   |   |
  X   X   X

X = input(2)
Z = input(1, feedback=Y)
"""
UNEVEN = (
    TWO.replace("V V V\n", "V V V V\n")
    .replace("   | | |\nH", "   | | | |\nH")
    .replace("G-G-G", "G-G-G-G")
    .replace("   | | |\nZ", "   | | | |\nZ")
    .replace("X X X", "X X X X")
)
ONE = "Y Y Y   dense(1)\n| | |\nH-H-H   gru(4)\n| | |\nZ Z Z   input(1, feedback=Y)\n"
GRID = "Y Y Y   dense({width})\n| | |\nF F F   {row}\n| | |\nZ Z Z   {source}\n"
FRAMES = (
    "Y Y Y   conv2d({filters}, 3, stride={stride})\n| | |\nH-H-H   convlstm(2, 3)\n| | |\n"
    "Z Z Z   input(6, 5, 1, feedback=Y)\n"
)
CODES = "Y Y Y   dense(3)\n| | |\nZ Z Z   input(4, 3, feedback=Y, choose=true)\n"
IDS = (
    "Y Y Y   dense(9)\n| | |\nF F F   {row}\n| | |\nE E E   embedding(2)\n| | |\n"
    "Z Z Z   tokens(9, 3, feedback=Y)\n"
)
GRID_BACK = (
    "Y Y Y   P P P\n| | |   | | |\nH-H-H   | | |\n| | |   | | |\nZ Z Z   X X X\n\n"
    "Z = input(3, feedback=P)\nX = input(4, 3)\nY = dense(3)\nP = dense(3)\nH = gru(4)\n"
)

LOOP = """
  Y   Y   Y     {row}
 /|  /|  /|
y | y | y |
  |   |   |
  X   X   X     {source}
"""


@pytest.mark.parametrize(
    ("row", "source", "message"),
    [
        ("conv2d(2, 3)", "input(4, 4, 1)", None),
        ("dense(2)", "input(4, 3)", None),
        (
            "conv2d(2, 3, stride=2)",
            "input(4, 4, 1)",
            "`Y` reads grids of 4×4, and grids of 2×2",
        ),
        (
            "conv2d(2, 3, padding=valid)",
            "input(4, 4, 1)",
            "`Y` reads grids of 4×4, and grids of 2×2",
        ),
        ("mean(grid)", "input(4, 4, 1)", "`Y` reads grids of 4×4, and features alone"),
        ("gru(2)", "input(4, 3)", "`gru` cannot read grids, here of 4 places"),
        (
            "conv2d(2, 3)",
            "input(4)",
            "`conv2d` is for grids of height and width, but here it reads features alone",
        ),
        ("add", "input(4, 3, 1)", None),
    ],
)
def test_grids_in_loops(row: str, source: str, message: str | None) -> None:
    """What a loop's row reads of itself holds the places of what it reads beside it."""
    found = analyze(LOOP.format(row=row, source=source)).diagnostics
    codes = [(item.code, item.message) for item in found if item.is_error]
    assert codes == ([] if message is None else [("SEQ319", message)])


@pytest.mark.parametrize("call", ["rnn(2)", "dense(2)"])
def test_a_single_node_is_no_row_of_a_loop(call: str) -> None:
    """One of a recurrent layer has a state, but no steps."""
    text = (
        "        Y\n        |\n  D-----D-----D\n /|    /|    /|\nX |   X |   y |\n  |     |     |\n"
        f"  Z     Z     Z\n\nZ = input(3)\nX = input(2)\nD = gru(3)\nY = {call}\n"
    )
    assert [item.code for item in analyze(text).diagnostics if item.is_error] == ["SEQ218"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ONE, None),
        (TWO, None),
        (BESIDE, None),
        (BESIDE.replace("C---C---C", "C-<-C-<-C"), None),
        (UNEVEN, "SEQ322"),
        (ONE.replace("H-H-H", "H<H<H"), "SEQ322"),
        (ONE.replace("gru(4)", "conv(4, 3)").replace("H-H-H", "H H H"), "SEQ322"),
        (ONE.replace("feedback=Y", "feedback=Q"), "SEQ321"),
        (ONE.replace("dense(1)", "dense(2)"), "SEQ321"),
        # Grids of the same places, but neither of others, nor ids of places.
        (GRID.format(source="input(4, 3, feedback=Y)", row="dense(3, tanh)", width=3), None),
        (GRID.format(source="input(4, 3, feedback=Y)", row="dense(3)", width=2), "SEQ321"),
        (GRID.format(source="input(4, 3, feedback=Y)", row="flatten", width=12), "SEQ319"),
        (FRAMES.format(filters=1, stride=1), None),
        (FRAMES.format(filters=2, stride=1), "SEQ321"),
        (FRAMES.format(filters=1, stride=2), "SEQ319"),
        (CODES, "SEQ319"),
        (FRAMES.format(filters=1, stride=1).replace("5, 1,", "5, 1, mask=0,"), None),
        (IDS.format(row="flatten"), "SEQ319"),
        (GRID_BACK, "SEQ319"),
    ],
)
def test_feedback(text: str, code: str | None) -> None:
    found = [item.code for item in analyze(text).diagnostics]
    assert found == ([] if code is None else [code])
