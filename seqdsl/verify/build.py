"""generated source → live model, in this process."""

from __future__ import annotations

import gc
import linecache
import os
import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = 1_000_000
"""Weights of a model of which several may wait in memory."""

_BEFORE = [0]
"""The weights of the model that was held before, the last that `release` was told of."""


def build(source: str, name: str) -> Any:
    """The model that the generated ``source`` builds with its default parameters.

    Raises:
        ImportError: the framework is not installed.
        ValueError: such models have no weights to begin with.
    """
    module = load(source, name)
    if not hasattr(module, "build_model"):
        forget(module)
        raise ValueError(
            "such a model has no weights to begin with: write its source to a file, "
            "and call its `load` with a file of trained weights"
        )
    return module.build_model()


def load(source: str, name: str) -> ModuleType:
    """The generated ``source`` as an imported module."""
    code = f"seqdsl_{name}_{crc32(source.encode()):08x}"
    module = ModuleType(code)
    module.__file__ = f"<{code}>"
    # Tracebacks and `inspect` (torch.export, dataclasses) look the source up in these two.
    linecache.cache[module.__file__] = (len(source), None, source.splitlines(True), module.__file__)
    sys.modules[code] = module
    try:
        # Without `dont_inherit`, this module's `from __future__ import annotations` would hold in generated code, too.
        exec(compile(source, module.__file__, "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        forget(module)
        raise
    return module


def find_factory(name: str) -> Callable[[], Any]:
    """The function ``package.module:function``.

    Raises:
        ImportError: there is no such module.
        AttributeError: it has no such function.
    """
    module, _, path = name.partition(":")
    # After everything else: a keras.py that lies about must not hide Keras.
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    attribute: Any = import_module(module)
    for part in (path or "build_model").split("."):
        if not hasattr(attribute, part):
            raise AttributeError(f"`{module}` has no function `{path or 'build_model'}`")
        attribute = getattr(attribute, part)
    factory: Callable[[], Any] = attribute
    return factory


def release(weights: int) -> None:
    """Let go of the models that nobody needs: finished ones are in reference cycles, which keep their weights.

    Of small ones Python lets go by itself, sooner or later: the search takes as long as calling one.

    Args:
        weights: of the model that is held next, or was held last.
    """
    largest, _BEFORE[0] = max(weights, _BEFORE[0]), weights
    if largest < SMALL:
        return
    # A program that was traced of a model is let go of when its model is, and is in a cycle of its own.
    for _ in range(2):
        gc.collect()


def forget(module: ModuleType) -> None:
    """Let go of a module that `load` made: a worker meets thousands of them."""
    sys.modules.pop(module.__name__, None)
    linecache.cache.pop(module.__file__ or "", None)
