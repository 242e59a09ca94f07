"""A row that has nothing but delayed nodes is drawn, and has no line in the legend."""

from __future__ import annotations

import seqdsl

ASKED = """
          Y   Y
          |   |
E-E-E-----D---D
| | |    /|  /|
| | |   C | C |
| | |   | | | |
| | |   d | d |
X X X     Z   Z

X = input(3)
Z = input(2)
E = gru(6)
D = gru(6)
C = attention(E, score=additive)
Y = dense(4)
"""


def test_a_row_of_delayed_nodes_alone_is_drawn() -> None:
    text = str(seqdsl.compile(ASKED, "asked.seq").draw())
    assert "attention" in text
