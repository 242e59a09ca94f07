"""Called pictures that take one step, as members of loops: each step of a loop applies them with the same weights."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.verifier import verify as verify_graph
from seqdsl.pipeline import analyze
from seqdsl.verify.pool import verify

HEAD = r"""
model head

Y     dense(2, tanh)
|
B     add
|\
| H   dense(width)
| |
| N   layernorm
|/
X     input(width)

width = 3
"""
PADDED = """
model padded_loop

  Y   Y   Y   Y   head(width=4)
  |   |   |   |
  D---D---D---D   rnn(4)
 /|  /|  /|  /|
S Z y Z y Z y Z

S = input(2)
Z = input(3, mask=0)
"""
OWN = """
model own_output

  G---G---G---G   gru(3)
  |   |   |   |
  Y   Y   Y   Y   head(width=5)
 /|  /|  /|  /|
y X y X y X y X   input(3)
"""
WHOLE = """
model head

Y Y ... Y   dense(2)
| |     |
X X ... X   input(4)
"""
DRAWN = "model head\n\nY   sample(normal)\n|\nH   dense(4)\n|\nX   input(4)\n"


@pytest.mark.parametrize("text", [PADDED, OWN])
def test_a_loop_applies_a_called_picture_at_each_step(text: str) -> None:
    model = seqdsl.compile(HEAD + text, "looped.seq")
    graph = model.ir
    assert verify_graph(graph) == () and parse(str(graph)) == graph
    # In Keras the loop's layer holds the model: one picture tells.
    report = verify([model], ["torch", "numpy", *(["keras"] if text == PADDED else [])])
    assert report.results and not [item.message for item in report.results if not item.passed]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (WHOLE, "calls a picture that takes a whole row"),
        (HEAD.replace("layernorm", "batchnorm"), "normalizes by the statistics of all steps"),
    ],
)
def test_what_no_loop_can_call(head: str, message: str) -> None:
    text = head + PADDED.replace("(width=4)", "" if head == WHOLE else "(width=4)")
    (found,) = [item for item in analyze(text).diagnostics if item.is_error]
    assert (found.code, message in found.message) == ("SEQ218", True), found


def test_keras_draws_no_numbers_in_a_called_picture_of_a_loop() -> None:
    model = seqdsl.compile(DRAWN + PADDED.replace("(width=4)", ""), "drawn.seq")
    assert "self.head_y(" in model.source("torch")
    with pytest.raises(ValueError, match="which draws numbers"):
        model.source("keras")
