"""Cells as data-flow diagrams: nothing overlaps, and each wire leads from its value to what reads it."""

from __future__ import annotations

import random
from itertools import combinations, pairwise
from math import hypot
from pathlib import Path

import pytest

from seqdsl import api
from seqdsl.cells.cell import Cell
from seqdsl.draw.cells import draw_cell
from seqdsl.draw.cells.channels import Net, tracks
from seqdsl.draw.cells.flow import cell_graph
from seqdsl.draw.cells.graph import Role, Source
from seqdsl.draw.cells.layout import NAME_LETTER, PlacedCell, names, place
from seqdsl.draw.errors import UnfitOption
from seqdsl.draw.options import Options
from seqdsl.ir.cells import built_in
from seqdsl.lowering.declared_cells import declared_cells

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
Box = tuple[float, float, float, float]
PICTURE = "H-H   {}(4)\n| |\nX X   input(3)\n"


def cell_of(equations: str, name: str = "some") -> Cell:
    """The cell of some equations, on lines."""
    lines = "".join(f"    {line}\n" for line in equations.splitlines())
    found = api.analyze(f"cell {name}(units):\n{lines}\n{PICTURE.format(name)}")
    assert not found.diagnostics
    kind = declared_cells(found.document.cells)[name]
    assert kind is not None
    return kind.cell


def written_cells() -> dict[str, Cell]:
    """The built-in cells, and those of all examples."""
    found = dict(built_in())
    for path in sorted(EXAMPLES.glob("*.seq")):
        if "\ncell " in (text := "\n" + path.read_text("utf-8")):
            for name, kind in declared_cells(api.analyze(text).document.cells).items():
                assert kind is not None
                found[name] = kind.cell
    return found


def random_cell(seed: int) -> Cell:
    """Equations of anything that may be in a cell, each of values above it."""
    draw = random.Random(seed)
    values, lines = ["x", "h", "c"], []
    for number in range(draw.randrange(3, 12)):
        one, two = draw.choice(values[1:] or values), draw.choice(values[1:])
        forms = (
            f"dense({draw.choice(values)}, {one})",
            f"sigmoid({one})",
            f"{one} {draw.choice('+-*/')} {two}",
            f"(1 - {one}) * {two}",
            f"layernorm({one})",
            f"max({one}, {two}, {draw.choice(values[1:])})",
        )
        lines.append(f"v{number} = {draw.choice(forms)}")
        values.append(f"v{number}")
    last = draw.sample(values[3:], 2)
    return cell_of("\n".join([*lines, f"c = c + {last[0]}", f"h = {last[1]} * tanh(dense(x, c))"]))


# In those of 23 and 41, wires would lie on each other in any order of their tracks.
SEEDS = (*range(8), 23, 41)
CELLS = written_cells() | {f"random{seed}": random_cell(seed) for seed in SEEDS}


def boxes(placed: PlacedCell) -> dict[int, Box]:
    return {
        node: (
            at.x - placed.shapes[node].width / 2,
            at.y - placed.shapes[node].height / 2,
            at.x + placed.shapes[node].width / 2,
            at.y + placed.shapes[node].height / 2,
        )
        for node, at in placed.centers.items()
    }


def meet(one: Box, two: Box) -> bool:
    """Whether two rectangles have more than a border in common."""
    slack = 0.01
    return (
        one[0] < two[2] - slack
        and two[0] < one[2] - slack
        and one[1] < two[3] - slack
        and two[1] < one[3] - slack
    )


def lines(placed: PlacedCell) -> list[tuple[Source, Box]]:
    """All straight parts of wires, each as wide as half a pixel."""
    return [
        (
            way.source,
            (
                min(a.x, b.x) - 0.25,
                min(a.y, b.y) - 0.25,
                max(a.x, b.x) + 0.25,
                max(a.y, b.y) + 0.25,
            ),
        )
        for way in placed.ways
        for a, b in pairwise(way.points)
    ]


def text_boxes(placed: PlacedCell) -> list[Box]:
    return [
        (at.x, at.y - 9, at.x + NAME_LETTER * len(name), at.y + 3) for name, at in names(placed)
    ]


@pytest.mark.parametrize("name", CELLS)
def test_nothing_is_on_anything(name: str) -> None:
    placed = place(cell_graph(CELLS[name]))
    nodes, wires, texts = boxes(placed), lines(placed), text_boxes(placed)
    assert not [pair for pair in combinations([*nodes.values(), *texts], 2) if meet(*pair)]
    # A wire touches the border of its own node; half a pixel of it is within.
    inner = [(a + 0.5, b + 0.5, c - 0.5, d - 0.5) for a, b, c, d in nodes.values()]
    for _, wire in wires:
        assert wire[0] == pytest.approx(wire[2], abs=0.6) or wire[1] == pytest.approx(
            wire[3], abs=0.6
        )
        assert not any(meet(wire, box) for box in (*inner, *texts))
    # Two values cross each other at right angles, and run nowhere beside each other so that they seem to be one.
    for (one, first), (two, second) in combinations(wires, 2):
        if one != two and is_flat(first) == is_flat(second):
            assert not meet(thick(first), thick(second)), (one, two)


def is_flat(wire: Box) -> bool:
    return wire[3] - wire[1] < 0.6


def thick(wire: Box) -> Box:
    """A part of a wire as thick as the room that it needs, which is six pixels."""
    a, b, c, d = wire
    return (a, b - 2.75, c, d + 2.75) if is_flat(wire) else (a - 2.75, b, c + 2.75, d)


@pytest.mark.parametrize("name", CELLS)
def test_each_wire_leads_from_its_value_to_its_reader(name: str) -> None:
    graph = cell_graph(CELLS[name])
    placed = place(graph)
    for node, vertex in enumerate(graph.vertices):
        entering = [way for way in placed.ways if way.node == node]
        assert sorted(way.source for way in entering) == sorted(vertex.inputs)
        assert all(is_on_border(placed, node, way.points[-1]) for way in entering)
    for source in {way.source for way in placed.ways}:
        ways = [way for way in placed.ways if way.source == source]
        # What does not start at the node starts on another part of the same wire.
        parts = [part for value, part in lines(placed) if value == source]
        for way in ways:
            x, y = way.points[0]
            touching = sum(a <= x <= c and b <= y <= d for a, b, c, d in parts)
            assert is_on_border(placed, source.node, way.points[0]) or touching > 1
        assert any(is_on_border(placed, source.node, way.points[0]) for way in ways)


def is_on_border(placed: PlacedCell, node: int, point: tuple[float, float]) -> bool:
    center, shape = placed.centers[node], placed.shapes[node]
    x, y = abs(point[0] - center.x), abs(point[1] - center.y)
    if placed.graph.vertices[node].role is Role.CIRCLE and shape.width == shape.height:
        return hypot(x, y) == pytest.approx(shape.width / 2)
    aside = x == pytest.approx(shape.width / 2) and y <= shape.height / 2
    return aside or (y == pytest.approx(shape.height / 2) and x <= shape.width / 2)


def test_a_state_enters_at_the_left_and_leaves_at_the_right() -> None:
    placed = place(cell_graph(built_in()["lstm"]))
    by_role: dict[Role, list[int]] = {}
    for node, vertex in enumerate(placed.graph.vertices):
        by_role.setdefault(vertex.role, []).append(node)
    xs = [at.x for at in placed.centers.values()]
    assert {placed.centers[node].x for node in by_role[Role.STATE]} == {min(xs)}
    assert {placed.centers[node].x for node in by_role[Role.RESULT]} == {max(xs)}
    (read,) = by_role[Role.READ]
    assert placed.centers[read].y == max(at.y for at in placed.centers.values())


def test_tracks() -> None:
    one, two = Net(Source(0), 0, (50,), rises=False), Net(Source(1), 50, (100,), rises=False)
    # The upper one ends where the lower one starts: its track is on the right.
    assert tracks([one, two]) == ([two, one], True)
    back = Net(Source(1), 50, (0,), rises=False)
    # What changes places lies on the other in both orders; what is straight has no track.
    assert tracks([one, back])[1] is False
    assert tracks([Net(Source(0), 5, (5, 5), rises=False)]) == ([], True)


def test_gates_are_one_box_each() -> None:
    # The sum of two affine maps is one; that of `hn` is not, as it is multiplied first.
    texts = [vertex.lines for vertex in cell_graph(built_in()["gru"]).vertices]
    assert texts.count(("dense", "sigmoid")) == 2
    assert texts.count(("dense",)) == 2 and texts.count(("+",)) == 2
    # A value that is read twice is seen by itself.
    twice = cell_graph(cell_of("a = dense(x, h)\nh = tanh(a) * sigmoid(a)"))
    assert [vertex.lines for vertex in twice.vertices if vertex.is_dense] == [("dense",)]


def test_the_first_operand_of_a_difference_goes_straight_in() -> None:
    graph = cell_graph(cell_of("a = tanh(dense(x, h))\nh = a - h"))
    placed = place(graph)
    node = next(at for at, vertex in enumerate(graph.vertices) if vertex.lines == ("-",))
    assert [item.turns == 0 for item in placed.shapes[node].entries] == [True, False]


def test_other_forms() -> None:
    cell = built_in()["rnn"]
    dot, mermaid = str(draw_cell(cell, "dot")), str(draw_cell(cell, "mmd"))
    assert 'n2 [label="dense\\ntanh"' in dot and "n0 -> n2" in dot
    assert 'n2("dense<br>tanh")' in mermaid and "n0 --> n2" in mermaid
    assert str(draw_cell(cell, "txt")).startswith("cell rnn(units,")
    for form, start in (("png", b"\x89PNG"), ("pdf", b"%PDF-")):
        drawn = draw_cell(cell, form)
        assert isinstance(drawn, bytes) and drawn.startswith(start)
    with pytest.raises(UnfitOption, match="fit is not for cells"):
        draw_cell(cell, "svg", Options(fit="page"))
    with pytest.raises(UnfitOption, match="expand is not for cells"):
        draw_cell(cell, "svg", Options(expand=True))
