"""layer, operation, exception → the line of the model's source that makes, calls or raises it, as ``file:line``.

A functional model does not tell where its layers were called: only what a custom class calls has lines, and
that class itself, and the function of a Lambda.
"""

from __future__ import annotations

import inspect
import sys
from contextlib import contextmanager
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

import keras

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_HERE = "seqdsl"
_FRAMEWORKS = ("keras", "tensorflow", "jax", "torch", "numpy")


@contextmanager
def called_lines() -> Iterator[dict[str, str]]:
    """For as long as a layer is called: the line of the first call of each layer and operation, by its name."""
    found: dict[str, str] = {}
    # Layers and operations are noted by Keras in different places.
    owners = [item for item in (keras.Operation, keras.Layer) if "symbolic_call" in vars(item)]
    usual = {owner: vars(owner)["symbolic_call"] for owner in owners}

    def noting(call: Any) -> Any:
        def symbolic_call(self: Any, *args: Any, **kwargs: Any) -> Any:
            found.setdefault(self.name, _calling(sys._getframe(1)))
            return call(self, *args, **kwargs)

        return symbolic_call

    for owner, call in usual.items():
        owner.symbolic_call = noting(call)
    try:
        yield found
    finally:
        for owner, call in usual.items():
            owner.symbolic_call = call


def _calling(frame: FrameType | None) -> str:
    """The innermost line that is not Keras's; empty: the call comes from here."""
    while frame is not None:
        package = _package(frame)
        if package == _HERE:
            return ""
        if package not in _FRAMEWORKS:
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def raised_at(problem: BaseException) -> str:
    """The last line of the model's source on the way to an exception."""
    lines = [
        f"{frame.f_code.co_filename}:{number}"
        for frame, number in walk_tb(problem.__traceback__)
        if _package(frame) not in (_HERE, *_FRAMEWORKS)
    ]
    return lines[-1] if lines else ""


def wants_numbers(problem: BaseException) -> bool:
    """Whether something asked a symbol for numbers, as functions of numpy and of the backends do: ``tf.stack``."""
    asked = {vars(keras.KerasTensor)[name].__code__ for name in _NUMBERS}
    return any(frame.f_code in asked for frame, _ in walk_tb(problem.__traceback__))


_NUMBERS = ("__array__", "__jax_array__", "__tf_tensor__")


def defined_at(layer: Any) -> str:
    """Where the code of a layer is that is not Keras's: its function, its ``call``, or its class."""
    # Lambda(function), RNN(cell): the layer is Keras's, what it runs is not.
    parts = (layer, getattr(layer, "function", None), getattr(layer, "cell", None))
    for part in parts:
        if part is None:
            continue
        kind = part if inspect.isfunction(part) else type(part)
        if str(kind.__module__).partition(".")[0] not in (*_FRAMEWORKS, "builtins", "functools"):
            return _line_of(kind)
    return ""


def _line_of(kind: Any) -> str:
    code = inspect.unwrap(kind if inspect.isfunction(kind) else kind.call)
    told = getattr(code, "__code__", None)
    if told is not None and str(code.__module__).partition(".")[0] not in _FRAMEWORKS:
        return f"{told.co_filename}:{told.co_firstlineno}"
    try:
        # A class that leaves `call` to one of Keras's.
        return f"{inspect.getsourcefile(kind)}:{inspect.getsourcelines(kind)[1]}"
    except (OSError, TypeError):
        return ""
