"""code of a model → a line for people: values in place of parameters, functions without what they read."""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Entry,
    For,
    Generator,
    Index,
    Items,
    Keyword,
    Prefix,
    Return,
    Run,
    Text,
    flat,
    path_of,
    paths,
    read_argument,
    read_index,
    roots,
    without_module,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from seqdsl.targets.code import Statement

_AXES = {"0": "batch", "1": "steps"}
_FEATURES = "features"
_OPTIONS = frozenset({"torch", _FEATURES, *_AXES.values()})
"""Names in a function's arguments that are no values of the model: of types, and of sizes."""

_EXACT: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    # Not "/": of 6 / 3 Python makes 2.0.
}


def parts_of(code: Code) -> tuple[Code, ...]:
    """The parts of code that are code, from left to right; an index is none."""
    match code:
        case Attribute() | Index() | Prefix():
            return (code.of,)
        case Binary():
            return code.parts
        case Call():
            return (code.function, *code.arguments)
        case Entry() | Keyword():
            return (code.value,)
        case Generator():
            return (code.element, code.iterable)
        case Items():
            return code.items
        case Text():
            return ()


def values_of(statement: Statement) -> tuple[Code, ...]:
    """What a statement computes."""
    match statement:
        case Assign() | Run():
            return (statement.value,)
        case Return():
            return statement.values
        case For():
            return tuple(value for item in statement.body for value in values_of(item))
        case _:
            return ()


def positional(call: Call) -> list[Code]:
    """The arguments of a call that have no names."""
    return [item for item in call.arguments if not isinstance(item, Keyword)]


def module_of(function: Code) -> str:
    """``layers`` of ``layers.Dense``; empty for what comes from no module."""
    path = path_of(function)
    return path[0] if path is not None and len(path) == 2 else ""


@dataclass(frozen=True, slots=True)
class Line:
    """Writes steps of a line.

    Attributes:
        values: what stands for the names of the builder's parameters.
    """

    values: Mapping[str, int | float]

    def constructor(self, call: Call) -> str:
        """A layer as it is made, without its name and without the module it comes from."""
        return self._text(_bare(call))

    def applied(self, name: str, arguments: Iterable[Code]) -> str:
        """A function with its options, without the values that it is applied to."""
        # x.reshape(x.shape[0], 2 * self.n + 1), for n = 3: `x` is a value and left out, the others are options,
        # reshape(batch, 7).
        given = (self.filled(item) for item in arguments)
        options = tuple(item for item in given if roots(paths([item])) <= _OPTIONS)
        return flat(Call(Text(name), options))

    def index(self, index: str) -> str:
        """An index, with numbers for parameters."""
        parts = (self._ends(part) for part in read_index(index))
        return f"[{', '.join(parts)}]"

    def _ends(self, part: tuple[Code | None, ...]) -> str:
        return ":".join("" if end is None else self._text(end) for end in part)

    def _text(self, code: Code) -> str:
        return flat(self.filled(code))

    def filled(self, code: Code) -> Code:
        """Code with values for parameters, sums of numbers as numbers, and axes by their names."""
        # For n = 3:   self.n -> 3         2 * self.n + 1 -> 7     (n - 1) // 2 -> 1     -n -> -3
        #              x.shape[1] -> steps     x[:, -self.n:] -> x[:, -3:]     [n, m] -> [3, m]
        match code:
            case Text():
                return self._leaf(code)
            case Attribute():
                return self._attribute(code)
            case Index(Attribute(_, "shape"), axis):
                return Text(_AXES.get(axis, _FEATURES))
            case Index():
                return Index(self.filled(code.of), self.index(code.index)[1:-1])
            case Items():
                return _unwrapped(replace(code, items=self._all(code.items)))
            case Binary():
                return _folded(code.operator, self._all(code.parts))
            case Prefix():
                return _signed(code.operator, self.filled(code.of))
            case _:
                return self._filled_in(code)

    def _filled_in(self, code: Call | Entry | Generator | Keyword) -> Code:
        """What stays as it is, with what is in it filled."""
        match code:
            case Call():
                return Call(self.filled(code.function), self._all(code.arguments))
            case Generator():
                return Generator(self.filled(code.element), code.target, self.filled(code.iterable))
            case Entry() | Keyword():
                return replace(code, value=self.filled(code.value))

    def _all(self, items: Iterable[Code]) -> tuple[Code, ...]:
        return tuple(map(self.filled, items))

    def _leaf(self, text: Text) -> Code:
        # A leaf is a name, `self.n`, or all of a size: `2 * self.n + 1`.
        path = path_of(text)
        if path is not None:
            value = self._value(path)
            return text if value is None else value
        read = read_argument(text.text)
        return text if isinstance(read, Text) else self.filled(read)

    def _attribute(self, code: Attribute) -> Code:
        path = path_of(code)
        value = None if path is None else self._value(path)
        return Attribute(self.filled(code.of), code.name) if value is None else value

    def _value(self, path: tuple[str, ...]) -> Text | None:
        """The value of a parameter, which ``forward`` has in an attribute."""
        name = path[-1]
        is_parameter = path in ((name,), ("self", name))
        return Text(repr(self.values[name])) if is_parameter and name in self.values else None


def _bare(call: Call) -> Call:
    """A call of a layer, and of those in it, without module and name."""
    # layers.Bidirectional(layers.LSTM(8), name="b") -> Bidirectional(LSTM(8))
    plain = without_module(call)
    arguments = (item for item in plain.arguments if not _is_name(item))
    return Call(
        plain.function,
        tuple(_bare(item) if isinstance(item, Call) else item for item in arguments),
    )


def _is_name(argument: Code) -> bool:
    return isinstance(argument, Keyword) and argument.name == "name"


def _number(code: Code) -> int | float | None:
    if not isinstance(code, Text):
        return None
    # A whole number first: `float` reads it as well, and 3.0 steps are none.
    for kind in (int, float):
        try:
            return kind(code.text)
        except ValueError:
            continue
    return None


def _folded(symbol: str, parts: tuple[Code, ...]) -> Code:
    """Parts between operators; as many numbers as it begins with are one number: ``5 + n`` of ``2 + 3 + n``."""
    first, *rest = parts
    while symbol in _EXACT and rest:
        left, right = _number(first), _number(rest[0])
        if left is None or right is None:
            break
        first, rest = Text(repr(_EXACT[symbol](left, right))), rest[1:]
    return Binary(symbol, (first, *rest)) if rest else first


def _signed(symbol: str, of: Code) -> Code:
    number = _number(of)
    return Prefix(symbol, of) if symbol != "-" or number is None else Text(repr(-number))


def _unwrapped(items: Items) -> Code:
    """A number needs no brackets."""
    is_one = items.opening == "(" and items.closing == ")" and len(items.items) == 1
    return items.items[0] if is_one and _number(items.items[0]) is not None else items
