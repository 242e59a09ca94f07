r"""Pictures that mean the same have the same topology, however they are drawn.

A topology is about paths: what leads from no input, or to no output, is on none.
"""

from __future__ import annotations

import pytest

from seqdsl.analysis.links import Link, LinkKind, Run, Shape
from seqdsl.analysis.live_links import live_links
from tests.lowering.pictures import compiled

ALIKE = {
    "windows of a dense row, and a convolution": (
        "many-to-many last N",
        r"""
K K        dense(2)
|\|\
E E E      dense(3)
| | |
X X X      input(3)
""",
        r"""
K K        conv(2, 2)
| |
E E E      dense(3)
| | |
X X X      input(3)
""",
    ),
    "the last step of a run, and its final state": (
        "encoder-decoder",
        r"""
    M M    output
    | |
    +-+
    |
C-C-C      gru(5)
| | |
E E E      input(1)
""",
        r"""
    M M    output
    | |
C-C-C-+    gru(5)
| | |
E E E      input(1)
""",
    ),
    "a node that nothing enters, beside the one value that is read": (
        "encoder-decoder",
        r"""
  K K      dense(5)
    |
    E      dense(2)
    |
X X X      input(3)
""",
        r"""
K   K      dense(5)
|   |
E E E      dense(2)
    |
X X X      input(3)
""",
    ),
    "what another step reads as well": (
        "many-to-many aligned",
        r"""
S S S      multiply
|/|/|
N N N      input(3)
""",
        r"""
  S   S   S      multiply
 / \ /|  /|
|   | | / |
 \ /  |/  |
  N   N   N      input(3)
""",
    ),
}


@pytest.mark.parametrize("what", ALIKE)
def test_topology_does_not_depend_on_how_it_is_drawn(what: str) -> None:
    wanted, *texts = ALIKE[what]
    assert [str(compiled(text).topology) for text in texts] == [wanted] * len(texts)


def test_links_are_cut_to_what_is_on_paths() -> None:
    r"""The first step of E is not entered, and the second one not read.

    ::

        K   K      two wires lead to K, of which one is on a path
        |   |
        E E E
          | |
        X X X
    """
    shapes = [Shape(3), Shape(3), Shape(2)]
    wires = [
        Link(0, 1, LinkKind.WIRE, (Run(1, 2, 1, 1),)),
        Link(1, 2, LinkKind.WIRE, (Run(0, 2, 0, 2),)),
    ]
    kept = live_links(shapes, wires, [0, 1, 2])
    assert [link.runs for link in kept] == [(Run(2, 1, 2, 1),), (Run(1, 1, 2, 2),)]


@pytest.mark.parametrize(("read", "is_kept"), [((0, 0), False), ((1, 2), True), (None, True)])
def test_bus_over_a_part_of_a_row(read: tuple[int, int] | None, is_kept: bool) -> None:
    shapes = [Shape(3), Shape(3), Shape(None)]
    links = [
        Link(0, 1, LinkKind.WIRE, (Run(1, 2, 1, 1),)),
        Link(1, 2, LinkKind.BUS, read=read),
    ]
    assert (links[1] in live_links(shapes, links, [0, 1, 2])) is is_kept


def test_recurrent_rows_are_whole() -> None:
    shapes = [Shape(3), Shape(3, recurrent=True), Shape(None)]
    links = [
        Link(0, 1, LinkKind.WIRE, (Run(0, 3, 0, 1),)),
        Link(1, 2, LinkKind.WIRE, (Run(0, 1, 1, 1),)),
    ]
    assert live_links(shapes, links, [0, 1, 2]) == links
