"""Other numbers of steps: what is repeated, left out or elided, and how it is wired then."""

from __future__ import annotations

import pytest

from seqdsl.api import compile
from seqdsl.layout.picture import Bus, Node, Picture, Ref, Row, Side, Unplaceable
from seqdsl.layout.resize import Span, resize
from seqdsl.layout.write import layout, rows
from tests.layout.rebuilt import layout_of, reads

TAGGER = "Y Y Y\n| | |\nX X X\n"
MEMORY = "  A A A\n  | | |\n+-+-+-+\n| | | |\nS X X X\n\nA = concat\n"
PAIRS = "  M     M\n / \\   / \\\nX   X X   X\n\nM = max\n"


@pytest.mark.parametrize(
    ("span", "drawn"),
    [
        (Span(2, 4, 3), ["Y Y Y Y Y", "| | | | |", "X X X X X"]),
        (Span(2, 4, 0), ["Y Y", "| |", "X X"]),
        (
            Span(2, 4, 1, elided=True, names=((0, "n"),)),
            ["Y Y  ...  Y", "| |       |", "X X ..n.. X"],
        ),
        (Span(2, 4, 0, elided=True), ["Y ... Y", "|     |", "X ... X"]),
    ],
)
def test_steps(span: Span, drawn: list[str]) -> None:
    assert rows(resize(layout_of(TAGGER), [span])) == drawn


def test_a_bus_joins_all_copies() -> None:
    """All nodes over the bus read `S` and every `X`."""
    model = compile(layout(resize(layout_of(MEMORY), [Span(4, 6, 3)])))
    expected = {("wire", ("unit", (unit,))) for unit in range(6)}
    assert all(reads(model)[unit] == expected for unit in range(6, 11))


def test_wires_within_a_span_stay_in_their_copy() -> None:
    model = compile(layout(resize(layout_of(PAIRS), [Span(0, 6, 2)])))
    found = [sorted(unit for _, (_, (unit,)) in reads(model)[node]) for node in (6, 7, 8)]
    assert found == [[0, 1], [2, 3], [4, 5]]


def test_what_contradicts_itself_cannot_be_drawn() -> None:
    """A bus takes its sources from left to right."""
    below = Row((Node("X"), Node("X")))
    bus = Bus((Ref(0, 1), Ref(0, 0)))
    with pytest.raises(Unplaceable, match="contradict"):
        layout(Picture((below, Row((Node("Y", ((Side.BELOW, bus),)),)))))


def test_a_wire_from_the_right_is_drawn_from_the_right() -> None:
    """Without places: what a slanted wire reads stands on the side from which it comes."""
    below = Row((Node("X"), Node("X")))
    above = Row((Node("Y", ((Side.RIGHT, Ref(0, 0)),)), Node("Y", ((Side.LEFT, Ref(0, 1)),))))
    assert rows(Picture((below, above))) == ["Y     Y", " \\   /", "  X X"]
