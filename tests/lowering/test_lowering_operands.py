"""What each block sees: slices, padding, joins, windows, repeats, as the wires are drawn."""

from __future__ import annotations

import pytest

from seqdsl.api import Model
from seqdsl.ir.operations import Convolve
from tests.lowering.pictures import codes, compiled, seen, shapes

X, H = "X = input(2)", "H = gru(3)"

SEEN = [
    ("aligned", "Y Y Y\n| | |\nX X X", [], "X"),
    ("the last", "  Y Y\n  | |\nX X X", [], "X[1:+2]"),
    ("the first", "Y Y\n| |\nX X X", [], "X[0:+2]"),
    ("a slice", "  Y Y\n  | |\nX X X X", [], "X[1:+2]"),
    ("every second", "Y   Y   Y\n|   |   |\nX X X X X", [], "X[0:+3:2]"),
    ("zeros behind", "Y Y Y Y\n| |\nX X", ["Y = lstm(2)"], "pad(0, X, 2)"),
    ("zeros before", "Y Y Y\n    |\n    X", ["Y = lstm(2)"], "pad(2, X*1, 0)"),
    ("zeros on both sides", "Y Y Y Y\n  | |\n  X X", ["Y = lstm(2)"], "pad(1, X, 1)"),
    ("a slice with zeros", "Y Y Y\n    |\n    X X", ["Y = lstm(2)"], "pad(2, X[0:+1], 0)"),
    ("a step", "  Y\n  |\nX X X", [], "X[1]"),
    ("the last step", "    Y\n    |\nX X X", [], "X[2]"),
    ("the last step of a chain", "    Y\n    |\nH H H\n| | |\nX X X", [H], "final H"),
    ("an inner step of a chain", "  Y\n  |\nH H H\n| | |\nX X X", [H], "H[1]"),
    ("the last step of a backward chain", "Y\n|\nH<H<H\n| | |\nX X X", [H], "final H"),
    ("a step of a bidirectional chain", "    Y\n    |\nH=H=H\n| | |\nX X X", [H], "H[2]"),
    ("the final state", "       Y\n       |\nH=H=H--+\n| | |\nX X X", [H], "final H"),
    ("a vector to every step", "Y Y Y\n| | |\n+-+-+\n|\nX", ["Y = lstm(2)"], "X*3"),
    ("a vector to the first step", "Y-Y-Y\n|\nX", ["Y = lstm(2)"], "pad(0, X*1, 2)"),
    (
        "a vector to some steps",
        "Y-Y-Y-Y\n  | |\n  +-+\n  |\n  X",
        ["Y = lstm(2)"],
        "pad(1, X*2, 1)",
    ),
    ("all at once", "  Y\n  |\n+-+-+\n| | |\nX X X", [], "flat X"),
    ("two of three", "Y\n|\n+-+\n| |\nX X X", [], "flat X[0:+2]"),
    ("two vectors by slanted wires", "  Y\n / \\\nX   Z", ["Z = input(3)"], "(X beside Z)"),
    (
        "two rows side by side",
        "Y   Y\n|\\  |\\\n| Z | Z\n|   |\nX   X",
        ["Z = input(3)"],
        "(X beside Z)",
    ),
    ("a skip beside a row", "Y   Y\n|\\  |\\\nH | H |\n|/  |/\nX   X", [H], "(H beside X)"),
    ("two vectors on a bus", "  Y\n  |\n+-+\n| |\nX Z", ["Z = input(3)"], "(X beside Z)"),
    ("one after the other", "Y Y Y Y\n| | | |\nX X Z Z", ["Z = input(2)"], "(X then Z)"),
    ("a vector, then a sequence", "Y Y Y\n| | |\nZ X X", ["Z = input(2)"], "(Z*1 then X)"),
    ("a causal window", "Y Y Y\n|/|/|\nX X X", [], "X"),
    ("the whole sequence of free length", "Y ... Y\n|     |\nX ... X", [], "X"),
    ("the last of a free length", "        Y Y\n        | |\nX ..n.. X X", [], "X[n - 2:+2]"),
    ("the first of a free length", "Y Y\n| |\nX X ..n.. X", [], "X[0:+2]"),
    ("the last step of a free length", "        Y\n        |\nX ..n.. X", [], "X[n - 1]"),
    ("an ellipsis at the end", "Y Y ...\n| |\nX X ...", [], "X"),
    ("an ellipsis at the start", "... Y Y\n    | |\n... X X", [], "X"),
    (
        "both neighbours of an elided step, from a bus",
        "Y ..n.. Y\n|       |\n+-------+\n|\nX",
        ["Y = lstm(2)", "n = 4"],
        "X*n",
    ),
    (
        "all of a fixed length",
        "        Y\n        |\n+-------+\n|       |\nX ..n.. X",
        ["n = 5"],
        "flat X",
    ),
]


@pytest.mark.parametrize(
    ("picture", "definitions", "wanted"),
    [item[1:] for item in SEEN],
    ids=[item[0] for item in SEEN],
)
def test_what_is_seen(picture: str, definitions: list[str], wanted: str) -> None:
    assert seen(compiled(picture, X, *definitions), "Y") == wanted


# Kernel, stride, dilation, zero steps before and after (negative: steps that no window reaches).
WINDOWS = [
    ("causal", "Y Y Y\n|/|/|\nX X X", (2, 1, 1, 1, 0)),
    ("causal, cut at the end", "Y Y\n|/|\nX X X", (2, 1, 1, 1, -1)),
    ("ahead", "Y Y Y\n|\\|\\|\nX X X", (2, 1, 1, 0, 1)),
    ("valid", "  Y Y\n /|/|\nX X X", (2, 1, 1, 0, 0)),
    ("strided", "  Y   Y\n /|\\ /|\\\nX X X X X", (3, 2, 1, 0, 0)),
    ("next to each other", "  Y     Y\n /|\\   /|\\\nX X X X X X", (3, 3, 1, 0, 0)),
    ("one wire each", "Y Y Y\n| | |\nX X X", None),
    ("one node", "  Y\n /|\\\nX X X", None),
    ("a wire too few", "Y Y Y Y\n|/| |/|\nX X X X", None),
]


def window(model: Model) -> tuple[object, ...] | None:
    block = model.spec.blocks[-1]
    if not isinstance(block.operation, Convolve) or block.layer is None:
        return None
    kernel, dilation = (block.layer.size(name).constant for name in ("kernel", "dilation"))
    pads = (size.constant for size in (block.operation.before, block.operation.after))
    return kernel, block.layer.arguments["stride"], dilation, *pads


@pytest.mark.parametrize(
    ("picture", "wanted"), [item[1:] for item in WINDOWS], ids=[item[0] for item in WINDOWS]
)
def test_windows(picture: str, wanted: tuple[int, ...] | None) -> None:
    assert window(compiled(picture, X, "Y = dense(3)")) == wanted


LENGTHS = [
    ("drawn", "Y Y Y\n| | |\nX X X", [], "x(3, 2) -> y(3, units)"),
    ("fixed by name", "Y ..n.. Y\n|       |\nX ..n.. X", ["n = 9"], "x(n, 2) -> y(n, units)"),
    ("free", "Y ..n.. Y\n|       |\nX ..n.. X", [], "x(n, 2) -> y(n, units)"),
    ("named once", "Y  ...  Y\n|       |\nX ..n.. X", [], "x(n, 2) -> y(n, units)"),
    ("named above", "Y ..n.. Y\n|       |\nX  ...  X", [], "x(n, 2) -> y(n, units)"),
    (
        "more drawn nodes",
        "  Y ..n.. Y Y\n  |       |\nX X  ...  X X",
        [],
        "x(n + 1, 2) -> y(n, units)",
    ),
    ("longer below", "  Y ..n.. Y\n  |       |\nX X  ...  X", [], "x(n + 1, 2) -> y(n, units)"),
    ("last two", "        Y Y\n        | |\nX ..n.. X X", [], "x(n, 2) -> y(2, units)"),
    ("vector", "        Y\n        |\nX ..n.. X", [], "x(n, 2) -> y(units)"),
    (
        "two stretches of one block",
        "Y ..n.. Y  ...  Y\n|       |       |\nX  ...  X  ...  X",
        [],
        "x(n, 2) -> y(n, units)",
    ),
    (
        "a block over two stretches",
        "Y  ...  Y Y  ...  Y\n|       | |       |\nX ..n.. X Z ..m.. Z",
        ["Z = input(2)"],
        "x(n, 2) z(m, 2) -> y(m + n, units)",
    ),
]


@pytest.mark.parametrize(
    ("picture", "definitions", "wanted"),
    [item[1:] for item in LENGTHS],
    ids=[item[0] for item in LENGTHS],
)
def test_lengths(picture: str, definitions: list[str], wanted: str) -> None:
    assert shapes(compiled(picture, X, *definitions)) == wanted


def test_free_lengths_and_their_least() -> None:
    model = compiled("Y ..n.. Y Y\n|       | |\nX  ...  X X", X)
    assert (model.spec.free, model.spec.minimum) == (("n",), {"n": 3})
    assert model.n == ("n",)
    assert compiled("Y ... Y\n|     |\nX ... X", X).n == (None,)


BROKEN = [
    ("two names", "Y ..n.. Y\n|       |\nX ..m.. X", [], ["SEQ307 1:3"]),
    ("too short", "Y ..n.. Y\n|       |\nX  ...  X", ["n = 1"], ["SEQ307 1:3", "SEQ307 3:4"]),
    ("half over an ellipsis", "Y     Y\n|     |\nX ... X", [], ["SEQ310 1:7"]),
    ("two readings", "Y ... Y\n|\nX X X X X", ["Y = lstm(2)"], ["SEQ310 1:3"]),
    ("all steps side by side", "      Y\n      |\n+-----+\n|     |\nX ... X", [], ["SEQ311 1:7"]),
    ("two widths in one operand", "Y Y\n| |\nX Z", ["Z = input(3)"], ["SEQ305 1:1"]),
]


@pytest.mark.parametrize(
    ("picture", "definitions", "wanted"),
    [item[1:] for item in BROKEN],
    ids=[item[0] for item in BROKEN],
)
def test_broken(picture: str, definitions: list[str], wanted: list[str]) -> None:
    assert codes(picture, X, *definitions) == wanted
