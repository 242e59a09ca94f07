"""place of a layer whose weights a user's module keeps apart → where each of its arrays is.

A product with a matrix of one's own, and an attention that is written by hand, are one layer of a picture::

    torch.tanh(x @ self.w + self.b)             *kernel=w bias=b
    F.linear(x, self.w)                         *kernel=~w                          ~: transposed
    self.qkv = nn.Linear(8, 24), self.out       *query/kernel=~qkv.weight[0:8] query/bias=qkv.bias[0:8] ...
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Any

from seqdsl.records import record
from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.weight_binding import Binding, NoSuchWeights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array

_PART = re.compile(
    r"(?P<turned>~?)(?P<path>[^\s=~\[\]]+)(?:\[(?P<first>[0-9]+):(?P<stop>[0-9]+)\])?"
)


@record(frozen=True)
class Held:
    """A weight that holds an array, or some rows of it.

    Attributes:
        path: the weight's path in the module.
        is_turned: whether it has the features that are given first.
        rows: the first of its rows, and that behind the last; ``None``: all.
    """

    path: str
    is_turned: bool = False
    rows: tuple[int, int] | None = None

    def __str__(self) -> str:
        """The weight as a place has it."""
        rows = "" if self.rows is None else f"[{self.rows[0]}:{self.rows[1]}]"
        return f"{'~' * self.is_turned}{self.path}{rows}"


def scattered(parts: Mapping[str, Held]) -> str:
    """The place of a layer, of the weights that hold its arrays."""
    return BARE + " ".join(f"{part}={held}" for part, held in parts.items())


def held_apart(place: str | None) -> dict[str, Held]:
    """The weights that hold the arrays of a layer, by the arrays' names; none if they are kept together.

    >>> held_apart("*kernel=~w bias=b[0:4]")["bias"]
    Held(path='b', is_turned=False, rows=(0, 4))
    >>> held_apart("encoder.lstm")
    {}
    """
    if place is None or not place.startswith(BARE) or "=" not in place:
        return {}
    pairs = (part.partition("=") for part in place.removeprefix(BARE).split())
    return {name: _held(text) for name, _, text in pairs}


def parts_of(place: str, *, has_bias: bool = True) -> dict[str, Held]:
    """The weights of a dense layer, wherever it is: an `nn.Linear` has its matrix turned."""
    apart = held_apart(place)
    # Of a bare matrix and its bias the weights are named one by one.
    if apart:
        return apart
    bias = {"bias": Held(f"{place}.bias")} if has_bias else {}
    return {"kernel": Held(f"{place}.weight", is_turned=True), **bias}


def apart_binding(name: str, tensor: Any, shape: Sequence[int], *, is_turned: bool) -> Binding:
    """The binding of an array to a weight of its own, which may have axes of length 1 more.

    Args:
        name: the array's whole name.
        tensor: what holds the numbers.
        shape: the shape of the array.
        is_turned: whether the weight is transposed.
    """
    held = tuple(tensor.shape)
    if prod(held) != prod(shape):
        raise NoSuchWeights(f"`{name}` should be {tuple(shape)}, its place has {held}")

    def put(array: Array) -> Array:
        return (array.T if is_turned else array).reshape(held)

    def take(array: Array) -> Array:
        return array.reshape(tuple(shape)[::-1]).T if is_turned else array.reshape(shape)

    return Binding(name, tensor, put, take)


def _held(text: str) -> Held:
    match = _PART.fullmatch(text)
    assert match is not None, text
    rows = None if match["first"] is None else (int(match["first"]), int(match["stop"]))
    return Held(match["path"], bool(match["turned"]), rows)
