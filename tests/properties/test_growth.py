"""Time grows with a text, whichever construct of the language it repeats: a quick look at small sizes.

`python -m benchmarks.growth` measures the same families up to a megabyte, through the real commands.
"""

from __future__ import annotations

import time

import pytest

from benchmarks.families import FAMILIES
from seqdsl import budget
from seqdsl.api import analyze
from seqdsl.text.diagnostics import excerpt

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
    "ellipses": "their product, over a text, is limited to 1,000,000",
    "strided ellipses": "their product, over a text, is limited to 1,000,000",
    "ellipses over a bus": "their product, over a text, is limited to 1,000,000",
    "half on each bus": "more than 2,000,000 wires through the junctions of this picture",
}
"""Families that grow faster: lengths that are sums of as many names, two buses in one row; and what limits them."""

LARGEST = 27_000
"""Bytes of a text of such a family that is beyond its limit: at a third of it, it still compiles."""


@pytest.mark.parametrize("family", LIMITED)
def test_what_grows_faster_is_limited(family: str) -> None:
    assert analyze(FAMILIES[family](LARGEST // 3)).models
    start = time.process_time()
    (finding,) = analyze(FAMILIES[family](LARGEST)).diagnostics
    assert finding.code == "SEQ110" and LIMITED[family] in finding.message
    assert time.process_time() - start < 5


def _many_pairs(count: int, depth: int = 1) -> str:
    """Inputs and outputs of two steps each, all through one value and so many layers upon it."""
    below, above = "X X Z Z ", "Y Y U U "
    bus = "+-" * (2 * count - 1) + "+"
    layers = ["|", *["O", "|"] * depth]
    rows = [above * (count // 2), "| " * 2 * count, bus, *layers, bus, "| " * 2 * count]
    return "\n".join(
        [
            *rows,
            below * (count // 2),
            *(f"{name} = input(2)" for name in "XZ"),
            "Y = gru(3)",
            "U = gru(3)",
        ]
    )


def test_pairs_are_looked_at_one_by_one() -> None:
    (model,) = analyze(_many_pairs(40)).models
    assert len(model.spec.pairs) == 1_600 and model.topology == "encoder-decoder"


def _nested(count: int) -> str:
    """Pictures each of which calls the one before it."""
    names = [f"part_{at}" for at in range(count)]
    calls = ["dense(3)", *names]
    return "\n\n".join(
        f"model {name}\n\nY   {call}\n|\nX   input(3)"
        for name, call in zip(names, calls, strict=False)
    )


EXCEEDED = {
    "MOST_BLOCKS": (
        "more than 40,000 blocks in one text",
        lambda: "\n".join(["A B " * 11_000, "| | " * 11_000, "X Z " * 11_000]),
    ),
    "MOST_LINKS": (
        "more than 200,000 separate links between blocks",
        lambda: "\n".join(["Y U " * 230, "| " * 460, "+-" * 459 + "+", "| " * 460, "X Z " * 230]),
    ),
    "MOST_ELIDED": ("is limited to 1,000,000", lambda: FAMILIES["ellipses"](LARGEST)),
    "MOST_SOURCES": (
        "more than 2,000,000 wires through the junctions",
        lambda: FAMILIES["half on each bus"](LARGEST),
    ),
    "MOST_NESTED": ("more than 50 models within each other", lambda: _nested(60)),
    "MOST_PAIRS": ("more than 20,000 pairs of an input and an output", lambda: _many_pairs(150)),
    "MOST_REACHED": (
        "together reach more than 2,000,000 blocks",
        lambda: "\n".join([*["O", "|"] * 16_000, "+-" * 129 + "+", "| " * 130, "X Z " * 65]),
    ),
    "MOST_TRACED": ("more than 20,000,000 blocks between", lambda: _many_pairs(130, 3_000)),
}
"""Each limit of `seqdsl.budget`: what is said of it, and a text that exceeds it."""


def test_every_limit_is_exceeded() -> None:
    assert EXCEEDED.keys() == {name for name in vars(budget) if name.startswith("MOST_")}


@pytest.mark.parametrize("limit", EXCEEDED)
def test_a_limit_is_named(limit: str) -> None:
    said, text = EXCEEDED[limit]
    start = time.process_time()
    (finding,) = analyze(text()).diagnostics
    assert finding.code == "SEQ110" and said in finding.message and finding.hint
    assert time.process_time() - start < 15


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
