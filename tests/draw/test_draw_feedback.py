"""What is fed back is drawn in a color of its own: delayed nodes, lines to them, and edges of diagrams."""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from pathlib import Path

import pytest

import seqdsl
from seqdsl.draw.layout import lay_out
from seqdsl.draw.scene import Node, Point
from seqdsl.draw.themes import LIGHT
from seqdsl.formatter.format import format_text
from tests.compiled import compiled as models_of

PICTURE = """\
    Y Y Y
    | | |
D-D-D-D-D
| | | | |
X X X y y

X = input(1)
D = lstm(32)
Y = dense(1)
"""
MODEL = seqdsl.compile(PICTURE, "forecast.seq")
PLAIN = seqdsl.compile("Y Y   dense(1)\n| |\nX X   input(8)\n", "plain.seq")


def text(model: seqdsl.Model, form: str) -> str:
    drawn = model.draw(form)
    assert isinstance(drawn, str)
    return drawn


def test_delayed_nodes_and_lines_to_them() -> None:
    svg = text(MODEL, "svg")
    assert svg.count("y: Y one step earlier") == 1
    assert 'class="feedback"' in svg
    assert svg.count('class="delayed"') == 1
    # Two lines down to the delayed nodes, two up from them.
    assert svg.partition('class="feedback" d="')[2].partition('"')[0].count("M") == 4


NARX = """\
    Y       Y       Y
    |       |       |
    H       H       H
   /|\\     /|\\     /|\\
  p | P   p | P   p | P
    | |     | |     | |
    X y     X y     X y

X = input(2)
P = concat
H = dense(6, tanh)
Y = dense(1)
"""
EXAMPLES = Path(__file__).parents[2] / "examples"
LOOPS = [
    compiled
    for path in sorted(EXAMPLES.glob("*.seq"))
    for compiled in models_of(path)
    if any(
        compiled.drawing.earlier_nodes(unit)
        for block in compiled.drawing.delayed
        for unit in range(block.first, block.first + block.count)
    )
]
"""But those of one step, whose delayed nodes give what the call before gave: no line leads there."""


@pytest.mark.parametrize("model", [*LOOPS, seqdsl.compile(NARX, "narx")], ids=lambda m: m.name)
def test_no_line_runs_through_a_node(model: seqdsl.Model) -> None:
    """What is fed back goes around all other nodes: a line into the side of one would be read as its own."""
    scene = lay_out(model)
    nodes = [node for group in scene.groups for node in group.nodes]
    ways = [wire.points for wire in scene.wires if wire.line == "feedback" and bends(wire.points)]
    assert ways
    for points in ways:
        start, end = (min(nodes, key=lambda node: away(node, at)) for at in (points[0], points[-1]))
        # A sum has its sign in the place of its letter.
        is_own = start.text.lower() == end.text or not start.text.isalpha()
        assert is_own and start.center.x < end.center.x
        for part in pairwise(points):
            met = [node.text for node in nodes if node not in (start, end) and meets(node, *part)]
            assert not met, f"from {start.text} to {end.text}: {met}"


def bends(points: tuple[Point, ...]) -> bool:
    """Whether a line comes from a letter: those that leave delayed nodes lead upward."""
    return points[-2].y == points[-1].y


def away(node: Node, at: Point) -> float:
    return hypot(node.center.x - at.x, node.center.y - at.y)


def meets(node: Node, start: Point, end: Point) -> bool:
    """Whether an upright or level line touches a node."""
    (left, right), (top, bottom) = sorted((start.x, end.x)), sorted((start.y, end.y))
    beside = max(left - node.center.x, node.center.x - right) - node.width / 2
    return max(beside, max(top - node.center.y, node.center.y - bottom) - node.height / 2) < 1


def test_other_drawings_are_as_they_were() -> None:
    assert "feedback" not in text(PLAIN, "svg")
    assert LIGHT.feedback not in text(PLAIN, "dot") + text(PLAIN, "mmd")


def test_diagrams_have_edges_of_what_is_fed_back() -> None:
    edges = [line for line in text(MODEL, "dot").splitlines() if LIGHT.feedback in line]
    assert len(edges) == 2
    assert all("constraint=false" in line for line in edges)
    assert f"stroke:{LIGHT.feedback}" in text(MODEL, "mmd")


def test_it_is_formatted_as_it_is_drawn() -> None:
    assert format_text(PICTURE, "forecast.seq").text == PICTURE
    wide = "  D    D    D\n /|   /|   /|\nd M  d M  d M\n  |    |    |\n  X    X    X\n\nM = dense(2)\nD = gru(3)\n"
    formatted = format_text(wide, "wide.seq").text
    assert formatted is not None
    assert formatted != wide
    assert format_text(formatted, "wide.seq").text == formatted
    assert str(seqdsl.compile(formatted).ir) == str(seqdsl.compile(wide).ir)


def test_explained_in_a_sentence() -> None:
    words = " ".join(MODEL.explain().split())
    assert "`D` and `Y` run together, step by step: `D` reads `Y` one step earlier." in words
    assert "continues after the last of them with what is fed back as its input" in words
