"""place of a layer whose weights a user's module keeps apart → where each of its arrays is.

A product with a matrix of one's own, and an attention that is written by hand, are one layer of a picture::

    torch.tanh(x @ self.w + self.b)             *kernel=w bias=b
    F.linear(x, self.w)                         *kernel=~w                          ~: transposed
    self.qkv = nn.Linear(8, 24), self.out       *query/kernel=~qkv.weight[0:8] query/bias=qkv.bias[0:8] ...
    self.conv = nn.Conv2d(1 + 4, 16, 3)         *i_x=^conv.weight[0:4,0:1] i_h=^conv.weight[0:4,1:5] ...
    self.f, self.i = nn.Linear(3, 4), ...       *kernel=~i.weight+~f.weight+~g.weight+~o.weight ...
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
    r"(?P<way>[~^]?)(?P<path>[^\s=~^+\[\]]+)"
    r"(?:\[(?P<first>[0-9]+):(?P<stop>[0-9]+)(?:,(?P<left>[0-9]+):(?P<right>[0-9]+))?\])?"
)


@record(frozen=True)
class Held:
    """A weight that holds an array, or some rows of it.

    Attributes:
        path: the weight's path in the module.
        is_turned: whether it has the features that are given first.
        rows: the first of its rows, and that behind the last; ``None``: all.
        columns: the same of its second axis.
        is_window: whether it is a kernel of windows, (out, in, height, width), of an array (height, width, in, out).
        beside: what holds the rest of an array of several weights, all in the same way: its last features in turn.
    """

    path: str
    is_turned: bool = False
    rows: tuple[int, int] | None = None
    columns: tuple[int, int] | None = None
    is_window: bool = False
    beside: tuple[Held, ...] = ()

    @property
    def axis(self) -> int:
        """Along which axis of the weights the parts of an array are beside each other."""
        return 0 if self.is_window or self.is_turned else -1

    def __str__(self) -> str:
        """The weight as a place has it."""
        way = "^" if self.is_window else "~" * self.is_turned
        rows = "" if self.rows is None else "{}:{}".format(*self.rows)
        columns = "" if self.columns is None else ",{}:{}".format(*self.columns)
        whole = f"{way}{self.path}[{rows}{columns}]" if rows else f"{way}{self.path}"
        return "+".join([whole, *map(str, self.beside)])


def scattered(parts: Mapping[str, Held]) -> str:
    """The place of a layer, of the weights that hold its arrays."""
    return BARE + " ".join(f"{part}={held}" for part, held in parts.items())


def held_apart(place: str | None) -> dict[str, Held]:
    """The weights that hold the arrays of a layer, by the arrays' names; none if they are kept together.

    >>> held_apart("*kernel=~w bias=b[0:4]")["bias"]
    Held(path='b', is_turned=False, rows=(0, 4), columns=None, is_window=False, beside=())
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


def apart_binding(name: str, tensor: Any, shape: Sequence[int], how: Held) -> Binding:
    """The binding of an array to a weight of its own, which may have axes of length 1 more.

    Args:
        name: the array's whole name.
        tensor: what holds the numbers: the part of the weight that is the array's.
        shape: the shape of the array.
        how: how the weight holds it.
    """
    held = tuple(tensor.shape)
    is_turned = how.is_turned
    if prod(held) != prod(shape):
        raise NoSuchWeights(f"`{name}` should be {tuple(shape)}, its place has {held}")

    def put(array: Array) -> Array:
        if how.is_window:
            return array.transpose(3, 2, 0, 1)
        return (array.T if is_turned else array).reshape(held)

    def take(array: Array) -> Array:
        if how.is_window:
            return array.transpose(2, 3, 1, 0)
        return array.reshape(tuple(shape)[::-1]).T if is_turned else array.reshape(shape)

    return Binding(name, tensor, put, take)


def _held(text: str) -> Held:
    text, *others = text.split("+")
    match = _PART.fullmatch(text)
    assert match is not None, text
    way = match["way"]
    return Held(
        match["path"],
        way == "~",
        _range(match["first"], match["stop"]),
        _range(match["left"], match["right"]),
        way == "^",
        tuple(map(_held, others)),
    )


def _range(first: str | None, stop: str | None) -> tuple[int, int] | None:
    return None if first is None or stop is None else (int(first), int(stop))
