"""Loops over padded steps that begin with steps that are known, some of which are padding."""

from __future__ import annotations

from textwrap import dedent

import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

PICTURES = {
    # Where U's step is padding, the first `y` is what Y gave at the step before, and not U.
    "each a value of its own": """
        Y   Y   Y   Y   Y   Y   Y
        |   |   |   |   |   |   |
        B---B---B---B---B---B---B
       /|  /|  /|  /|  /|  /|  /|
      S | T | U | y | y | y | y |
        |   |   |   |   |   |   |
        Z   Z   Z   Z   Z   Z   Z

    S = input(2)
    T = input(2)
    U = input(2)
    Z = input(3, mask=0)
    B = gru(4)
    Y = dense(2)
    """,
    # What is called is cut at the third step, and so is the mask of what it reads.
    "below a called picture": """
    model block

    H-H-...-H   lstm(4)
    | |     |
    X X ... X   input(4)

    model padded

        Y   Y   Y   Y   Y
        |   |   |   |   |
        B   B   B   B   B
        |   |   |   |   |
        D   D   D   D   D
       /|  /|  /|  /|  /|
      X | X | y | y | y |
        |   |   |   |   |
        Z   Z   Z   Z   Z

    X = input(2)
    Z = input(3, mask=0)
    D = dense(4)
    B = block
    Y = dense(2)
    """,
}


@pytest.mark.parametrize("name", PICTURES)
def test_targets_read_the_last_valid_step(name: str) -> None:
    *_, model = seqdsl.compile_all(dedent(PICTURES[name]), "padded.seq")
    report = verify([model], ["torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]
