"""A row that is read by its letter is drawn with lines, as a bus from all its nodes to all that read it."""

from __future__ import annotations

from itertools import pairwise

import pytest

import seqdsl
from seqdsl.draw.layout import lay_out
from seqdsl.draw.scene import Node, Point, Scene

BESIDE = """\
E E E   C C
| | |   | |
X X X   Z Z
"""
# The row that is read is the higher one, and there is no room in its columns.
ABOVE = """\
E E E   Y Y
| | |   | |
F F F   D D
| | |   | |
| | |   C C
| | |   | |
X X X   Z Z
"""
BETWEEN = """\
F F F   C C
| | |   | |
K K K   D D
| | |   | |
E E E   | |
| | |   | |
X X X   Z Z
"""
CALLS = """
X = input(3)
Z = input(3)
E = dense(4)
C = attention(E{}, score=additive, key=4)
"""
DENSE = "{0} = dense(4)\n"


def _scene(drawn: str, more: str = "") -> Scene:
    calls = "".join(DENSE.format(letter) for letter in "FKDY" if letter in drawn)
    return lay_out(seqdsl.compile(drawn + CALLS.format(more) + calls))


def _nodes(scene: Scene, letter: str = "") -> list[Node]:
    return [
        node for group in scene.groups for node in group.nodes if node.text == (letter or node.text)
    ]


def _is_beside(point: Point, node: Node) -> bool:
    """Whether a point is on the upper or lower side of a node, and not in the middle of it."""
    away = abs(point.x - node.center.x)
    return 1 < away < node.width / 2 and _on_side(point, node)


def _on_side(point: Point, node: Node) -> bool:
    return abs(abs(point.y - node.center.y) - node.height / 2) < 0.1


def _crosses(first: Point, last: Point, node: Node) -> bool:
    """Whether a part of a line is drawn over a node."""
    (left, right), (top, bottom) = sorted((first.x, last.x)), sorted((first.y, last.y))
    wide, high = node.width / 2 - 1, node.height / 2 - 1
    return (
        left < node.center.x + wide
        and right > node.center.x - wide
        and top < node.center.y + high
        and bottom > node.center.y - high
    )


@pytest.mark.parametrize(
    ("drawn", "more"),
    [(BESIDE, ""), (ABOVE, ""), (BETWEEN, ""), (BETWEEN, ", keys=K"), (ABOVE, ", keys=F")],
)
def test_all_nodes_lead_to_all_readers(drawn: str, more: str) -> None:
    scene = _scene(drawn, more)
    firsts = [wire.points[0] for wire in scene.wires]
    tips = [wire.points[-1] for wire in scene.wires if wire.arrow]
    read = ["E", more[-1:]] if more else ["E"]
    for letter in read:
        for node in _nodes(scene, letter):
            assert any(_is_beside(point, node) for point in firsts)
    for node in _nodes(scene, "C"):
        assert sum(_is_beside(point, node) for point in tips) == len(read)
    # Other wires begin within their nodes, which are drawn over them.
    nodes = _nodes(scene)
    ends = [(wire, (wire.points[0], wire.points[-1])) for wire in scene.wires]
    lines = [
        wire for wire, two in ends if any(_is_beside(end, node) for end in two for node in nodes)
    ]
    parts = [part for wire in lines for part in pairwise(wire.points)]
    assert not [part for part in parts for node in nodes if _crosses(*part, node)]


def test_a_row_that_wires_lead_from_has_no_second_line() -> None:
    drawn = "C C C\n| | |\nE E E\n| | |\nX X X\n"
    scene = lay_out(seqdsl.compile(drawn + CALLS.format("").replace("Z = input(3)\n", "")))
    assert not any(
        _is_beside(wire.points[-1], node) for wire in scene.wires for node in _nodes(scene)
    )
    assert not scene.joints
