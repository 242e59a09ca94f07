"""Time grows with a text, whichever construct of the language it repeats: a quick look at small sizes.

`python -m benchmarks.growth` measures the same families up to a megabyte, through the real commands.
"""

from __future__ import annotations

import time

import pytest

from benchmarks.families import FAMILIES
from seqdsl.diagnostics import excerpt
from seqdsl.pipeline import analyze

SMALL, LARGE = 1_000, 8_000
STEEPEST = 1.6
"""An exponent that a quadratic loop exceeds, and a busy machine hardly ever."""

SLACK = 0.15
"""Seconds that are no sign of anything."""


def _seconds(text: str) -> float:
    """The least processor time of a few tries, and no more of them than it takes to be within bounds."""
    start = time.process_time()
    analysis = analyze(text)
    for item in analysis.diagnostics:
        excerpt(item, analysis.source)
    return time.process_time() - start


LIMITED = {
    "ellipses",
    "strided ellipses",
    "ellipses over a bus",
    "half on each bus",
}
"""Families that grow faster: lengths that are sums of as many names, two buses in one row; SEQ110 limits them."""


@pytest.mark.parametrize("family", sorted(FAMILIES.keys() - LIMITED))
def test_time_grows_with_the_text(family: str) -> None:
    small, large = FAMILIES[family](SMALL), FAMILIES[family](LARGE)
    base = min(_seconds(small) for _ in range(2))
    most = base * (len(large) / len(small)) ** STEEPEST + SLACK
    assert any(_seconds(large) <= most for _ in range(3))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_grows(family: str) -> None:
    """A family that stays small would measure nothing."""
    assert len(FAMILIES[family](LARGE)) > 2 * len(FAMILIES[family](SMALL))
