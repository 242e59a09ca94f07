"""Models called over steps that hold grids: one value for each step, or the places of each as a sequence."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.verifier import verify
from seqdsl.pipeline import analyze

WORD = "    V   dense(2)\n    |\nH-H-H   gru(4)\n| | |\nX X X   input(5)"
FRAME = "V   dense(2)\n|\nF   flatten\n|\nX   input(4, 4, 1)"
SAME = "H H ... H   gru(4)\n| |     |\nX X ... X   input(5)"
MAKES = "Y Y Y   dense(2)\n| | |\nS S S   split\n| | |\n+-+-+\n|\nX   input(6)"
IMAGES = (
    "    V   dense(2)\n    |\nH-H-H   gru(4)\n| | |\nF F F   flatten\n| | |\nX X X   input(4, 4, 1)"
)
ROW = "T T T   part\n| | |\nZ Z Z   {read}"


def text(part: str, read: str, whole: str = ROW) -> str:
    """A file of two models."""
    return f"model part\n{part}\n\nmodel whole\n{whole.format(read=read)}\n"


@pytest.mark.parametrize(
    ("part", "read", "whole", "shape"),
    [
        # Each step holds what the model takes: a value, or three places as its steps.
        (FRAME, "input(4, 4, 1)", ROW, (3, 2)),
        (WORD, "input(3, 5)", ROW, (3, 2)),
        (WORD, "input(3, 5)", "T   part\n|\nZ   {read}", (2,)),
        # The row as a whole, as its steps are what the model takes.
        (IMAGES, "input(4, 4, 1)", "T   part\n|\n+-+-+\n| | |\nZ Z Z   {read}", (2,)),
        # A sequence for each step is a grid.
        (SAME, "input(7, 5)", ROW, (3, 7, 4)),
        (MAKES, "input(6)", ROW, (3, 3, 2)),
    ],
)
def test_how_a_model_reads_grids(part: str, read: str, whole: str, shape: tuple[int, ...]) -> None:
    graph = seqdsl.compile(text(part, read, whole)).ir
    (output,) = graph.outputs
    assert tuple(size.value(graph.defaults) for size in output.shape) == shape
    assert verify(graph) == ()
    assert parse(str(graph)) == graph
    assert from_json(to_json(graph)) == graph


@pytest.mark.parametrize(
    ("part", "read", "whole", "message"),
    [
        (FRAME, "input(4, 5, 1)", ROW, "takes grids of 4×4, and reads grids of 4×5"),
        (FRAME, "input(16)", ROW, "takes grids of 4×4, and reads features alone"),
        (WORD, "input(4, 5)", ROW, "takes 3 steps, and reads 4"),
        (WORD, "input(3, 4)", ROW, "takes 5 features, and reads 4"),
        (WORD, "input(2, 3, 5)", ROW, "takes features alone, and reads grids of 2×3"),
        (WORD, "input(3, 5)", "T   part\n|\n+-+-+\n| | |\nZ Z Z   {read}", "several steps of grids"),
    ],
)  # fmt: skip
def test_grids_that_a_model_does_not_take(part: str, read: str, whole: str, message: str) -> None:
    found = [item for item in analyze(text(part, read, whole)).diagnostics if item.is_error]
    assert [item.code for item in found] == ["SEQ134"]
    assert message in found[0].message


def test_a_called_model_that_takes_other_places_is_no_graph() -> None:
    graph = str(seqdsl.compile(text(WORD, "input(3, 5)")).ir)
    wrong = parse(graph.replace("[3, 3, 5]", "[3, 4, 5]").replace("grid=[3]", "grid=[4]"))
    assert any("%part_t" in problem.where for problem in verify(wrong))


def test_steps_of_grids_side_by_side_are_no_grid() -> None:
    text = "  V   flatten\n  |\n+-+-+\n| | |\nX X X   input(2, 2, 1, mask=0)"
    found = [item for item in analyze(text).diagnostics if item.is_error]
    assert [item.code for item in found] == ["SEQ319"]
