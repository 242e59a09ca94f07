"""Work grows in proportion to a text, counted in lines of Python that run: equal on every machine, however busy it is.

What a clock shows of a loop within a loop at a few kilobytes is less than noise. Counted, a byte costs in the second
half of a text what it costs in the first, to a line in ten thousand, or such a loop shows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice, pairwise
from types import FrameType
from typing import Any

import pytest

from benchmarks.families import FAMILIES
from benchmarks.growth import FORMATTED, WORST
from seqdsl.api import Model, compile_all
from seqdsl.formatter.format import format_text
from seqdsl.pipeline import Analysis, analyze
from seqdsl.text.diagnostics import excerpt

SMALLEST = 1_000
"""Bytes of the first of three texts of a family, each twice as large as the one before."""

SMALLER = 500
"""The same for commands, which do more with a text."""

SMALLEST_OF = {"letters on a bus": 125}
"""The same for a family that is refused beyond a kilobyte."""

STEEPEST = 1.05
"""How much more a byte may cost between the second text and the third than between the first and the second.

1 is in proportion, 2 a square.
"""

PRODUCT = 2.1
"""The same for the product of two counts."""

REFUSED_AT = {
    "ellipses": 20_000,
    "ellipses over a bus": 40_000,
    "free blocks": 20_000,
    "half on each bus": 40_000,
    "junctions with their own": 40_000,
    "letters on a bus": 10_000,
    "many inputs to many outputs": 5_000,
    "named ellipses": 80_000,
    "names over one row": 40_000,
    "strided ellipses": 40_000,
}
"""Families that take as much as the product of two counts, up to a limit; and a size beyond it."""


def lines_run(work: Callable[[], object]) -> int:
    """How many lines of Python run, those of libraries, too; each round of a comprehension is one."""
    count = 0

    def line(_frame: FrameType, _event: str, _value: Any) -> Any:
        nonlocal count
        count += 1
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def drawn(family: str, smallest: int) -> list[str]:
    """Three texts of a family, each of about twice the size of the one before."""
    by_size = {len(text): text for text in (FAMILIES[family](smallest << at) for at in range(6))}
    return [*islice(by_size.values(), 3)]


def steepness(sizes: Sequence[int], works: Sequence[Callable[[], object]]) -> float:
    """How much more a byte costs between the second text and the third than between the first and the second."""
    # What is read or imported once is no part of it.
    works[0]()
    counts = list(map(lines_run, works))
    first, second = (
        (after - before) / (large - small)
        for (before, after), (small, large) in zip(pairwise(counts), pairwise(sizes), strict=True)
    )
    return second / max(first, 1.0)


def check(text: str) -> Analysis:
    """Compile a text and show what is reported.

    The search for the one mistake behind several diagnostics has a limit of its own, and `test_growth` times it.
    """
    analysis = analyze(text, diagnose=False)
    for item in analysis.diagnostics:
        excerpt(item, analysis.source)
    return analysis


@pytest.mark.parametrize("family", FAMILIES)
def test_compiling_grows_with_the_text(family: str) -> None:
    texts = drawn(family, SMALLEST_OF.get(family, SMALLEST))
    found = steepness([*map(len, texts)], [partial(check, text) for text in texts])
    assert found < (PRODUCT if family in REFUSED_AT else STEEPEST)


@pytest.mark.parametrize("family", REFUSED_AT)
def test_what_is_refused_is_refused_in_proportion(family: str) -> None:
    texts = [FAMILIES[family](size * REFUSED_AT[family]) for size in (1, 2)]
    small, large = (lines_run(partial(check, text)) for text in texts)
    assert [item.code for text in texts for item in check(text).diagnostics] == ["SEQ110"] * 2
    assert large / small < STEEPEST * len(texts[1]) / len(texts[0])


def _tokens_and_choices(count: int) -> str:
    """Inputs of ids and outputs that choose among as many, all of which read all of them."""
    rows = ["Y Y U U ", "| | | | ", "+-+-+-+-", "| | | | ", "E E F F ", "| | | | ", "X X Z Z "]
    names = [f"{letter} = dense(50, softmax)" for letter in "YU"]
    names += [f"{letter} = embedding(8)" for letter in "EF"]
    names += [f"{letter} = tokens(50)" for letter in "XZ"]
    return "\n".join([*((row * count).rstrip("-") for row in rows), *names])


def test_targets_are_looked_for_among_few() -> None:
    """Each try takes as long as the picture is large: of all pairs it would be the cube."""
    texts = [_tokens_and_choices(8 << at) for at in range(3)]
    assert check(texts[0]).models
    assert steepness([*map(len, texts)], [partial(check, text) for text in texts]) < PRODUCT


def called_chain(count: int, call: str = "(units=units)", mask: str = ", mask=0") -> str:
    """Pictures each of which calls the two before it; what calls all of them reads a masked row."""
    names = [f"part_{at}" for at in range(count)]
    row = "{0} {0} ... {0}   {1}\n| |     |\n"
    texts = [f"model {names[0]}\n{row.format('Y', 'dense(units)')}X X ... X   input(3)\nunits = 3"]
    for at, name in enumerate(names[1:]):
        called = (names[at], names[max(at - 1, 0)])
        rows = "".join(
            row.format(*each) for each in zip("WV", (f"{one}{call}" for one in called), strict=True)
        )
        marks = mask if at == count - 2 else ""
        texts.append(f"model {name}\n{rows}X X ... X   input(3{marks})\nunits = 3")
    return "\n\n".join(texts)


def test_a_picture_is_compiled_once_for_all_that_call_it() -> None:
    """Walked again for each call, they would be as many as the numbers of Fibonacci."""
    texts = [called_chain(4 << at) for at in range(3)]
    assert len(check(texts[-1]).models) == 4 << 2
    assert steepness([*map(len, texts)], [partial(check, text) for text in texts]) < STEEPEST


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (called_chain(40), "more than 40,000 blocks, those of the models that are called"),
        (called_chain(60, mask=""), "more than 50 models within each other"),
    ],
)
def test_calls_that_come_to_too_much_are_refused(text: str, message: str) -> None:
    found = [item for item in check(text).diagnostics if message in item.message]
    assert [item.code for item in found] == ["SEQ110"]


COMMANDS: dict[str, Callable[[Model], object]] = {
    "keras": lambda model: model.source("keras"),
    "torch": lambda model: model.source("torch"),
    "explain": lambda model: model.explain(),
    "draw": lambda model: model.draw(),
}
"""What is done with a model that compiles."""


@pytest.mark.parametrize("family", [*WORST, *FORMATTED])
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_grow_with_the_text(command: str, family: str) -> None:
    texts = drawn(family, SMALLER)
    models = [compile_all(text) for text in texts]
    works = [lambda each=each: [*map(COMMANDS[command], each)] for each in models]
    assert steepness([*map(len, texts)], works) < STEEPEST


@pytest.mark.parametrize("family", [*WORST, *FORMATTED])
def test_formatting_grows_with_the_text(family: str) -> None:
    texts = drawn(family, SMALLER)
    works = [partial(format_text, text) for text in texts]
    assert steepness([*map(len, texts)], works) < STEEPEST


@pytest.mark.parametrize(
    "loop",
    [
        lambda items: [(one, other) for one in items for other in items],
        lambda items: {max(one, *(other for other in items)) for one in items},
        lambda items: [one for one in items if any(one == -other for other in items)],
    ],
)
def test_a_loop_within_a_loop_is_steep(loop: Callable[[range], object]) -> None:
    """One that compares each hundred bytes with all others, beside 300 lines a byte, as compiling takes."""

    def work(size: int) -> None:
        for _ in range(150 * size):
            pass
        loop(range(size // 10))

    sizes = [SMALLEST << at for at in range(3)]
    assert steepness(sizes, [partial(work, size) for size in sizes]) > STEEPEST
