"""Explanations say what each framework's code does about a loop, and nothing that it does not do."""

from __future__ import annotations

import seqdsl

FED_BACK = """
Y Y Y Y   dense(1)
| | | |
D-D-D-D
| | | |
S y y y

S = input(1)
D = lstm(32)
"""


def test_what_is_written_for_a_loop() -> None:
    text = " ".join(seqdsl.compile(FED_BACK, "fed-back.seq").explain().split())
    said = text[text.index("How the code implements it") : text.index("Shapes (")]
    assert "`D` and `Y` run together, one step at a time" in said
    assert "Keras a layer of its own with `ops.scan`" in said
    assert "PyTorch a `for` over steps" in said
    # The notes of a step's layers are found by those who explain the rows.
    assert "Keras `Dense`, PyTorch `nn.Linear`" in said
    # Nothing is put together along time: each step reads one step.
    assert "concatenated along time" not in said
    assert "returns all steps" not in said


SHIFTED = """
  Z   Z   Z
Y | Y | Y |
| | | | | |
h H h H h H   dense(4, tanh)
  |   |   |
  X   X   X   input(2)

Y = dense(3)
Z = dense(1)
"""


def test_zeros_before_the_first_step_are_no_missing_wire() -> None:
    """Outside of a loop a delayed node shifts a row: at first it gives zeros, though a wire leads from it."""
    said = " ".join(seqdsl.compile(SHIFTED, "shifted.seq").explain().split())
    words = (
        "Before the first step of `H`, a delayed node gives zeros: Keras `ZeroPadding1D((1, 0))`"
    )
    assert words in said
    assert "No wire enters" not in said


CALLED = """
model block

H-H-...-H   gru(3)
| |     |
X X ... X   input(3)

model looped

{rows}

X = input(3)
"""


def test_a_called_picture_in_a_loop_is_a_row_that_reads_what_it_gave() -> None:
    """What passes on within the block is no link of the loop, but the block's own output is one of its input."""
    alone = CALLED.format(rows="M M ..t.. M M M   block\n| |       | | |\nX X ..t.. X m m")
    text = " ".join(seqdsl.compile(alone, "looped.seq").explain().split())
    assert "`M` runs step by step: `M` reads itself one step earlier." in text
    behind = CALLED.format(rows="Y Y Y   dense(3)\n| | |\nB B B   block\n| | |\nX y y")
    text = " ".join(seqdsl.compile(behind, "looped.seq").explain().split())
    assert "`B` and `Y` run together, step by step: `B` reads `Y` one step earlier." in text
