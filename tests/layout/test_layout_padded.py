"""What is drawn of a padded model counts its padded steps as the model does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from seqdsl.layout.from_graph import wirings
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.same_wirings import is_same
from seqdsl.layout.wiring import Wirings
from seqdsl.pipeline import analyze
from seqdsl.verify.oracle.expand import expand
from seqdsl.verify.oracle.walk import interpret

WINDOWS = """
  Y       dense(2)
  |
C C C C   conv(2, 3)
| | | |
X X X X   input(2{mask})
""".strip("\n")
"""The second valid window of four: a single window around the second step is another, where that is padding."""

FIRST = """
Y-Y       rnn(2)
| |
C C C C   conv(2, 3)
| | | |
X X X X   input(2{mask})
""".strip("\n")

PASSED = """
O         dense(2)
|
P P P P   output
| | | |
H-H-H-H   rnn(2)
| | | |
X X X X   input(2{mask})
""".strip("\n")


def _wirings(text: str) -> Wirings:
    return wirings(analyze(text, "m.seq", diagnose=False).models[-1].spec)


def _wirings(text: str) -> Wirings:
    return wirings(analyze(text, "m.seq", diagnose=False).models[-1].spec)


def _outputs(text: str, x: np.ndarray) -> list[np.ndarray]:
    """What the oracle gives of a picture, with weights that are the same for layers of one kind."""
    (model,) = analyze(text, "m.seq").models
    shapes = {
        "conv": {"kernel": (3, 2, 2), "bias": (2,)},
        "rnn": {"kernel": (2, 2), "recurrent_kernel": (2, 2), "bias": (2,)},
        "dense": {"kernel": (2, 2), "bias": (2,)},
    }
    weights = {
        block.index: {
            name: np.random.default_rng(len(shape)).normal(size=shape)
            for name, shape in shapes[block.kind].items()
        }
        for block in model.spec.blocks
        if block.kind in shapes
    }
    return interpret(model.drawing, expand(model.drawing, {}), weights, [x]).outputs()


@pytest.mark.parametrize("text", [WINDOWS, FIRST, PASSED])
def test_padded_steps_are_counted_as_before(text: str) -> None:
    text = text.format(mask=", mask=0")
    drawn = draw_wirings(_wirings(text))
    x = np.random.default_rng(1).normal(size=(4, 4, 2))
    x[1, 1] = x[2, :2] = x[3] = 0
    (expected,), (found,) = _outputs(text, x), _outputs(drawn, x)
    np.testing.assert_allclose(found, expected)


def test_without_padding_windows_that_nothing_reads_are_not_drawn() -> None:
    assert draw_wirings(_wirings(WINDOWS.format(mask=""))).count("C") < WINDOWS.count("C")
    # An imported model does not tell how it counts: it is compared with its picture numerically.
    given = replace(_wirings(WINDOWS.format(mask=", mask=0")), counted=())
    assert draw_wirings(given).count("C") < WINDOWS.count("C")


ALONE = """
Y         dense(2)
|
C         conv(2, 3)
|
X X X X   input(2, mask=0)
""".strip("\n")


def test_a_single_window_is_another_than_the_first_valid_one() -> None:
    all_windows = ALONE.replace("C   ", "C C C C").replace("|\nX", "| | | |\nX")
    given, alone = _wirings(all_windows), _wirings(ALONE)
    # By their wires alone they are the same.
    assert is_same(given.at[0], alone.at[0])
    assert not is_same(given.counted[0], alone.counted[0])
    assert is_same(given.counted[0], _wirings(draw_wirings(given)).counted[0])
