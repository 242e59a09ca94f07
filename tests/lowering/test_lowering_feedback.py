"""Delayed nodes: of which steps they give the values, what cannot be drawn, and what is said of it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from seqdsl.pipeline import analyze


def node(picture: str, letter: str) -> str:
    """The line of a letter's node in the graph of a picture, without its name and type."""
    analysis = analyze(dedent(picture))
    assert not [item for item in analysis.diagnostics if item.is_error], analysis.diagnostics
    (model,) = analysis.models
    name = next(block.name for block in model.spec.blocks if block.letter == letter)
    lines = str(model.spec.ir).splitlines()
    line = next(item.strip() for item in lines if item.strip().startswith(f"%{name} ="))
    return line.partition(" = ")[2].rpartition(" :")[0]


def findings(picture: str) -> list[tuple[str, str]]:
    """Code and message of every finding about a picture."""
    return [(item.code, item.message) for item in analyze(dedent(picture)).diagnostics]


LETTERS = "S = input(1)\nX = input(3)\nD = lstm(4)\nY = dense(1)\n"

# what is drawn, the node of D
READ = {
    "a start": (
        "Y Y Y Y\n| | | |\nD-D-D-D\n| | | |\nS y y y",
        "concat_time([repeat(%s, count=1), %dense_y[0:+3 of 4]])",
    ),
    "no start": (
        "  Y   Y   Y\n  |   |   |\n  D---D---D\n /|  /|  /|\ny X y X y X",
        "concat_features([pad(%dense_y[0:+2 of 3], before=1, after=0), %x])",
    ),
    "a warm-up": (
        "    Y Y Y\n    | | |\nD-D-D-D-D\n| | | | |\nS S S y y",
        "concat_time([%s, %dense_y[0:+2 of 3]])",
    ),
    "rows that end later": (
        "Y Y\n| |\nD-D-D-D\n| | | |\nS y y y",
        "concat_time([repeat(%s, count=1), %dense_y, %dense_y[1:+1 of 2]])",
    ),
    "an ellipsis": (
        "n = 9\nY Y ..n.. Y\n| |       |\nD D  ...  D\n| |       |\nS y  ...  y",
        "concat_time([repeat(%s, count=1), %dense_y[0:+n - 1 of n]])",
    ),
    "an ellipsis at the end": (
        "n = 9\nY Y ..n..\n| |\nD D  ...\n| |\nS y  ...",
        "concat_time([repeat(%s, count=1), %dense_y[0:+n - 1 of n]])",
    ),
    "a free length": (
        "  Y   Y ...   Y\n  |   |       |\n  D---D-...---D\n /|  /|      /|\ny X y X ... y X",
        "concat_features([pad(%dense_y[0:+_t1 - 1 of _t1], before=1, after=0), %x])",
    ),
    "to the right of its column": (
        "D---D---D\n|\\  |\\  |\\\n| d | d | d\n|   |   |\nX   X   X",
        "concat_features([%x, pad(%lstm_d[0:+2 of 3], before=1, after=0)])",
    ),
    "two steps": (
        "Y Y Y Y\n| | | |\nD-D-D-D\n|/|/|/|\nS y y y",
        "concat_features([concat_time([pad(repeat(%s, count=1), before=1, after=0), %dense_y[0:+2 of 4]]), "
        "concat_time([repeat(%s, count=1), %dense_y[0:+3 of 4]])])",
    ),
}


@pytest.mark.parametrize("name", READ)
def test_which_steps_are_read(name: str) -> None:
    picture, read = READ[name]
    given = [line for line in LETTERS.splitlines() if line[0] in picture]
    assert node("\n".join([picture, "", *given]), "D").startswith(f"scan @lstm_d({read}")


def test_a_state_begins_where_its_run_begins() -> None:
    picture = """
              Y   Y   Y
              |   |   |
    E-E-E-----D---D---D
    | | |    /|  /|  /|
    X X X   d Z d Z d Z

    X = input(2)
    Z = input(2)
    E = gru(4)
    D = gru(4)
    Y = dense(1)
    """
    read = "concat_time([repeat(%gru_e.final, count=1), %gru_d[0:+2 of 3]])"
    assert node(picture, "D").startswith(f"scan @gru_d(concat_features([{read}, %z])")


def test_a_value_as_the_initial_state() -> None:
    picture = """
        Y   Y   Y
        |   |   |
    +---D---D---D
    |  /|  /|  /|
    | d Z d Z d Z
    |
    S

    S = input(4)
    Z = input(2)
    D = gru(4)
    Y = dense(1)
    """
    read = "concat_time([repeat(%s, count=1), %gru_d[0:+2 of 3]])"
    assert node(picture, "D").startswith(f"scan @gru_d(concat_features([{read}, %z])")


def test_delayed_nodes_do_not_part_a_block() -> None:
    picture = "  D   D   D\n /|  /|  /|\nd M d M d M\n  |   |   |\n  X   X   X\n\nM = dense(2)\nD = gru(3)\n"
    analysis = analyze(picture)
    (model,) = analysis.models
    assert [(block.letter, str(block.steps)) for block in model.spec.blocks] == [
        ("X", "3"),
        ("M", "3"),
        ("D", "3"),
    ]
    assert (
        node(picture, "D")
        == "scan @gru_d(concat_features([pad(%gru_d[0:+2 of 3], before=1, after=0), %dense_m]))"
    )


def test_a_letter_that_only_its_delayed_nodes_read_is_an_output() -> None:
    (model,) = analyze("A A A\n| | |\nS a a\n\nS = input(2)\nA = dense(2)\n").models
    assert [item.name for item in model.outputs] == ["a"]


def test_an_input_one_step_earlier() -> None:
    # No loop: `x` is the input, shifted.
    picture = "  Y   Y   Y\n /|  /|  /|\nx X x X x X\n\nX = input(2)\nY = gru(1)\n"
    read = "concat_features([pad(%x[0:+2 of 3], before=1, after=0), %x])"
    assert node(picture, "Y").startswith(f"scan @gru_y({read}")
    # To a dense row it is a window of two steps.
    window = node(picture.replace("gru(1)", "dense(1)"), "Y")
    assert window == "convolve @conv_y(%x, before=1, after=0)"


def test_a_mean_counts_what_is_zero_before_the_first_step() -> None:
    picture = "  A   A   A\n /|  /|  /|\na X a X a X\n\nX = input(2)\nA = mean\n"
    assert (
        node(picture, "A")
        == "merge @mean_a(mean, operands=[pad(%mean_a[0:+2 of 3], before=1, after=0), %x])"
    )


def test_a_window_over_a_row_of_the_loop() -> None:
    picture = "Y Y Y\n| | |\nD D D\n| | |\nP P P\n| | |\nS y y\n\nS = input(1)\nP = concat\nY = dense(1)\n"
    given = "D = conv(4, 3, padding=causal)\n"
    assert node(picture + given, "D") == "convolve @conv_d(%joined_p, before=2, after=0)"


def test_widths_follow_through_a_loop() -> None:
    # The dropout is as wide as what it reads: 5 features, whichever of them is asked for first.
    picture = "Y Y Y\n| | |\nP P P\n| | |\nD D D\n| | |\nS y y\n\nS = input(5)\nY = dense(5)\n"
    picture += "P = dropout(0.1)\nD = dropout(0.1)\n"
    (model,) = analyze(picture).models
    assert {str(block.features) for block in model.spec.blocks} == {"5"}


_LOOP = "{top}\n| | |\n{d}\n| | |\nS y y\n\nS = input(1)\nD = {layer}\nY = dense(1)\n"

# what is drawn, code and a part of the message
WRONG = {
    "no capital drawn by hand": (
        "Y Y Y\n| | |\nH H H\n| | |\nx x x",
        "SEQ102",
        "nodes are capital letters",
    ),
    "two blocks": (
        "Y Y Y Z Y Y\n| | | | | |\nD-D-D-D-D-D\n| | | | | |\nS y y S S S\n\nY = dense(1)",
        "SEQ216",
        "but `Y` is drawn as 2 blocks",
    ),
    "a wire from below": (
        "Y Y\n| |\nD D\n| |\nS y\n| |\nX X\n\nS = dense(1)",
        "SEQ216",
        "a wire enters the delayed node `y`",
    ),
    "a state wire": (
        "Y Y\n| |\nD-D\n| |\nS-y",
        "SEQ216",
        "a state wire joins the delayed node `y`",
    ),
    "nothing reads it": (
        "Y Y\n| |\nD-D\n| |\nX X y",
        "SEQ216",
        "nothing reads the delayed node `y`",
    ),
    "from right to left": (
        _LOOP.format(top="Y Y Y", d="D<D<D", layer="lstm(4)"),
        "SEQ218",
        "`D` does not run from left to right",
    ),
    "both directions": (
        _LOOP.format(top="Y Y Y", d="D=D=D", layer="lstm(4)"),
        "SEQ218",
        "`D` does not run from left to right",
    ),
    "its own letter, from right to left": (
        "  D<--D<--D\n /|  /|  /|\nd X d X d X\n\nD = gru(3)\n",
        "SEQ216",
        "but `D` does not run from left to right",
    ),
    "padding on both sides": (
        "Y Y Y\n| | |\nD D D\n| | |\nP P P\n| | |\nS y y\n\nS = input(1)\nP = concat\nD = conv(4, 3)\nY = dense(1)\n",
        "SEQ218",
        "`D` reads later steps of `P`",
    ),
    "windows of delayed nodes": (
        _LOOP.format(top="Y Y Y", d="D D D", layer="conv(4, 3, padding=causal)").replace(
            "S y y", "y y y"
        ),
        "SEQ309",
        "a `conv` cannot read delayed nodes",
    ),
    "batch statistics": (
        _LOOP.format(top="Y Y Y", d="D D D", layer="batchnorm"),
        "SEQ218",
        "statistics of all steps",
    ),
    "a bus from later steps": (
        "Y Y Y\n| | |\n+-+-+\n| | |\nD-D-D\n| | |\nS y y\n\nS = input(1)\nY = dense(1)\nD = lstm(4)\n",
        "SEQ218",
        "reads all steps of `D` at once",
    ),
    "a mean over all steps": (
        "Y Y Y\n| | |\n+-+-+\n  |\n  M\n  |\n+-+-+\n| | |\nD-D-D\n| | |\nS y y\n\n"
        "S = input(1)\nY = dense(1)\nM = mean\nD = lstm(4)\n",
        "SEQ218",
        "`M` is one value",
    ),
    "wider with every step": (
        "  A   A   A\n /|  /|  /|\na X a X a X\n\nX = input(2)\nA = concat\n",
        "SEQ218",
        "the width of `A` follows from nothing but itself",
    ),
    "no number of steps": (
        "Y Y ... Y\n| |     |\nD D ... D\n| |     |\nS y ... y\n\nS = input(1)\nD = lstm(4)\nY = dense(1)\n",
        "SEQ311",
        "the number of steps of `D` is free",
    ),
    "zero at all steps": (
        "Y\n|\nD\n|\\\nX y\n\nX = input(1)\nD = gru(2)\nY = dense(1)\n",
        "SEQ216",
        "`D` reads `y` only before",
    ),
    "padding in the middle": (
        "  D---D\n /|  /|\nd X d X\n\nX = input(2, mask=0)\nD = gru(2)\n",
        "SEQ313",
        "padding may be anywhere in `D`, which is in a loop",
    ),
    "state from call to call": (
        "*---D---D---*\n   /|  /|\n  d X d X\n\nX = input(2)\nD = gru(2)\n",
        "SEQ313",
        "a picture with `*` and with the delayed node `d`",
    ),
    "ids that would be padding": (
        "H---H\n|\\  |\\\nW | W |\n| | | |\nx | x |\n  V   V\n  |   |\n  X   X\n\n"
        "X = tokens(5)\nW = embedding(2, mask=true)\nV = embedding(2)\nH = gru(2)\n",
        "SEQ216",
        "before its first step a delayed id is 0, which is padding here",
    ),
    "no input": ("Y Y\n| |\ny y\n\nY = dense(1)\n", "SEQ315", "this model has no input"),
    "an ellipsis of either": (
        "Y Y Y\n| | |\nD D D\n| | |\nS ... y\n\nY = dense(1)\n",
        "SEQ211",
        "an ellipsis between `S` and `y`",
    ),
    "an ellipsis without one above": (
        "Y Y Y     Y\n| | |     |\nD D D     D\n| | |     |\nX X X     X\n\n".replace(
            "X X X     X", "S y y ... y"
        )
        + "Y = dense(1)\n",
        "SEQ310",
        "the steps of `Y` that the elided `y` give are ambiguous",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_drawn(name: str) -> None:
    picture, code, message = WRONG[name]
    found = findings(picture)
    assert any(item.startswith(code) and message in text for item, text in found), found
