"""Python is parsed by one thread at a time: CPython itself cannot do it in several."""

from __future__ import annotations

import ast
import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seqdsl.python_syntax import parse_python

ROOT = Path(__file__).parents[2]
LINES = (
    f"def f{number}(a, b={{1: [a, (2, -{number})]}}):\n    return [x * (y + a) for x, y in b if x]"
    for number in range(60)
)
SOURCE = "\n".join(LINES)


class Yielding:
    """Garbage that lets another thread run while it is collected."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        time.sleep(0)


@pytest.fixture
def collecting() -> Iterator[None]:
    """Garbage is collected all the time, so within `ast.parse` as well."""
    before = gc.get_threshold()
    gc.set_threshold(20)
    yield
    gc.set_threshold(*before)


def parse_often(_: int) -> int:
    found = 0
    for _ in range(10):
        Yielding()
        found += len(parse_python(SOURCE).body)
    return found


@pytest.mark.usefixtures("collecting")
def test_many_threads() -> None:
    """Without the lock, one of them finds "AST constructor recursion depth mismatch" in less than a second."""
    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(parse_often, range(8))) == [600] * 8


@pytest.mark.parametrize("name", ["parse", "literal_eval"])
def test_nothing_else_parses(name: str) -> None:
    """Every place of the product goes through the lock."""
    callers = [
        path.name
        for path in (ROOT / "seqdsl").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == "ast"
    ]
    assert callers == (["python_syntax.py"] if name == "parse" else [])


def test_what_is_no_python() -> None:
    with pytest.raises(SyntaxError):
        parse_python("def")
    assert parse_python(b"x = 1").body
