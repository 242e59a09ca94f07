"""Which nodes a cursor is about, and the drawing in which they are highlighted."""

from __future__ import annotations

import re

import pytest

from seqdsl.editing.made import drawing
from seqdsl.editing.pointed import pointed
from seqdsl.editing.snapshot import snapshot
from tests.editing.editors import marked

HIGHLIGHT = re.compile(r'<rect class="highlight" x="([\d.]+)" y="([\d.]+)"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Y ¶Y   dense(2)\n| |\nH-H   lstm(4)\n| |\nX X   input(3)\n", ["Y2"]),
        # Behind the last node of a row, a cursor still touches it.
        ("Y Y¶   dense(2)\n| |\nH-H   lstm(4)\n| |\nX X   input(3)\n", ["Y2"]),
        ("Y Y   d¶ense(2)\n| |\nH-H   lstm(4)\n| |\nX X   input(3)\n", ["Y1", "Y2"]),
        ("Y Y   dense(2)\n| ¶|\nH-H   lstm(4)\n| |\nX X   input(3)\n", ["H2", "Y2"]),
        ("Y Y\n| |\nH-H\n| |\nX X\n\nX = input(3)\nY = dense(2)\nH = l¶stm(4)\n", ["H1", "H2"]),
        ("Y Y   dense(2)\n| |\nX X   input(3)\n# a ¶comment\n", []),
        ("Y Y   dense(2)\n|¶  |\nX X   input(3)\n", ["X1", "Y1"]),
        # Between two nodes that nothing joins.
        ("Y   ¶ Y   dense(2)\n|     |\nX     X   input(3)\n", []),
        ("Y ... Y   dense(2)\n|     |\nX .¶.. X   input(3)\n", [".1"]),
        ("  Y   dense(2)\n /|\n¶+ |\n| |\nX X   input(3)\n", ["X1", "Y1"]),
        ("> ```seq\n> Y Y\n> | ¶|\n> X X\n> ```\n", ["X2", "Y2"]),
    ],
)
def test_the_nodes_at_a_cursor(text: str, expected: list[str]) -> None:
    text, line, column = marked(text)
    found = snapshot(text, "a.md" if "```" in text else "a.seq")
    place = found.part_at(line, column)
    assert place is not None
    part = place[0]
    names = []
    for at, where in pointed(*place):
        row = part.lines[at - 1]
        char = row[where - 1]
        # The second `Y` of its row is Y2.
        names.append(f"{char}{row[:where].count(char)}")
    assert sorted(names) == sorted(expected)


PICTURE = "Y ..n.. Y   dense(2)\n|       |\nH-..n..-H   lstm(4)\n|       |\nX ..n.. X   input(3)\n"


def test_a_drawing_highlights_them() -> None:
    found = snapshot(PICTURE, "a.seq")
    plain = drawing(found, "a", "light")
    assert "highlight" not in plain and drawing(found, "a", "light", (7, 1)) == plain
    shapes = {
        column: HIGHLIGHT.findall(drawing(found, "a", "light", (3, column))) for column in (1, 5, 9)
    }
    assert [len(item) for item in shapes.values()] == [1, 1, 1]
    # From left to right as in the text.
    places = [float(item[0][0]) for item in shapes.values()]
    assert places == sorted(places) and len(set(places)) == 3
    assert len(HIGHLIGHT.findall(drawing(found, "a", "light", (3, 15)))) == 3


def test_lines_of_another_block_are_none_of_this_one() -> None:
    page = "```seq\nY Y\n| |\nX X\n```\n\ntext\n\n```seq\nY Y Y\n| | |\nX X X\n```\n"
    found = snapshot(page, "a.md")
    first, second = (part.analysis.models[0].name for part in found.parts)
    assert HIGHLIGHT.search(drawing(found, first, "light", (2, 1)))
    assert not HIGHLIGHT.search(drawing(found, second, "light", (2, 1)))


def test_left_out_steps_are_the_dots_in_their_place() -> None:
    row = " ".join("O" * 40)
    wires = " ".join("|" * 40)
    found = snapshot(f"{row}   lstm(2)\n{wires}\n{row}\n", "a.seq")
    assert found.parts[0].analysis.models, found.parts[0].analysis.diagnostics
    two = [HIGHLIGHT.findall(drawing(found, "a", "light", (1, column))) for column in (31, 41)]
    assert len(two[0]) == 1 and two[0] == two[1]
    # The whole row: three steps at each end, and the dots.
    assert len(HIGHLIGHT.findall(drawing(found, "a", "light", (1, 86)))) == 7
