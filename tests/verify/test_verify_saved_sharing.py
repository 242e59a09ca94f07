"""One set of weights in several places of a Keras model: what was saved is loaded as one, too."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze
from seqdsl.verify.pool import verify

TOWER = """
model tower
Y   dense(3, tanh)
|
X   input(4)
"""
ROWS = (
    TOWER
    + """
model rows
H-H-H   K-K-K-K
| | |   | | | |
T T T   T T T T
| | |   | | | |
X X X   Z Z Z Z

X = input(4)
Z = input(4)
T = tower
H = gru(2)
K = gru(5)
"""
)
ROW_AND_VALUE = ROWS.replace("K-K-K-K", "K").replace("gru(5)", "dense(5)")
ROW_AND_VALUE = ROW_AND_VALUE.replace("| | | |", "|").replace("T T T T", "T")
ROW_AND_VALUE = ROW_AND_VALUE.replace("Z Z Z Z", "Z")
"""The same tower over a row, and over one value."""
IMAGES = """
model tower
F   flatten
|
C   conv2d(2, 3)
|
X   input(4, 4, 1)
""" + ROW_AND_VALUE.partition("dense(3, tanh)\n|\nX   input(4)\n")[2].replace(
    "input(4)", "input(4, 4, 1)"
)
LOOP = """
A   A   A   T T T
|\\  |\\  |\\  | | |
| T | T | T W W W
| | | | | |
X a X a X a

X = input(4)
W = input(4)
T = {layer}
A = add
"""
"""A layer, or a tower, of a loop, and of a row outside of it."""
IN_LOOP = LOOP.format(layer="dense(4, tanh)")
TOWER_IN_LOOP = (
    TOWER.replace("dense(3", "dense(4") + "\nmodel looped\n" + LOOP.format(layer="tower")
)


KNOWN_FIRST = """
model block
H-H-...-H   gru(3)
| |     |
X X ... X   input(3)

model known
M M ... M M M
| |     | | |
X X ... X m m

X = input(3)
M = block
"""
"""A block that reads known steps before the loop, and then its own."""


@pytest.mark.parametrize(
    "text",
    [ROWS, ROW_AND_VALUE, IMAGES, IN_LOOP, TOWER_IN_LOOP, KNOWN_FIRST],
    ids=["rows", "row_and_value", "images", "loop", "tower_in_loop", "known_first"],
)
def test_what_is_shared_is_loaded_as_one(text: str) -> None:
    model = analyze(text, "shared.seq").models[-1]
    report = verify([model], ["keras"])
    (saving,) = [item for item in report.results if item.check == "saving"]
    # A note would say that only the weights were saved.
    assert saving.passed and not saving.message, saving.message
