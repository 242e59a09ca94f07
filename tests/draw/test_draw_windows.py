"""The thin lines of a convolution lead to what its window reads, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqdsl.api import Model, compile
from seqdsl.draw.layout import lay_out
from seqdsl.draw.scene import Wire
from seqdsl.draw.windows import window
from seqdsl.layers import Family
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)}

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


def expected_lines(model: Model) -> int:
    """How many steps beside their centres the drawn units of all convolutions read."""
    drawing, count = model.drawing, 0
    for block, settings in zip(drawing.blocks, drawing.settings, strict=True):
        if settings.definition.family is not Family.WINDOW:
            continue
        for unit in range(block.first, block.first + block.count):
            for centre in drawing.trace.entries(unit):
                assert isinstance(centre, int)
                (read,) = (b for b in drawing.blocks if b.first <= centre < b.first + b.count)
                if not read.stretches:
                    steps = range(read.first, read.first + read.count)
                    offsets = window(settings, drawing.values)
                    count += sum(at != 0 and centre + at in steps for at in offsets)
    return count


def window_lines(model: Model) -> list[Wire]:
    return [wire for wire in lay_out(model).wires if wire.line == "window"]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_line_of_every_window_is_drawn(name: str) -> None:
    lines = window_lines(MODELS[name])
    assert len(lines) == expected_lines(MODELS[name])
    assert len({line.points for line in lines}) == len(lines)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_no_line_of_a_window_crosses_a_node(name: str) -> None:
    nodes = [node for group in lay_out(MODELS[name]).groups for node in group.nodes]
    for line in window_lines(MODELS[name]):
        start, end = line.points
        for node in nodes:
            for share in range(1, 20):
                x = start.x + (end.x - start.x) * share / 20
                y = start.y + (end.y - start.y) * share / 20
                inside = abs(x - node.center.x) < node.width / 2 - 1
                assert not (inside and abs(y - node.center.y) < node.height / 2 - 1)


def test_windows_over_rows_between() -> None:
    """The kernels of 2, 3 and 4 of text-cnn are told apart by their lines."""
    ends = [round(line.points[1].y) for line in window_lines(MODELS["text-cnn"])]
    assert [ends.count(y) for y in sorted(set(ends), reverse=True)] == [3, 6, 8]
