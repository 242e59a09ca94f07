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
