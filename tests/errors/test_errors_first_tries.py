"""What newcomers try first: the hint says what to do, and done, it compiles."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze

_CELL = "cell own(units):\n{}\n\n    Y   dense(3)\n    |\nH-H-H   own(4)\n| | |\nX X X   input(5)\n"
_FED = "{}Y Y Y   dense(3)\n| | |\nH-H-H   gru(8)\n| | |\n{}\n"
_SPLIT = "S {dots} S   split\n|       |\n+-------+\n|\nX             input(4, 8, 1)\n{length}"
_ROWS = "{top}\nX {dots} X   input(3)\n"
_TOWER = "model tower\n    V\n    |\nH-H-H   gru(4)\n| | |\nX X X   input(2)\n\nmodel pair\n"
_WORDS = (
    "model sentence\n        V\n        |\nH-H-...-H   gru(4)\n| |     |\nE E ... E   embedding(3)\n"
    "| |     |\nX X ... X   tokens(50)\n\nmodel text\n"
)

TRIES = [
    (
        "H-H-H   gru(4)\n| | |\nW W W   embedding(4)\n| | |\nS z z\n\nS = tokens(9)\nZ = argmax\n",
        "draw a row of `Z`",
        "Z Z Z\n| | |\nY Y Y   dense(9)\n| | |\nH-H-H   gru(4)\n| | |\nW W W   embedding(4)\n| | |\nS z z\n\n"
        "S = tokens(9)\nZ = argmax\n",
    ),
    (
        _TOWER
        + "  Y     dense(1)\n / \\\nT   T   tower\n|   |\nA   B\n\nA = input(2)\nB = input(2)\n",
        "lead all of them to its `T` by a bus",
        _TOWER
        + "    Y         dense(1)\n    |\n+---+---+\n|       |\nT       T   tower\n|       |\n"
        "+-+-+   +-+-+\n| | |   | | |\nA A A   B B B\n\nA = input(2)\nB = input(2)\n",
    ),
    (
        "Y Y Y   dense(9, softmax)\n| | |\nD-D-D   gru(8)\n| | |\nE E E   embedding(6)\n| | |\nS y y\n\n"
        "S = tokens(9)\n",
        "put a row `argmax` or `sample` above `Y`",
        "A A A   argmax\n| | |\nY Y Y   dense(9, softmax)\n| | |\nD-D-D   gru(8)\n| | |\nE E E   embedding(6)\n"
        "| | |\nS a a\n\nS = tokens(9)\n",
    ),
    (
        _WORDS + "S S S   sentence\n| | |\nX X X   tokens(50)\n",
        "as `tokens(50, 12)` does",
        _WORDS + "S S S   sentence\n| | |\nX X X   tokens(50, 12)\n",
    ),
    (
        _WORDS + "S S S   sentence_encoder\n| | |\nX X X   tokens(50, 4)\n",
        "did you mean `sentence`?",
        _WORDS + "S S S   sentence\n| | |\nX X X   tokens(50, 4)\n",
    ),
    (_FED.format("", "X X X   input(3, mask=0, padding=post)"), "write `end`", ""),
    (
        "model tower\nY   dense(2)\n|\nX   input(3)\n\nmodel whole\nT T   towr\n| |\nX X   input(3)\n",
        "did you mean `tower`?",
        "",
    ),
    (
        _CELL.format("    h = tanh(W @ x + U @ h)"),
        "`dense(x, h)`",
        _CELL.format("    h = tanh(dense(x, h))"),
    ),
    (
        _CELL.format("    a = sigmoid(dense(x))\n    h = a ** 2 * h"),
        "`a * a`",
        _CELL.format("    a = sigmoid(dense(x))\n    h = a * a * h"),
    ),
    (
        _CELL.format("    c = tanh(dense(x, h))\n    return c * h"),
        "`h = ...` as the last one",
        _CELL.format("    c = tanh(dense(x, h))\n    h = c * h"),
    ),
    (
        _CELL.format("    h = h_prev + tanh(dense(x, h))"),
        "or add `h_prev = h` above it",
        _CELL.format("    h_prev = h\n    h = h_prev + tanh(dense(x, h))"),
    ),
    (
        _CELL.format("h = tanh(dense(x, h))"),
        "put spaces in front",
        _CELL.format("  h = tanh(dense(x, h))"),
    ),
    (_CELL.format("    h = Tanh(dense(x, h))"), "`tanh`, not `Tanh`", ""),
    (_CELL.replace("own", "OwnCell").format("    h = tanh(dense(x, h))"), "`own_cell`", ""),
    (_FED.format("", "X X X   input(3, feedback=y)"), "such as `feedback=Y`", ""),
    (_FED.format("", "X Y Y\n\nX = input(3)").replace("   dense(3)", ""), "write `y`", ""),
    (
        _FED.format("", "X X X   input(3)").replace("dense(3)", "dense(3, feedback=X)"),
        "`input(1, feedback=Y)`",
        "",
    ),
    (_FED.format("", "X X X   input(3, feedback=H)"), "name a row with 3 features", ""),
    (
        _FED.format(
            "C C C   argmax\n| | |\n", "W W W   embedding(2)\n| | |\nZ Z Z   tokens(3, feedback=C)"
        ),
        "name the row that `C` chooses of",
        _FED.format("", "W W W   embedding(2)\n| | |\nZ Z Z   tokens(3, feedback=Y)"),
    ),
    (
        _FED.format("", "X X X   input(3)").replace("gru(8)", "gru(8, stateful=True)"),
        "`*--H-H-H--*`",
        "",
    ),
    (
        _FED.format("", "X X X   conv1d(4, 3, relu, padding=causal)\n| | |\nU U U   input(3)"),
        "write `conv(4, 3, relu, padding=causal)`",
        _FED.format("", "X X X   conv(4, 3, relu, padding=causal)\n| | |\nU U U   input(3)"),
    ),
    (
        _SPLIT.format(dots=" ... ", length=""),
        "`..n..` and `n = 8`",
        _SPLIT.format(dots="..n..", length="n = 8"),
    ),
    (
        _ROWS.format(top="H ... H   gru(4)\n|     |", dots="   "),
        "draw `...` between these nodes of `X`, too",
        _ROWS.format(top="H ... H   gru(4)\n|     |", dots="..."),
    ),
    (
        _ROWS.format(top="      Y   dense(2)\n      |\nH ... H-+   gru(4)\n|     |", dots="..."),
        "join the ellipsis on both sides",
        "",
    ),
    (
        "  Y   Y  ...  Y\n  |   |       |\n*-H---H--...--H-*\n  |   |       |\n"
        "  F F F F ... F F\n  | | | |     | |\n  X X X X ... X X\n\n"
        "X = input(2)\nF = dense(4, relu)\nH = gru(3)\nY = dense(1)\n",
        "draw a wire for each step",
        "",
    ),
]


@pytest.mark.parametrize(("wrong", "advice", "right"), TRIES)
def test_the_hint_of_a_first_try_works(wrong: str, advice: str, right: str) -> None:
    found = analyze(wrong, "try.seq").diagnostics
    assert advice in "\n".join(item.hint for item in found if item.severity == "error")
    if right:
        assert analyze(right, "try.seq").models
