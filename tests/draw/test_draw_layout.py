"""Scenes: everything is on the canvas, nothing covers anything else, and what is left out is counted."""

from __future__ import annotations

from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from seqdsl.api import compile
from seqdsl.draw.layout import lay_out
from seqdsl.draw.scene import Label, Node, Scene
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)}
# A letter's width in each style, as the widest of the usual fonts have it.
WIDTHS = {
    "title": 13.2,
    "subtitle": 7.3,
    "call": 7.3,
    "facts": 7.3,
    "length": 7.3,
    "hand": 7.0,
}


@cache
def drawing(name: str) -> Scene:
    """The scene of an example; each process collects all tests and runs a part of them."""
    return lay_out(MODELS[name])


Box = tuple[float, float, float, float]


def node_box(node: Node) -> Box:
    x, y = node.center
    return (
        x - node.width / 2,
        y - node.height / 2,
        x + node.width / 2,
        y + node.height / 2,
    )


def label_box(label: Label) -> Box:
    width = WIDTHS[label.style] * len(label.text)
    left = label.at.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[label.anchor] * width
    size = 14 if label.style == "title" else 9
    return (left, label.at.y - size, left + width, label.at.y + 3)


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def nodes_of(scene: Scene) -> list[Node]:
    return [node for group in scene.groups for node in group.nodes]


def boxes(scene: Scene) -> list[Box]:
    return [*map(node_box, nodes_of(scene)), *map(label_box, scene.labels)]


def row(letter: str, count: int) -> str:
    return " ".join(letter * count)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_nothing_covers_anything(name: str) -> None:
    pairs = combinations(boxes(drawing(name)), 2)
    assert [pair for pair in pairs if overlap(*pair)] == []


@pytest.mark.parametrize("name", sorted(MODELS))
def test_everything_is_on_the_canvas(name: str) -> None:
    scene = drawing(name)
    for left, top, right, bottom in boxes(scene):
        assert left >= 0 and top >= 0 and right <= scene.width and bottom <= scene.height
    for wire in scene.wires:
        assert all(0 <= x <= scene.width and 0 <= y <= scene.height for x, y in wire.points)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_arrows_end_at_the_border_of_a_node(name: str) -> None:
    scene = drawing(name)
    around = [node_box(node) for node in nodes_of(scene)]
    around += [(x - 15, y - 15, x + 15, y + 15) for (x, y), _ in scene.dots]
    for wire in scene.wires:
        if wire.arrow:
            x, y = wire.points[-1]
            assert any(overlap((x - 3, y - 3, x + 3, y + 3), box) for box in around)
            # Circles and round corners are smaller than their boxes.
            inside = (x - 1, y - 1, x + 1, y + 1)
            assert not any(
                box[0] + 7 < inside[0] and inside[2] < box[2] - 7 and box[1] + 7 < y < box[3] - 7
                for box in around
            )


def test_the_columns_of_the_picture_are_kept() -> None:
    scene = lay_out(compile("    Y Y\n    | |\nH H H H\n| | | |\nX X X X"))
    by_height: dict[float, list[float]] = {}
    for node in nodes_of(scene):
        by_height.setdefault(node.center.y, []).append(node.center.x)
    top, middle, bottom = (by_height[y] for y in sorted(by_height))
    assert top == middle[2:] == bottom[2:]
    gaps = {round(b - a, 6) for a, b in pairwise(bottom)}
    assert len(gaps) == 1


def test_state_is_drawn_apart_from_values() -> None:
    scene = lay_out(compile("H-H-H\n| | |\nX X X\n\nH = gru(2)"))
    lines = [wire.line for wire in scene.wires]
    assert sorted(lines) == ["data"] * 3 + ["state"] * 2


def test_undrawn_chains_are_drawn() -> None:
    drawn = lay_out(compile("H-H-H\n| | |\nX X X\n\nH = gru(2)"))
    undrawn = lay_out(compile("H H H\n| | |\nX X X\n\nH = gru(2)"))
    assert undrawn.wires == drawn.wires


def test_both_ways_are_two_lines() -> None:
    scene = lay_out(compile("H=H\n| |\nX X\n\nH = gru(2)"))
    right, left = (wire for wire in scene.wires if wire.line == "state")
    assert right.points[0].x < right.points[-1].x
    assert left.points[0].x > left.points[-1].x
    assert right.points[0].y < left.points[0].y


def test_handed_state_is_told() -> None:
    scene = lay_out(compile("E-E-D-D\n| | | |\nX X Z Z\n\nE = lstm(2)\nD = lstm(2)"))
    assert [wire.line for wire in scene.wires].count("hand") == 1
    assert "h, c" in [label.text for label in scene.labels]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("autoencoder-reversed-state", "h, c"),
        ("translation-reversed-source", "h, c"),
        ("attention-free-lengths", "h"),
        ("translation-free-lengths", "h, c"),
    ],
)
def test_a_passed_state_is_one_line_with_one_label(name: str, text: str) -> None:
    scene = drawing(name)
    told = [label.text for label in scene.labels if label.style == "hand"]
    assert told == [text]
    hands = [wire for wire in scene.wires if wire.line == "hand"]
    assert sum(wire.arrow for wire in hands) == 1
    # All parts hang together, whatever their order: each has an end at another's.
    for wire in hands:
        others = {p for other in hands if other is not wire for p in other.points}
        ends = (wire.points[0], wire.points[-1])
        assert len(hands) == 1 or any(
            abs(end.x - p.x) < 1 and abs(end.y - p.y) < 1 for end in ends for p in others
        )


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_passed_state_is_named(name: str) -> None:
    scene = drawing(name)
    arrows = sum(wire.arrow for wire in scene.wires if wire.line == "hand")
    told = sum(label.style == "hand" for label in scene.labels)
    assert bool(told) == bool(arrows)


def test_values_on_a_bus_are_no_state() -> None:
    """What begins a decoder is drawn as state on its way only if nothing but states is on it."""
    scene = lay_out(compile("+-D-D-D\n|\nF\n|\nX\n\nX = input(2)\nF = dense(4)\nD = gru(4)"))
    assert "hand" not in {wire.line for wire in scene.wires}


def test_a_wide_decoder_is_no_wider_than_its_steps() -> None:
    assert drawing("transformer-decoder").width < 850


@pytest.mark.parametrize("name", sorted(MODELS))
def test_rows_that_are_even_in_the_picture_are_even(name: str) -> None:
    scene = drawing(name)
    for group in scene.groups:
        xs = [node.center.x for node in group.nodes]
        assert xs == sorted(xs)
        assert all(right - left >= group.nodes[0].width for left, right in pairwise(xs))


def test_a_long_row_can_be_read_in_a_column() -> None:
    """12 pixels are 4.8 points in a column of 3.3 inches if the drawing is 594 pixels wide."""
    picture = f"{row('H', 60)}\n{row('|', 60)}\n{row('X', 60)}\n\nX = input(8)\nH = lstm(32)"
    assert lay_out(compile(picture)).width < 594


def flat(scene: Scene) -> list[tuple[float, float]]:
    """Where the horizontal lines of state begin and end."""
    lines = (wire.points for wire in scene.wires if wire.line == "state")
    return sorted((min(a.x, b.x), max(a.x, b.x)) for a, b in lines if a.y == b.y)


def test_a_crossing_is_bridged() -> None:
    """The line has a gap where a wire crosses it, and none where it ends in a node."""
    plain = flat(lay_out(compile("Y   Y\n|   |\nH---H\n|   |\nX   X\n\nH = gru(2)")))
    scene = lay_out(
        compile(
            "  C\n /|\\\nH-|-H\n| | |\nX Z X\n\nH = gru(2)\nC = concat\nX = input(2)\nZ = input(3)"
        )
    )
    crossed = flat(scene)
    assert len(plain) == 1
    assert len(crossed) == 2
    (gap,) = [right[0] - left[1] for left, right in pairwise(crossed)]
    assert gap == 6
    middle = (crossed[0][1] + crossed[1][0]) / 2
    assert any({point.x for point in wire.points} == {middle} for wire in scene.wires)
    # Only the part that leads to the node has the head.
    arrows = [wire for wire in scene.wires if wire.line == "state" and wire.arrow]
    assert len(arrows) == 1


@pytest.mark.parametrize(("count", "more"), [(24, 0), (25, 19), (200, 194)])
def test_long_rows_say_how_much_is_left_out(count: int, more: int) -> None:
    wires = row("|", count)
    scene = lay_out(compile(f"{row('H', count)}\n{wires}\n{row('X', count)}\n\nH = gru(2)"))
    told = [label.text for label in scene.labels if label.style == "length"]
    assert told == ([f"{more} more"] * 2 if more else [])
    assert len(nodes_of(scene)) == 2 * (count - more)


def test_a_bus_goes_through_the_gap() -> None:
    bus = "-".join("+" * 60)
    scene = lay_out(
        compile(f"O\n|\n{bus}\n{row('|', 60)}\n{row('H', 60)}\n{row('|', 60)}\n{row('X', 60)}")
    )
    flat = [w for w in scene.wires if w.line == "data" and w.points[0].y == w.points[-1].y]
    ends = sorted((wire.points[0].x, wire.points[-1].x) for wire in flat)
    assert len(ends) > 5
    assert all(abs(a[1] - b[0]) < 0.01 for a, b in pairwise(ends))


def test_tall_pictures_say_how_much_is_left_out() -> None:
    rows = "\n|\n".join("O" * 100)
    scene = lay_out(compile(rows))
    assert "94 more rows" in [label.text for label in scene.labels]
    assert len(nodes_of(scene)) == 6


def test_lengths_have_their_names() -> None:
    scene = lay_out(compile("Y ..n.. Y\n|       |\nX ..n.. X"))
    assert [label.text for label in scene.labels if label.style == "length"] == ["n", "n"]
    assert len(scene.dots) == 2


def test_the_description_tells_the_drawing() -> None:
    scene = lay_out(compile("Y\n|\nH-H\n| |\nX X\n\nX = input(3)\nH = gru(2)\nY = dense(4)"))
    assert scene.description == (
        "many-to-one, N = 1. Inputs: x (2, 3). "
        "Layers from the bottom up: X: input(3) (2, 3); H: gru(2) (2, 2); Y: dense(4) (4,). "
        "Outputs: y (4,)."
    )
