"""The images of the documentation are what seqdsl draws today."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.api import compile
from seqdsl.draw.cells import draw_cell
from seqdsl.ir.cells import built_in

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
# Each shows the example of its name.
NAMES = ("attention-decoder",)
CELLS = ("lstm", "gru")
"""Built-in cells that are shown."""


@pytest.mark.parametrize("name", NAMES)
def test_image(golden: Callable[[Path, str], None], name: str) -> None:
    picture = (ROOT / "examples" / f"{name}.seq").read_bytes()
    golden(IMAGES / f"{name}.svg", str(compile(picture, f"{name}.seq").draw("svg")))


@pytest.mark.parametrize("name", CELLS)
def test_image_of_a_cell(golden: Callable[[Path, str], None], name: str) -> None:
    golden(IMAGES / f"{name}.svg", str(draw_cell(built_in()[name])))


def test_there_are_no_others() -> None:
    assert {path.stem for path in IMAGES.iterdir()} == {*NAMES, *CELLS}
