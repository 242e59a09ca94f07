"""The thin lines of a convolution lead to what its window reads, worked out by hand."""

from __future__ import annotations

import pytest

from seqdsl.api import compile
from seqdsl.draw.layout import lay_out

STEPS = 6


def windows(
    call: str, above: str = "O O O O O O", wires: str = "| | | | | |"
) -> set[tuple[int, int]]:
    """The step that each thin line comes from, and the one that it leads to."""
    scene = lay_out(compile(f"{above}   {call}\n{wires}\nO O O O O O   input(2)"))
    bottom = max(node.center.y for group in scene.groups for node in group.nodes)
    places = sorted(
        node.center.x for group in scene.groups for node in group.nodes if node.center.y == bottom
    )
    lines = [wire.points for wire in scene.wires if wire.line == "window"]
    assert all(start.y > end.y for start, end in lines)
    return {(places.index(start.x), places.index(end.x)) for start, end in lines}


@pytest.mark.parametrize(
    ("call", "offsets"),
    [
        ("conv(4, 1)", ()),
        ("conv(4, 2)", (1,)),
        ("conv(4, 3)", (-1, 1)),
        ("conv(4, 4)", (-1, 1, 2)),
        ("conv(4, 3, dilation=2)", (-2, 2)),
        ("conv(4, 3, padding=causal)", (-2, -1)),
        ("conv(4, 2, padding=causal, dilation=4)", (-4,)),
    ],
)
def test_window(call: str, offsets: tuple[int, ...]) -> None:
    expected = {
        (step + offset, step)
        for step in range(STEPS)
        for offset in offsets
        if 0 <= step + offset < STEPS
    }
    assert windows(call) == expected


def test_whole_windows() -> None:
    found = windows("conv(4, 3)", "  O O O O", "  | | | |")
    assert found == {(step + offset, step) for step in range(1, 5) for offset in (-1, 1)}


def test_other_layers_have_none() -> None:
    assert not windows("dense(4)")
