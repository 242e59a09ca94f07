"""activations → numpy: the function of each, for values whose features are on the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Code, call

if TYPE_CHECKING:
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def activated(name: str, value: Code, to: NumpyEmitter) -> Code:
    """A value behind an activation."""
    return value if name == "linear" else call(activation(name, to), value)


def activation(name: str, to: NumpyEmitter) -> str:
    """The function of an activation."""
    return "np.tanh" if name == "tanh" else to.function("identity" if name == "linear" else name)
