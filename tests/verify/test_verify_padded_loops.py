"""Padded steps of a loop are skipped, wherever they are: as if they were not there."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

import seqdsl
from seqdsl.api import analyze
from seqdsl.verify.pool import verify
from tests.verify.padded_loops import PICTURES
from tests.verify.test_verify_feedback import by_letter, compiled, dense, rnn, values

PADDING = np.array(
    [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0]], bool
)
"""Which steps of each sample are valid: none is padding, at the end, in front, between, everywhere."""


@pytest.mark.parametrize("padding", ["", ", padding=end"])
def test_a_loop_does_what_it_does_without_the_padded_steps(padding: str) -> None:
    text = PICTURES["a start, which the first valid step reads"].replace(
        "mask=0", f"mask=0{padding}"
    )
    model = compiled(text)
    random = np.random.default_rng(1)
    valid = PADDING[:2] if padding else PADDING
    s, z = random.normal(size=(len(valid), 2)), random.normal(size=(len(valid), 4, 3))
    (found,) = values(model, [s, z * valid[..., None]])
    w = by_letter(model)
    expected = np.zeros_like(found)
    for sample, steps in enumerate(valid):
        h, y = np.zeros((1, 4)), s[None, sample]
        for step in np.flatnonzero(steps):
            h = rnn(np.concatenate([y, z[None, sample, step]], -1), h, w["D"])
            y = dense(h, w["Y"])
            expected[sample, step] = y[0]
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("name", PICTURES)
def test_targets_skip_padded_steps_of_loops(name: str) -> None:
    model = seqdsl.compile(dedent(PICTURES[name]).strip("\n"), "padded.seq")
    report = verify([model], ["torch", "numpy"])
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_rows_of_other_lengths_in_a_padded_loop_are_not_supported() -> None:
    picture = """
          Y   Y   Y
          |   |   |
      D---D---D---D
     /|  /|  /|  /|
    S Z y Z y Z y Z

    S = input(2)
    Z = input(3, mask=0)
    D = rnn(4)
    Y = dense(2)
    """
    analysis = analyze(dedent(picture).strip("\n"), "padded.seq")
    assert [item.code for item in analysis.diagnostics if item.is_error] == ["SEQ313"]
