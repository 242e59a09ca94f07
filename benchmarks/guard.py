"""ratios → whether something became much slower: a guard with generous margins, for busy machines.

    python -m benchmarks.guard

It stands apart from the tests, which judge no time.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import compile as compiler
from benchmarks import models
from benchmarks.families import FAMILIES
from benchmarks.timing import least
from seqdsl.api import analyze
from seqdsl.draw import draw
from seqdsl.formatter.format import format_text
from seqdsl.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHECK_COLD = 1.6
"""``seqdsl check`` over the bare imports of lark and networkx; measured: 1.1."""

ORDINARY = 0.006
"""Seconds for an ordinary model, text to both sources; measured: 0.0016."""

TENFOLD = 20.0
"""A picture of ten times as many steps over the smaller one; measured: 10."""

TWICE = 2.6
"""Twice the text over the text, checked and written for both frameworks; measured: 1.9 to 2.2."""

GROWING = {"stacked letters": 50_000, "many attentions": 50_000, "initial states": 100_000}
"""Families that a loop within a loop once showed in, and the size of the smaller text."""

DRAWN = {"handed states": 15_000, "single nodes": 15_000}
"""The same for drawings."""

FORMATTED = {"stacked rows": 10_000, "many attentions": 10_000}
"""The same for canonical forms; measured: 2.0."""

BY_HAND = 1.3
"""A generated PyTorch model over the hand-written one; measured: 1.0."""

PICTURES = ("many-to-one", "stacked", "attention", "convolutions", "masked-last", "own-cell")


def ratios() -> Iterator[tuple[str, float, float]]:
    """What is guarded: its name, its figure, and the most that the figure may be."""
    ours, theirs = compiler.cold()["seqdsl check"]
    yield "seqdsl check, cold, over its bare imports", ours / theirs, CHECK_COLD
    seconds, count = compiler.warm()["1,000 pictures"]
    yield "seconds for an ordinary model", seconds / count, ORDINARY
    small, large = (partial(analyze, compiler.picture(3, steps)) for steps in (2_000, 20_000))
    one, ten = least(small, large, rounds=5)
    yield "ten times as many steps", ten / one, TENFOLD
    for family, size in GROWING.items():
        yield f"twice as many {family}", twice(family, size, write), TWICE
    for family, size in DRAWN.items():
        yield f"twice as many {family}, drawn", twice(family, size, draw_all), TWICE
    for family, size in FORMATTED.items():
        yield f"twice as many {family}, formatted", twice(family, size, format_text), TWICE
    models.quiet("torch")
    for name in PICTURES:
        found = models.measure("torch", name, honest=False, compiled=False)
        for what, (generated, by_hand) in found.items():
            yield f"{name}, {what}, over the hand-written", generated / by_hand, BY_HAND


def twice(family: str, size: int, task: Callable[[str], object]) -> float:
    """The processor time of a text of a family over that of half of it: the least of three times of each."""
    texts = [FAMILIES[family](size * times) for times in (1, 2)]
    seconds = [[processor_time(task, text) for text in texts] for _ in range(3)]
    one, two = map(min, zip(*seconds, strict=True))
    return two / one


def processor_time(task: Callable[[str], object], text: str) -> float:
    """What a task takes for a text."""
    start = time.process_time()
    task(text)
    return time.process_time() - start


def write(text: str) -> None:
    """Compile a text, and write its source for each framework."""
    for model in analyze(text).models:
        for target in TARGETS:
            model.source(target)


def draw_all(text: str) -> None:
    """Compile a text, and draw it in every form that is text."""
    for model in analyze(text).models:
        for form in ("svg", "dot", "mmd"):
            draw(model, form)


def main() -> int:
    """Print every figure; 1 if one is beyond its margin."""
    beyond = False
    for name, figure, most in ratios():
        is_beyond = figure > most
        beyond = beyond or is_beyond
        print(f"{'SLOW' if is_beyond else 'ok  '} {name}: {figure:.3g} (at most {most:g})")
    return int(beyond)


if __name__ == "__main__":
    sys.exit(main())
