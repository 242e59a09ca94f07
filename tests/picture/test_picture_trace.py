r"""Wires: every character, junctions and buses, crossings, and where what ends in nothing is reported."""

from __future__ import annotations

import pytest

from tests.picture.drawing import Drawn

WIRES = [
    ("straight", "B\n|\nA", "B|A"),
    ("arrow", "B\n^\nA", "B|A"),
    ("slash foot and head", "  B\n /\nA", "B/A"),
    ("backslash foot and head", "B\n \\\n  A", "B\\A"),
    ("long slash", "   B\n  /\n /\nA", "B/A"),
    ("long backslash", "B\n \\\n  \\\n   A", "B\\A"),
    ("slash from a bar", "  B\n /\n|\nA", "B/A"),
    ("bar on a slash", "  B\n  |\n /\nA", "B|A"),
    ("backslash on a bar", "B\n \\\n  |\n  A", "B\\A"),
    ("one to three", "B C D\n \\|/\n  A", "B\\A C|A D/A"),
    ("three to one", "  D\n /|\\\nA B C", "D/A|B\\C"),
    ("in order of the sides", "  D\n /|\nA B", "D/A|B"),
    ("two nodes on top of each other", "B\nA", ""),
    ("two rows", "C\n|\nB\n|\nA", "B|A C|B"),
    ("a row crossed by a wire", "C\n|\n| B\n| |\nA A", "B|A2 C|A1"),
    ("a wire crosses a state wire", "  C\n  |\nH-|-H\n| | |\nA B D", "H1|A H2|D C|B"),
    ("a skip beside a node", "C\n|\\\nB |\n|/\nA", "B|A C|B\\A"),
    ("a skip through two rows", "D\n|\\\nC |\n| |\nB |\n|/\nA", "B|A C|B D|C\\A"),
    ("wires that cross", "B   C\n \\ /\n  |\n  A", "B\\A C/A"),
    ("a fork without a junction", "B C\n| |\n|/\nA", "B|A C|A"),
    ("a window", "Y Y\n|/|\nA B", "Y1|A Y2/A|B"),
    ("one bar from two slanted wires", "  C\n  |\n / \\\nA   B", "C|(A B)"),
    ("a junction as a corner", "  B\n  |\n+-+\n|\nA", "B|(A)"),
    ("a junction on a node", "B\n+\nA", "B|(A)"),
    ("a junction between wires", "B\n|\n+\n|\nA", "B|(A)"),
    ("a fork", "B C D\n| | |\n+-+-+\n  |\n  A", "B|(A) C|(A) D|(A)"),
    ("a gathering", "  D\n  |\n+-+-+\n| | |\nA B C", "D|(A B C)"),
    ("every source to every target", "C D\n| |\n+-+\n| |\nA B", "C|(A B) D|(A B)"),
    ("sources by column", "  D\n  |\n+-+-+-+\n|   | |\nA   B C", "D|(A B C)"),
    ("a bus across a bar", "B C D\n| | |\n+-|-+\n| |\nA E", "B|(A) C|E D|(A)"),
    ("a bus across an arrow", "B C D\n| ^ |\n+-^-+\n| ^\nA E", "B|(A) C|E D|(A)"),
    ("two buses in a row", "C D E F\n| | | |\n+-+ +-+\n|   |\nA   B", "C|(A) D|(A) E|(B) F|(B)"),
    ("neighbouring junctions are a bus", "BC\n||\n++\n|\nA", "B|(A) C|(A)"),
    ("a bus on a bus", "B C D\n| | |\n+-+ |\n|   |\n+---+\n|\nA", "B|((A)) C|((A)) D|(A)"),
    ("a slash out of a junction", "  B\n /\n+\n|\nA", "B/(A)"),
    ("a slash into a junction", "  B\n  |\n  +\n /\nA", "B|(A)"),
    ("three wires into a junction", "  D\n  |\n  +\n /|\\\nA B C", "D|(A B C)"),
    ("the final state", "     Y\n     |\nH-H--+\n| |\nA B", "H1|A H2|B Y|(*H)"),
    (
        "the final state over a bus",
        "Y     Z\n|     |\n+-----+\n|\n+--H<H\n   | |\n   A B",
        "H1|A H2|B Y|((*H)) Z|((*H))",
    ),
    ("the initial state", "+--D-D\n|\nA", "D<(A)"),
    (
        "the initial state from a final state",
        "    +-D-D\n    |\nE-E-+\n| |\nA B",
        "E1|A E2|B D<((*E))",
    ),
    ("the initial state beside wires", "+-D-D\n| | |\nA B C", "D1|B D2|C D<(A)"),
]


@pytest.mark.parametrize(("picture", "wires"), [w[1:] for w in WIRES], ids=[w[0] for w in WIRES])
def test_wires(picture: str, wires: str) -> None:
    drawn = Drawn.of(picture)
    assert drawn.problems() == []
    assert drawn.wires() == wires


BROKEN = [
    ("ends above everything", "|\nA", "SEQ201 1:1"),
    ("ends beside the node", "B\n |\nAA", "SEQ201 2:2"),
    ("starts below everything", "B\n|", "SEQ202 2:1"),
    ("starts beside the node", "BB\n |\nA", "SEQ202 2:2"),
    ("both ends of one wire", " B\n|\n A", "SEQ202 2:1"),
    ("the head of a slash", "B\n/\nA", "SEQ202 2:1"),
    ("the foot of a slash", " B\n/\nA", "SEQ202 2:1"),
    ("a slash into a corner", "B\n|\n/\nA", "SEQ202 3:1"),
    ("a long wire is one finding", "|\n|\n|\nA", "SEQ201 1:1"),
    ("a long wire from nothing is one finding", "B\n|\n|\n|", "SEQ202 4:1"),
    ("every wire of a row", "|||\nABC", "SEQ201 1:1 SEQ201 1:2 SEQ201 1:3"),
    ("beside an ellipsis", "B ... B\n|  |  |\nA ... A", "SEQ202 2:4"),
    ("a junction without a source", "B\n|\n+", "SEQ205 3:1"),
    ("a junction without a target", "+\n|\nA", "SEQ205 1:1"),
    ("an end of a bus", "B\n|\n+-+\n|\nA", "SEQ205 3:3"),
    ("a bus that ends in a blank", "B\n|\n+--\n|\nA", "SEQ204 3:3"),
    ("a bus that begins in a blank", "  B\n  |\n--+\n  |\n  A", "SEQ204 3:1"),
    ("a bus with a gap", "B   C\n|   |\n+- -+\n|   |\nA   D", "SEQ204 3:2"),
    ("a bus meets a slash", "B D C\n| | |\n+-/-+\n|/\nAE", "SEQ203 3:3"),
    ("a bus meets a backslash", "B D C\n| | |\n+-\\-+\n|\nA", "SEQ203 3:3"),
    ("state in a row of wires", "B C\n| |\n+>+\n|\nA", "SEQ206 3:2"),
    ("a state wire ends in a blank", "H-H-\n| |\nA B", "SEQ207 1:4"),
    ("a state wire begins in a blank", "-H-H\n | |\n A B", "SEQ207 1:1"),
    ("a state wire with a gap", "H- -H\n|   |\nA   B", "SEQ207 1:2"),
    ("a state wire meets a slash", "  C\nH-/-H\n|/  |\nA   B", "SEQ203 2:3"),
    ("a state wire both ways", "H<->H\n|   |\nA   B", "SEQ208 1:2"),
    ("a chain that turns", "H>H<H\n| | |\nA B C", "SEQ208 1:1"),
    ("dots that are no ellipsis", "A .. B", "SEQ211 1:3"),
    ("an ellipsis by itself", "...\n|\nA", "SEQ211 1:1"),
]


@pytest.mark.parametrize(
    ("picture", "problems"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_broken(picture: str, problems: str) -> None:
    assert " ".join(Drawn.of(picture).problems()) == problems


MISSED = [
    ("B\n |\nAA", "in column 2 of the row above; the nearest is `B` in column 1"),
    ("   B\n|\nA", "in column 1 of the row above; the nearest is `B` in column 4"),
    ("B\n|\n  A", "in column 1 of the row below; the nearest is `A` in column 3"),
    ("B ... B\n|  |  |\nA ... A", "ellipsis"),
    ("B       B\n|   |\nA   AA", "column 5 of the row above is empty"),
    ("|\nA", "there is no row above"),
    ("B\n|", "there is no row below"),
]


@pytest.mark.parametrize(("picture", "hint"), MISSED)
def test_what_a_wire_missed(picture: str, hint: str) -> None:
    assert hint in " ".join(item.hint for item in Drawn.of(picture).diagnostics)
