"""Codes of steps whose width is a parameter, in numpy: of a row, step by step, and from call to call."""

from __future__ import annotations

from typing import Any

import numpy as np

import seqdsl
from seqdsl.verify.build import load

FREE = """model codes

A   A   ... A
|\\  |\\      |\\
| P | P ... | P
|   |       |
X   X   ... X

A = add
P = position({width}, sin)
X = input({width}, feedback=A)
"""
PASSED = """model codes

  A   A   A
 /|  /|  /|
P | P | P |
  |   |   |
*-H---H---H-*
  |   |   |
  X   X   X

A = add
P = position({width}, sin)
H = hold({width})
X = input({width})
"""
CELL = "cell hold(units):\n    h = x + h\n\n"


def module(text: str, width: str) -> Any:
    return load(seqdsl.compile(text.format(width=width)).source("numpy"), "codes").Codes({})


def results(text: str) -> list[list[Any]]:
    """What a module gives whose width is a number, and one whose width is made of a parameter."""
    random = np.random.default_rng(0)
    x = random.normal(size=(2, 3, 6))
    pair = [module(text, "6"), module(text + "\nwide = 2\n", "3 * wide")]
    if text is FREE:
        return [[item.predict(x), item.generate(start=x, steps=3)] for item in pair]
    # The second call goes on counting from the third step.
    found = []
    for item in pair:
        first = item.predict(x)
        found.append([*first, *item.predict(x, *first[1:])])
    return found


def test_the_width_of_codes_may_be_a_parameter() -> None:
    for text in (FREE, CELL + PASSED):
        fixed, named = results(text)
        assert len(fixed) == len(named) > 1
        for one, other in zip(fixed, named, strict=True):
            np.testing.assert_array_equal(one, other)
