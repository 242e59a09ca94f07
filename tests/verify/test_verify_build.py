"""A generated source becomes a module that tracebacks and `inspect` can read, and goes again."""

from __future__ import annotations

import inspect
import linecache
import sys
import traceback

import pytest

from seqdsl.verify.build import build, forget, load

SOURCE = """
from dataclasses import dataclass

@dataclass
class Net:
    units: int = 4

def build_model(units=4):
    return Net(units)

def fail():
    raise ValueError("no")

if __name__ == "__main__":
    raise SystemExit
"""


def test_build_calls_the_builder_with_its_defaults() -> None:
    assert build(SOURCE, "net").units == 4


def test_what_has_no_weights_to_begin_with_is_refused() -> None:
    with pytest.raises(ValueError, match="call its `load` with a file of trained weights"):
        build("class Net: ...\n", "net")


def test_source_can_be_read_until_it_is_forgotten() -> None:
    module = load(SOURCE, "net")
    assert "units: int" in inspect.getsource(module.Net)
    with pytest.raises(ValueError) as caught:
        module.fail()
    assert 'raise ValueError("no")' in "".join(traceback.format_exception(caught.value))
    forget(module)
    assert module.__name__ not in sys.modules and module.__file__ not in linecache.cache


def test_broken_source_leaves_nothing() -> None:
    before = set(sys.modules)
    with pytest.raises(ZeroDivisionError):
        load("1 / 0", "broken")
    assert set(sys.modules) == before


def test_our_future_imports_do_not_reach_the_source() -> None:
    module = load("def f(x: int) -> None: ...\n", "plain")
    assert module.f.__annotations__["x"] is int
    forget(module)
