"""What a model generates may be the id that marks padding: with ``padding=end`` nothing behind it is compared."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

# Longer than a run is: behind what is generated, the argument goes on with steps that are not padding.
PICTURE = """\
Y Y Y Y Y Y Y Y Y
| | | | | | | | |
D-D-D-D-D-D-D-D-D
| | | | | | | | |
V V V V V V V V V
| | | | | | | | |
Z Z Z Z Z Z Z Z Z

Z = tokens(3, feedback=Y, padding=end, mask=MARK)
V = embedding(4)
D = gru(5)
Y = dense(3, log_softmax)
"""


@pytest.mark.parametrize("mark", [0, 2])
def test_an_id_that_marks_padding_may_be_chosen(mark: int) -> None:
    model = seqdsl.compile(PICTURE.replace("MARK", str(mark)), "chosen.seq")
    report = verify([model], ["numpy"])
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_values_behind_padding_mean_nothing() -> None:
    """A prompt that is padded at its end has ended: what is generated behind it is in no model as trained."""
    model = seqdsl.compile(
        "Y Y Y Y   dense(2)\n| | | |\nD-D-D-D   gru(3)\n| | | |\n"
        "Z Z Z Z   input(2, feedback=Y, mask=0, padding=end)\n",
        "ended.seq",
    )
    report = verify([model], ["torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]
