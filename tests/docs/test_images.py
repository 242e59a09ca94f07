"""The images of the documentation are what seqdsl draws today."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.api import compile

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
# Each shows the example of its name.
NAMES = ("attention-decoder",)


@pytest.mark.parametrize("name", NAMES)
def test_image(golden: Callable[[Path, str], None], name: str) -> None:
    picture = (ROOT / "examples" / f"{name}.seq").read_bytes()
    golden(IMAGES / f"{name}.svg", str(compile(picture, f"{name}.seq").draw("svg")))


def test_there_are_no_others() -> None:
    assert {path.stem for path in IMAGES.iterdir()} == set(NAMES)
