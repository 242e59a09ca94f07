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
    ],
)
def test_feedback(text: str, code: str | None) -> None:
    found = [item.code for item in analyze(text).diagnostics]
    assert found == ([] if code is None else [code])
