"""code → the names that it reads: parameters, attributes of ``self``, functions of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.targets.code.expressions import (
    Attribute,
    Binary,
    Call,
    Entry,
    Generator,
    Index,
    Items,
    Keyword,
    Prefix,
    Text,
)
from seqdsl.targets.code.forms import Assign, Comment, Declare, Define, For, Return, Run
from seqdsl.targets.code.reading import path_in_text, paths_in_index, paths_in_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seqdsl.targets.code.expressions import Code
    from seqdsl.targets.code.forms import Statement
    from seqdsl.targets.code.reading import Path


def paths(code: Iterable[Code | Statement]) -> set[Path]:
    """The names that code reads, each with the attributes behind it.

    Of ``y = F.pad(self.conv(x), (n, 0)).relu()`` they are ``F.pad``, ``self.conv``, ``x`` and ``n``, as tuples of
    their parts. What is only written to is not read: ``y``.
    """
    names: set[Path] = set()
    for item in code:
        _walk(item, names)
    return names


def without_module(call: Call) -> Call:
    """A call without the module that its function comes from: ``Dense(2)`` of ``layers.Dense(2)``."""
    path = path_of(call.function)
    return call if path is None else Call(Text(path[-1]), call.arguments)


def path_of(value: Code) -> Path | None:
    """A name with its attributes; ``None``: it is anything else."""
    if isinstance(value, Attribute):
        of = path_of(value.of)
        return None if of is None else (*of, value.name)
    return path_in_text(value.text) if isinstance(value, Text) else None


def roots(read: Iterable[Path]) -> set[str]:
    """The names themselves, without attributes."""
    return {path[0] for path in read}


def attributes_of(name: str, read: Iterable[Path]) -> set[str]:
    """The attributes of a name that are read: ``conv`` of ``self``."""
    return {path[1] for path in read if path[0] == name and len(path) > 1}


def _walk(item: Code | Statement, names: set[Path]) -> None:
    _READ[type(item)](item, names)


def _all(items: Iterable[Code], names: set[Path]) -> None:
    for item in items:
        _READ[type(item)](item, names)


def _attribute(value: Attribute, names: set[Path]) -> None:
    # `self.conv.weight` is one path. That of `f(x).n` is broken by the call: `f` and `x` are read, `n` is no name.
    path = path_of(value)
    if path is None:
        _walk(value.of, names)
    else:
        names.add(path)


def _index(value: Index, names: set[Path]) -> None:
    _walk(value.of, names)
    names |= paths_in_index(value.index)


def _call(value: Call, names: set[Path]) -> None:
    _walk(value.function, names)
    _all(value.arguments, names)


def _text(value: Text, names: set[Path]) -> None:
    names |= paths_in_text(value.text)


def _value(item: Any, names: set[Path]) -> None:
    _walk(item.value, names)


def _generator(value: Generator, names: set[Path]) -> None:
    # There are no scopes here: of `a + b for a in c`, `a` counts as read like `b` and `c`.
    _all((value.element, value.iterable), names)


def _for(item: For, names: set[Path]) -> None:
    _walk(item.iterable, names)
    for statement in item.body:
        _walk(statement, names)


_READ: dict[type, Callable[[Any, set[Path]], None]] = {
    Assign: _value,
    Attribute: _attribute,
    Binary: lambda value, names: _all(value.parts, names),
    Call: _call,
    Comment: lambda _, names: None,
    Declare: lambda _, names: None,
    # Parameters are bound and not read, and so is the variable of a loop.
    Define: lambda item, names: _walk(item.result, names),
    Entry: _value,
    For: _for,
    Generator: _generator,
    Index: _index,
    Items: lambda value, names: _all(value.items, names),
    Keyword: _value,
    Prefix: lambda value, names: _walk(value.of, names),
    Return: lambda item, names: _all(item.values, names),
    Run: _value,
    Text: _text,
}
"""What each form reads; a table, as all code of a model is walked."""
