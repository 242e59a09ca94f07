"""Compiling leaves no objects that hold each other: to search for those takes a tenth of the time of a large text."""

from __future__ import annotations

import gc
from pathlib import Path

from seqdsl.api import analyze

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_no_cycles() -> None:
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.seq"))]
    assert texts
    # What is made once (caches, compiled functions) is no garbage of a text.
    for text in texts:
        analyze(text)
    gc.collect()
    gc.disable()
    try:
        assert all(analyze(text).models for text in texts)
        assert gc.collect() == 0
    finally:
        gc.enable()
