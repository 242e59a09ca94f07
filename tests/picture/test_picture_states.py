"""State wires between blocks, and to and from junctions."""

from __future__ import annotations

import pytest

from tests.picture.drawing import Drawn

HANDS = [
    ("none", "E E D D", ""),
    ("to the right", "E-E-D-D", "E-D"),
    ("arrows", "E>E>D>D", "E-D"),
    ("to the left", "D<D<E<E", "E-D"),
    ("a plain wire between chains that run left", "D<D-E<E", "E-D"),
    ("a lone node hands on", "E-D-D", "E-D"),
    ("a lone node takes", "E-E-D", "E-D"),
    ("three in a row", "E-E-D-D-F-F", "E-D D-F"),
    ("from bidirectional to forward", "E=E-D-D", "E-D"),
    ("bidirectional to bidirectional", "E=E=D=D", "E=D"),
    ("over a passing wire", "  Y\n  |\nE-|-D\n| | |\nA B C", "E-D"),
    ("over an ellipsis", "E-...-E-D-D", "E-D"),
    ("a final state", "     Y\n     |\nH-H--+", "H^"),
    ("a final state at the left end", "Y\n|\n+-H<H", "H^"),
    ("a final state of bidirectional, right", "      Y\n      |\nH=H---+", "H^"),
    ("a final state of bidirectional, left", "Y\n|\n+--H=H", "H^"),
    ("an initial state", "+-D-D\n|\nA", "vD"),
    ("an initial state at the right end", "D<D-+\n    |\n    A", "vD"),
    ("an initial state of bidirectional", "+=D=D\n|\nA", "vD"),
    ("both ends", "      Y\n      |\n+-D-D-+\n|\nA", "vD D^"),
    ("a junction between two chains", "    Y\n    |\nE-E-+-D-D", "E^ vD"),
]


@pytest.mark.parametrize(("picture", "hands"), [h[1:] for h in HANDS], ids=[h[0] for h in HANDS])
def test_hands(picture: str, hands: str) -> None:
    drawn = Drawn.of(picture)
    assert drawn.problems() == []
    assert drawn.hands() == hands


BROKEN = [
    ("bidirectional handed to forward by two wires", "E=E=D-D", "SEQ210 1:3"),
    ("forward handed to bidirectional by two wires", "E-E=D=D", "SEQ210 1:3"),
    ("at the wrong end of the giver", "E<E>D>D", "SEQ210 1:3"),
    ("at the wrong end of the taker", "E>E>D<D", "SEQ210 1:3"),
    ("an arrow points into the end", "      Y\n      |\nH>H--<+", "SEQ210 3:7"),
    ("two ways to a junction of a chain", "    Y\n    |\nH-H=+", "SEQ210 3:5"),
    (
        "a bidirectional chain's junction is wired on both sides",
        "    Y\n    |\nH=H-+\n    |\n    A",
        "SEQ210 3:5",
    ),
    ("a final state that nothing takes", "H-H-+\n| |\nA B", "SEQ205 1:5"),
    ("an initial state from nothing", "+-H-H\n  | |\n  A B", "SEQ205 1:1"),
]


@pytest.mark.parametrize(
    ("picture", "problems"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_broken(picture: str, problems: str) -> None:
    assert " ".join(Drawn.of(picture).problems()) == problems
