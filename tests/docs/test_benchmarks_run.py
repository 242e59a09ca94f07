"""The benchmarks follow the code that they measure: their modules can be imported, and what they run beside it runs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
MODULES = sorted(path.stem for path in FOLDER.glob("*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_import(name: str) -> None:
    assert import_module(f"benchmarks.{name}").__doc__


def test_the_floor_of_verify_builds_and_calls() -> None:
    command = [sys.executable, "-m", "benchmarks.verify", "--models", "2", "--bare", "torch"]
    ended = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
