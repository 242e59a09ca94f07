"""What is drawn of a padded model counts its padded steps as the model does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from seqdsl.layout.from_graph import wirings
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.layout.pooled import lanes
from seqdsl.layout.same_wirings import is_same
from seqdsl.layout.wiring import Source, Wirings
from seqdsl.pipeline import analyze
from seqdsl.verify.oracle.expand import expand
from seqdsl.verify.oracle.walk import interpret
from tests.random_pictures.pooled import random_pooled

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


def _outputs(text: str, *inputs: np.ndarray) -> list[np.ndarray]:
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
    steps = expand(model.drawing, dict.fromkeys(model.spec.free, 3))
    return interpret(model.drawing, steps, weights, list(inputs)).outputs()


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


COMBINED = """
        H   H   H
       /|  /|   |
+-+-+-+-|-+ |   |
| | |   |   |   |
X X X   Z   Z   Z

X = input(2, mask=0)
Z = input(2)
H = {how}
""".strip("\n")
BY_WIRE = """
        H
       /|
+-+-+-+ |
| | |   |
X X X   Z Z

X = input(2, mask=0)
Z = input(2, mask=0)
H = {how}
""".strip("\n")
"""Where a sample has no valid step of Z, the wire leads zero: a bus would lead nothing."""


@pytest.mark.parametrize("how", ["add", "mean", "multiply", "max", "min"])
@pytest.mark.parametrize(("text", "steps"), [(COMBINED, 3), (BY_WIRE, 2)])
def test_a_bus_of_padded_steps_is_drawn_beside_wires(text: str, steps: int, how: str) -> None:
    text = text.format(how=how)
    random = np.random.default_rng(5)
    x, z = random.normal(size=(4, 3, 2)), random.normal(size=(4, steps, 2))
    x[1, 1:] = x[2] = x[3, 0] = z[3] = 0
    drawn = draw_wirings(_wirings(text))
    np.testing.assert_allclose(_outputs(drawn, x, z), _outputs(text, x, z))


@pytest.mark.parametrize("seed", range(8))
def test_random_buses_beside_wires_are_drawn(seed: int) -> None:
    wired = _wirings(random_pooled(seed))
    found = _wirings(draw_wirings(wired))
    for length in (0, -1):
        assert is_same(wired.at[length], found.at[length])


def test_wires_of_a_row_keep_their_places_where_some_steps_have_fewer() -> None:
    a, b, z = Source(0, 0), Source(0, 1), [Source(1, step) for step in range(3)]
    of = [item.of for item in lanes([(a, z[0]), (b, z[1]), (z[2],)])]
    assert of == [((a,), (b,), ()), ((z[0],), (z[1],), (z[2],))]
