"""The first steps of a masked row, beside other steps in one row, are its first valid ones, wherever padding is."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED
from tests.verify.test_verify_feedback import compiled, values

PICTURES = {
    "two of four": """
    H-H-H-H   rnn(3)
    | | | |
    | | Z Z
    | |
    X X X X
    """,
    "one": """
    H-----H-H   rnn(3)
    |     | |
    X X X Z Z
    """,
}
CALLS = "\nX = input(2, mask=0)\nZ = input(2{})\n"


@pytest.mark.parametrize("name", PICTURES)
def test_parts_of_masked_rows_stand_beside_others(name: str) -> None:
    drawn = dedent(PICTURES[name]).strip("\n") + "\n"
    steps = drawn.rstrip().rpartition("\n")[2].count("X")
    model = compiled(drawn + CALLS.format(""))
    random = np.random.default_rng(2)
    x, z = random.normal(size=(1, steps, 2)), random.normal(size=(1, 2, 2))
    # a b . .  and  . a . b  and  . . a b    the first two valid steps are the same ones
    valid = [np.roll(np.arange(steps) < 2, shift) for shift in range(steps - 1)]
    padded = np.zeros((len(valid), steps, 2))
    for sample, here in enumerate(valid):
        padded[sample, here] = x[0, :2]
    (found,) = values(model, [padded, np.repeat(z, len(valid), 0)])
    assert np.ptp(found, axis=0).max() < 1e-12
    assert np.abs(found[:, 0]).min() > 0
    models = [
        seqdsl.compile(drawn + CALLS.format(other), f"{stem}.seq")
        for stem, other in (("plain", ""), ("padded", ", mask=0"))
    ]
    report = verify(models, ["torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_a_masked_input_that_nothing_reads_is_an_output_as_it_is() -> None:
    models = [
        seqdsl.compile(
            f"    A A\n    | |\nX X Z Z\n\nX = input(2, {mask})\nZ = input(2)\nA = rnn(3)\n",
            f"unread{number}.seq",
        )
        for number, mask in enumerate(("mask=0", "mask=-1", "lengths=true, padding=end"))
    ]
    report = verify(models, ["keras"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


@pytest.mark.parametrize("vocabulary", ["5", "5, mask=0"])
def test_ids_that_nothing_reads_are_an_output_as_they_are(vocabulary: str) -> None:
    model = seqdsl.compile(
        f"    Y\n    |\nA-A-A\n| | |\nZ Z Z X X\n\nX = tokens({vocabulary})\nZ = input(2)\n"
        "A = rnn(3)\nY = dense(2)\n"
    )
    report = verify([model], ["keras", "torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]
