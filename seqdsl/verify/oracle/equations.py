"""cells of a file: one step of their equations, evaluated as they are written, value by value.

Everything is read of the text's own tree: `1 - f` is an operator with a number and a word. What a name holds is the
value of the step before until its line is reached.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.syntax.ast import Number, Word
from seqdsl.syntax.equations import Expression, FunctionCall, Infix, Negative, leaves
from seqdsl.syntax.names import is_reserved
from seqdsl.verify.oracle.cells import STATES
from seqdsl.verify.oracle.functions import FUNCTIONS
from seqdsl.verify.oracle.images import convolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seqdsl.syntax.equations import CellDefinition
    from seqdsl.verify.oracle.cells import State
    from seqdsl.verify.oracle.functions import Array

    Setting = bool | float | str | int

EPSILON = 1e-5


def carried(cell: CellDefinition) -> tuple[str, ...]:
    """What goes from step to step: what the last line gives, then what is read before it is assigned."""
    # i = sigmoid(dense(x, h)); c = c + i; h = tanh(c): h is read first, c next; h is given, too, so it comes first
    known, states = {"x", *(item.name for item in cell.parameters)}, []
    for line in cell.equations:
        for word in leaves(line.value):
            if word.value not in known and word.value not in states:
                states.append(word.value)
        known |= {word.value for word in line.names}
    output = cell.equations[-1].names[-1].value
    return (output, *(name for name in states if name != output))


def count_states(kind: str, cells: Mapping[str, CellDefinition]) -> int:
    """How many vectors a layer of a kind carries from step to step; ``cells`` are those of the file."""
    # lstm: h and c; a cell of a file: what its equations carry
    return len(carried(cells[kind])) if kind in cells else STATES[kind]


def follow(cell: CellDefinition, x: int, state: Mapping[str, int]) -> dict[str, int]:
    """What each name depends on after a step, as sets of input steps; see `seqdsl.verify.oracle.reach`."""
    known = {**dict.fromkeys(carried(cell), 0), **state, "x": x}
    for line in cell.equations:
        # h = (1 - f) * h + f * n: all that f, h before the line and n depend on
        union = 0
        for word in leaves(line.value):
            # A parameter depends on nothing.
            union |= known.get(word.value, 0)
        known |= {word.value: union for word in line.names}
    return {name: known[name] for name in carried(cell)}


class Equations:
    """The step of a cell with its weights and arguments.

    Attributes:
        cell: the cell as it is written.
        weights: its weights by name.
        settings: its arguments, with defaults where they are not given.
        lost: what becomes of a value that is dropped in training; ``None``: nothing is.
        zoned: the same for a new value beside an old one.
        grid: height and width of all values; each place is as if it were a sample.
    """

    def __init__(
        self,
        cell: CellDefinition,
        weights: Mapping[str, Array],
        settings: Mapping[str, Setting],
        lost: Callable[[FunctionCall, Array, float], Array] | None = None,
        zoned: Callable[[Array, Array, float], Array] | None = None,
        grid: tuple[int, ...] = (),
    ) -> None:
        """Keep what a step needs."""
        self.cell, self.weights, self.settings = cell, weights, settings
        self.lost, self.zoned, self.grid = lost, zoned, grid
        self.names = dict(weight_names(cell))
        self.values: dict[str, Array] = {}

    def step(self, x: Array, state: State) -> State:
        """What is carried on from one step."""
        names = carried(self.cell)
        self.values = {"x": x, **dict(zip(names, state, strict=True))}
        for line in self.cell.equations:
            value = line.value
            if isinstance(value, FunctionCall) and value.function == "split":
                parts = np.split(self.value(value.arguments[0].value), len(line.names), -1)
                for word, part in zip(line.names, parts, strict=True):
                    self.values[word.value] = part
            else:
                self.values[line.names[0].value] = self.value(value)
        return tuple(self.values[name] for name in names)

    def value(self, item: Expression) -> Array:
        """What an expression comes to."""
        # (1 - f) * h     Infix *, of Infix - (Number 1, Word f) and Word h
        if isinstance(item, Number):
            return np.asarray(float(item.value))
        if isinstance(item, Word):
            if item.value in self.values:
                return self.values[item.value]
            return np.asarray(float(self.settings[item.value]))
        if isinstance(item, Negative):
            return -self.value(item.value)
        if isinstance(item, Infix):
            return _INFIX[item.operator](self.value(item.left), self.value(item.right))
        return self._called(item)

    def _called(self, item: FunctionCall) -> Array:
        given = [argument.value for argument in item.arguments if argument.keyword is None]
        if item.function in ("dense", "conv2d"):
            return self._dense(item, given)
        # dropout(h, 0.1), zoneout(h, new, 0.1): the rate is the last argument of both.
        if item.function in ("dropout", "zoneout"):
            rate = float(self.value(given[-1]))
            values = [self.value(part) for part in given[:-1]]
            return self._random(item, values, rate)
        values = [self.value(part) for part in given]
        if item.function in _OF_VALUES:
            return _OF_VALUES[item.function](values)
        if item.function == "scale":
            return values[0] * self.weights[self.names[id(item)][0]]
        if item.function == "layernorm":
            return self._normalized(item, values[0])
        word = self.settings.get(item.function, item.function)
        return FUNCTIONS[str(word)](values[0])

    def _dense(self, item: FunctionCall, given: list[Expression]) -> Array:
        names = self.names[id(item)]
        products = [
            convolved(self.value(part), self.weights[name], self.grid)
            if item.function == "conv2d"
            else self.value(part) @ self.weights[name]
            for part, name in zip(given, names, strict=False)
        ]
        total = reduce(np.add, products)
        # names are f_x, f_h, f_bias; with `bias=false` f_x, f_h.
        # A bias that the layer is without is not among its weights.
        bias = self.weights.get(names[-1]) if len(names) > len(given) else None
        return total if bias is None else total + bias

    def _normalized(self, item: FunctionCall, value: Array) -> Array:
        gamma, beta = (self.weights[name] for name in self.names[id(item)])
        centered = value - value.mean(-1, keepdims=True)
        variance = (centered**2).mean(-1, keepdims=True)
        return centered / np.sqrt(variance + EPSILON) * gamma + beta

    def _random(self, item: FunctionCall, values: list[Array], rate: float) -> Array:
        if item.function == "dropout":
            return values[0] if self.lost is None else self.lost(item, values[0], rate)
        old, new = values
        # Krueger et al. 2016: outside training, the expected value.
        return rate * old + (1 - rate) * new if self.zoned is None else self.zoned(old, new, rate)


def _larger(one: Array, other: Array) -> Array:
    return np.where(one.real >= other.real, one, other)


# By the real part, as complex numbers carry derivatives in their imaginary one.
def _smaller(one: Array, other: Array) -> Array:
    return np.where(one.real <= other.real, one, other)


def _side_by_side(values: list[Array]) -> Array:
    shape = np.broadcast_shapes(*(value.shape[:-1] for value in values))
    return np.concatenate([np.broadcast_to(v, (*shape, v.shape[-1])) for v in values], -1)


_OF_VALUES: dict[str, Callable[[list[Array]], Array]] = {
    "max": lambda values: reduce(_larger, values),
    "min": lambda values: reduce(_smaller, values),
    "concat": _side_by_side,
}

_INFIX: dict[str, Callable[[Array, Array], Array]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}


def weight_names(cell: CellDefinition) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The names of the weights of each call that has some, by the call's identity.

    ``f_x``, ``f_h``, ``f_bias`` of ``f = sigmoid(dense(x, h))``: the line's name, and what each matrix multiplies.
    """
    # A name of an equation, or of a parameter, is a variable beside the weights: none of them is called like it.
    taken = {word.value for line in cell.equations for word in line.names}
    taken |= {item.name for item in cell.parameters}
    for line in cell.equations:
        base = _together([word.value for word in line.names])
        for item in _calls(line.value):
            names = [_numbered(name, taken) for name in _wanted(item, base)]
            if item.function == "layernorm":
                names = [f"{names[0]}_gamma", f"{names[0]}_beta"]
            yield id(item), tuple(names)


def _wanted(item: FunctionCall, base: str) -> list[str]:
    if item.function == "scale":
        return [f"{base}_scale"]
    if item.function == "layernorm":
        return [f"{base}_norm"]
    given = [argument for argument in item.arguments if argument.keyword is None]
    labels = [_together(list(_named(one.value))) or "value" for one in given]
    return [f"{base}_{label}" for label in [*labels, *([] if _is_unbiased(item) else ["bias"])]]


def _named(item: Expression) -> Iterator[str]:
    """The names in what a matrix multiplies: ``h`` of ``dropout(h, rate)``, whose rate is not multiplied."""
    rates = {
        id(word)
        for call in _all_calls(item)
        if call.function in ("dropout", "zoneout")
        for word in leaves([one for one in call.arguments if one.keyword is None][-1].value)
    }
    return (word.value for word in leaves(item) if id(word) not in rates)


def _all_calls(item: Expression) -> Iterator[FunctionCall]:
    """The calls within an expression, as they are written: each before those in its arguments."""
    if isinstance(item, Infix):
        yield from _all_calls(item.left)
        yield from _all_calls(item.right)
    elif isinstance(item, Negative):
        yield from _all_calls(item.value)
    elif isinstance(item, FunctionCall):
        yield item
        for one in item.arguments:
            yield from _all_calls(one.value)


def _is_unbiased(item: FunctionCall) -> bool:
    """Whether a call says ``bias=false``."""
    given = [one.value for one in item.arguments if one.keyword == "bias"]
    return any(str(value) == "false" for value in given)


def _calls(item: Expression) -> Iterator[FunctionCall]:
    """The calls that have weights, as they are written from left to right."""
    return (
        one for one in _all_calls(item) if one.function in ("dense", "conv2d", "scale", "layernorm")
    )


def _together(names: list[str]) -> str:
    """``ifgo`` of i, f, g, o; ``new_old`` of longer names; at most twelve characters, or the first name."""
    unique = list(dict.fromkeys(names))
    gap = "_" if any(len(name) > 1 for name in unique) else ""
    while len(unique) > 1 and len(gap.join(unique)) > 12:
        unique.pop()
    return gap.join(unique)


def _numbered(name: str, taken: set[str]) -> str:
    number, free = 1, name
    # A weight is an attribute of a module: `zero_grad` would hide what the module needs itself.
    while free in taken or is_reserved(free):
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
