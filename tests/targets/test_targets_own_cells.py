"""Classes for activations of one's own: only the paths that a model takes are written."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.targets import NotWrittenError

PLAIN = "H{0}H{0}H   {1}\n| | |\nX X X   {2}\n"
STARTED = (
    "    Y Y\n    | |\nE-E-D-D\n| | | |\nX X Z Z\n\nX = input(3)\nZ = input(3)\nY = dense(2)\n"
    "E = gru(4, activation=relu)\nD = gru(4, activation=relu)\n"
)
RELU = "lstm(4, activation=relu)"
PATHS = {
    "bidirectional": "in enumerate(self.all_weights)",
    "state": "state: Any = None",
    "mask": "mask: Tensor | None = None",
    "biases": ", b_w)",
    "some": "*biases",
}


@pytest.mark.parametrize(
    ("picture", "written"),
    [
        (PLAIN.format("-", RELU, "input(3)"), {"biases"}),
        (PLAIN.format("-", "rnn(4, elu, bias=false)", "input(3)"), set()),
        (PLAIN.format("<", RELU, "input(3)"), {"biases"}),
        (PLAIN.format("=", RELU, "input(3)"), {"biases", "bidirectional"}),
        (PLAIN.format("-", RELU, "input(3, mask=0)"), {"biases", "mask"}),
        (STARTED, {"biases", "state"}),
        (STARTED.replace("relu)\nD", "relu, bias=false)\nD"), {"some", "state"}),
    ],
    ids=["plain", "no biases", "backward", "bidirectional", "masked", "started", "some biases"],
)
def test_only_what_is_used_is_written(picture: str, written: set[str]) -> None:
    (model,) = analyze(picture).models
    source = model.source("torch")
    assert {name for name, text in PATHS.items() if text in source} == written


ZONED = """
cell leaky(units):
    h = zoneout(h, tanh(dense(x, h)), 0.1)

Y Y Y   dense(3)
| | |
D-D-D   leaky(4)
| | |
S y y

S = input(3)
"""


def test_keras_says_that_it_draws_nothing_within_a_loop() -> None:
    """Numbers that are drawn within `ops.scan` are lost on JAX: others at each step cannot be."""
    (model,) = analyze(ZONED).models
    with pytest.raises(NotWrittenError, match="zones out"):
        model.source("keras")
    assert "zoneout(h" in model.source("torch")
