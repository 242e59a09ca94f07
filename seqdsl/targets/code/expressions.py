"""Python expressions as trees: what is in brackets can be spread over lines, everything else stays on one.

Only the forms that generated code has; each is a frozen class, so that equal code is equal data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast, get_args

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Text:
    """A name, a number, a quoted text, or anything else that is never broken."""

    text: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """``of.name``."""

    of: Code
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """``of[index]``; the index is never broken."""

    of: Code
    index: str


@dataclass(frozen=True, slots=True)
class Call:
    """``function(arguments)``."""

    function: Code
    arguments: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Keyword:
    """``name=value``, an argument of a call."""

    name: str
    value: Code


@dataclass(frozen=True, slots=True)
class Entry:
    """``key: value``, an item of a dictionary."""

    key: str
    value: Code


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple, set or dictionary: ``[a, b]``."""

    opening: str
    items: tuple[Code, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class Generator:
    """``element for target in iterable``, in brackets that something else has."""

    element: Code
    target: str
    iterable: Code


@dataclass(frozen=True, slots=True)
class Binary:
    """``a + b + c``: the parts between one operator."""

    operator: str
    parts: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """``-of``, ``~of``, ``**of``."""

    operator: str
    of: Code


Code: TypeAlias = (
    Text | Attribute | Index | Call | Keyword | Entry | Items | Generator | Binary | Prefix
)


def code(value: object) -> Code:
    """A value as code: code as it is, anything else as its text."""
    if type(value) in _CLASSES:
        return cast("Code", value)
    return Text(value if isinstance(value, str) else str(value))


_CLASSES = frozenset(get_args(Code))


def call(function: object, *arguments: object, **keywords: object) -> Call:
    """``function(arguments, name=value)``."""
    return Call(
        code(function), (*map(code, arguments), *(named(*item) for item in keywords.items()))
    )


def method(of: object, name: str, *arguments: object, **keywords: object) -> Call:
    """``of.name(arguments)``; an operand of an operator is put in brackets."""
    return call(Attribute(operand(of), name), *arguments, **keywords)


def named(name: str, value: object) -> Keyword:
    """``name=value``."""
    return Keyword(name, code(value))


def listing(*items: object) -> Items:
    """``[a, b]``."""
    return Items("[", tuple(map(code, items)), "]")


def tuple_of(*items: object) -> Items:
    """``(a, b)``; of one item, ``(a,)``."""
    # The comma belongs to the bracket: spread, the item has one on its own line, and the bracket none.
    return Items("(", tuple(map(code, items)), ",)" if len(items) == 1 else ")")


def subscripted(of: object, *items: object) -> Items:
    """``of[a, b]``, which can be spread, as the type of several results."""
    # The name is part of the opening bracket: an `Index` would never be spread.
    return Items(f"{flat(code(of))}[", tuple(map(code, items)), "]")


def enclosed(value: object) -> Items:
    """``(value)``."""
    return Items("(", (code(value),), ")")


def grouped(value: object) -> Code:
    """Code in brackets, unless it is a name."""
    inner = code(value)
    return inner if is_name(inner) else enclosed(inner)


def is_name(value: Code) -> bool:
    """Whether code is a name and nothing else."""
    return isinstance(value, Text) and value.text.isidentifier()


def operand(value: object) -> Code:
    """Code that an operator, an index or a dot can follow: what binds less is put in brackets."""
    inner = code(value)
    # A size is a text, not a tree: the space in `2 * n` tells that an operator is in it.
    if isinstance(inner, Binary | Prefix) or (isinstance(inner, Text) and " " in inner.text):
        return enclosed(inner)
    return inner


def root(size: object) -> Code:
    """The square root of a size: ``16**0.5``, ``(2 * n) ** 0.5``."""
    inner = operand(size)
    is_simple = not isinstance(inner, Items)
    return Text(f"{flat(inner)}**0.5") if is_simple else Binary("**", (inner, Text("0.5")))


def flat(value: Code) -> str:
    """The code on one line."""
    # Two of three pieces of code are such leaves.
    if type(value) is Text:
        return value.text
    return _FLAT[type(value)](value)


def _listed(items: tuple[Code, ...], between: str = ", ") -> str:
    return between.join([flat(item) for item in items])


# A table, as hardly anything is asked as often of a model as its code.
_FLAT: dict[type, Callable[[Any], str]] = {
    Attribute: lambda value: f"{flat(value.of)}.{value.name}",
    Binary: lambda value: _listed(value.parts, f" {value.operator} "),
    Call: lambda value: f"{flat(value.function)}({_listed(value.arguments)})",
    Entry: lambda value: f"{value.key}: {flat(value.value)}",
    Generator: lambda value: f"{flat(value.element)} for {value.target} in {flat(value.iterable)}",
    Index: lambda value: f"{flat(value.of)}[{value.index}]",
    Items: lambda value: f"{value.opening}{_listed(value.items)}{value.closing}",
    Keyword: lambda value: f"{value.name}={flat(value.value)}",
    Prefix: lambda value: f"{value.operator}{flat(value.of)}",
    Text: lambda value: value.text,
}
