"""The benchmarks follow the code that they measure: each of their modules can be imported."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
MODULES = sorted(path.stem for path in FOLDER.glob("*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_import(name: str) -> None:
    assert import_module(f"benchmarks.{name}").__doc__
