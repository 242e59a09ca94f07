"""What is laid out compiles to what it was laid out from: examples and random pictures, over the whole language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seqdsl.formatter.draw import plain
from seqdsl.layout.write import rows
from seqdsl.syntax.ast import Picture
from seqdsl.syntax.document import parse
from seqdsl.syntax.reader import read
from tests.delayed_nodes import has_delayed
from tests.layout.rebuilt import assert_same, layout_of, redrawn, unplaced
from tests.random_pictures import random_picture

ROOT = Path(__file__).parents[2]
CHUNKS = 8
ALIKE = 120
"""So many examples come out as they are drawn by hand."""


def _texts() -> list[str]:
    """The examples that hold one picture; delayed nodes are not laid out."""
    texts = [path.read_text("utf-8") for path in sorted(ROOT.glob("examples/*.seq"))]
    return [text for text in texts if len(_pictures(text)) == 1 and not has_delayed(text)]


def _pictures(text: str) -> tuple[Picture, ...]:
    source, _ = read(text, "model.seq")
    return parse(source, "model")[0].pictures


@pytest.mark.parametrize("places", [True, False])
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_pictures(chunk: int, places: bool, pytestconfig: pytest.Config) -> None:
    size = pytestconfig.getoption("--laid-out-pictures") // CHUNKS
    first = pytestconfig.getoption("--first-seed") + chunk * size
    for seed in range(first, first + size):
        text = random_picture(seed)
        if not has_delayed(text):
            assert_same(text, redrawn(text, places=places))


@pytest.mark.parametrize("places", [True, False])
def test_examples(places: bool) -> None:
    for text in _texts():
        assert_same(text, redrawn(text, places=places))


def test_examples_come_out_as_drawn_by_hand() -> None:
    """Most of the examples are laid out just as people draw them."""
    alike = 0
    for text in _texts():
        picture = layout_of(text)
        bare = replace(picture, rows=tuple(replace(row, call="") for row in picture.rows))
        alike += rows(bare) == plain(_pictures(text)[0].rows)
    assert alike >= ALIKE


def test_laid_out_again() -> None:
    """What was laid out can be read, and laid out again, as well as what was drawn."""
    for seed in range(40):
        text = random_picture(seed)
        if has_delayed(text):
            continue
        once = redrawn(text, places=False)
        assert_same(text, redrawn(once, places=True))


def test_places_are_all_there_is_to_lose() -> None:
    picture = layout_of("O O\n| |\nO O\n")
    assert {mark.place for _, mark in picture.refs()} == {0, 2}
    assert {mark.place for _, mark in unplaced(picture).refs()} == {None}
