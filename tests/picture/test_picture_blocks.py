"""Blocks: which nodes are one application of one layer, and which way their state runs."""

from __future__ import annotations

import pytest

from tests.picture.drawing import Drawn

GROUPS = [
    ("one node", "A", "A1"),
    ("a run", "AAA", "A3"),
    ("blanks do not part", "A   A A", "A3"),
    ("another letter parts", "A A B B A", "A2 B2 A1"),
    ("O is a letter", "O O A", "O2 A1"),
    ("bottom row first", "B B\n| |\nA A", "A2 B2"),
    ("a passing wire does not part", "B C D\n| | |\nA | A\n| | |\nX X X", "X3 A2 B1 C1 D1"),
    ("a junction that only passes does not part", "  C\n  |\nA + A\n| | |\nX X X", "X3 A2 C1"),
    ("drawn state", "H-H-H", "H3>"),
    ("drawn forward", "H>H>H", "H3>"),
    ("drawn both ways of writing", "H-H>H", "H3>"),
    ("drawn backward", "H<H<H", "H3<"),
    ("drawn bidirectional", "H=H=H", "H3="),
    ("of any length", "H---H--->H", "H3>"),
    ("a gap", "H-H H-H", "H2> H2>"),
    ("a gap before a lone node", "H-H H", "H2> H1"),
    ("a letter that is touched is parted everywhere", "H-D H H", "H1 D1 H1 H1"),
    ("another letter of the row is not", "H-H E E", "H2> E2"),
    ("touched in one row only", "H-H\n| |\nH H", "H2 H2>"),
    ("a hand-over", "E-E-D-D", "E2> D2>"),
    ("two directions in a row", "F>F B<B", "F2> B2<"),
    ("a junction parts a chain", "H-+-H", "H1 H1"),
    ("an ellipsis in between", "A ... A", "A1.1"),
    ("an ellipsis at the end", "A A ...", "A2."),
    ("an ellipsis at the start", "... A A", "A.2"),
    ("two ellipses", "A ... A ... A", "A1.1.1"),
    ("a named ellipsis", "A ..n.. A", "A1.1"),
    ("a joined ellipsis", "H-...-H", "H1.1>"),
    ("a joined ellipsis, backward", "H<..n..<H", "H1.1<"),
    ("an ellipsis before another letter", "A ... A B ... B", "A1.1 B1.1"),
    ("a joined ellipsis ends a block", "E-E-... D-D", "E2.> D2>"),
    ("a joined ellipsis begins a block", "E-E ...-D-D", "E2> D.2>"),
]


@pytest.mark.parametrize(("picture", "groups"), [g[1:] for g in GROUPS], ids=[g[0] for g in GROUPS])
def test_groups(picture: str, groups: str) -> None:
    drawn = Drawn.of(picture)
    assert drawn.problems() == []
    assert drawn.groups() == groups


BROKEN = [
    ("an ellipsis alone", "A\n|\n...", "SEQ211 3:1"),
    ("an ellipsis between two letters", "A ... B", "SEQ211 1:3"),
    ("two ellipses side by side", "A ... ... A", "SEQ211 1:3"),
    ("a chain stops at its ellipsis", "H-H ... H-H", "SEQ211 1:5"),
    ("a chain is joined on one side only", "H-...  H-H", "SEQ211 1:3"),
    ("an ellipsis joined to two letters", "E-...-D-D", "SEQ211 1:3"),
    ("a chain that turns", "H>H<H", "SEQ208 1:1"),
    ("a chain one way, then both", "H-H=H", "SEQ208 1:1"),
]


@pytest.mark.parametrize(
    ("picture", "problems"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_broken(picture: str, problems: str) -> None:
    assert " ".join(Drawn.of(picture).problems()) == problems


def test_units_are_numbered_bottom_row_first() -> None:
    drawn = Drawn.of("C D\n| |\nA B")
    assert [(block.letter, block.first) for block in drawn.blocks] == [
        ("A", 0),
        ("B", 1),
        ("C", 2),
        ("D", 3),
    ]


@pytest.mark.parametrize(
    ("picture", "is_vector"), [("A", True), ("A A", False), ("A ...", False), ("... A", False)]
)
def test_a_vector_is_one_node(picture: str, is_vector: bool) -> None:
    assert Drawn.of(picture).blocks[0].is_vector is is_vector
