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
    found: set[Path] = set()
    for item in code:
        _walk(item, found)
    return found


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


def roots(found: Iterable[Path]) -> set[str]:
    """The names themselves, without attributes."""
    return {path[0] for path in found}


def attributes_of(name: str, found: Iterable[Path]) -> set[str]:
    """The attributes of a name that are read: ``conv`` of ``self``."""
    return {path[1] for path in found if path[0] == name and len(path) > 1}


def _walk(item: Code | Statement, found: set[Path]) -> None:
    _READ[type(item)](item, found)


def _all(items: Iterable[Code], found: set[Path]) -> None:
    for item in items:
        _READ[type(item)](item, found)


def _attribute(value: Attribute, found: set[Path]) -> None:
    path = path_of(value)
    if path is None:
        _walk(value.of, found)
    else:
        found.add(path)


def _index(value: Index, found: set[Path]) -> None:
    _walk(value.of, found)
    found |= paths_in_index(value.index)


def _call(value: Call, found: set[Path]) -> None:
    _walk(value.function, found)
    _all(value.arguments, found)


def _text(value: Text, found: set[Path]) -> None:
    found |= paths_in_text(value.text)


def _value(item: Any, found: set[Path]) -> None:
    _walk(item.value, found)


def _generator(value: Generator, found: set[Path]) -> None:
    _all((value.element, value.iterable), found)


_READ: dict[type, Callable[[Any, set[Path]], None]] = {
    Assign: _value,
    Attribute: _attribute,
    Binary: lambda value, found: _all(value.parts, found),
    Call: _call,
    Comment: lambda _, found: None,
    Declare: lambda _, found: None,
    Define: lambda item, found: _walk(item.result, found),
    Entry: _value,
    For: lambda item, found: _walk(item.iterable, found),
    Generator: _generator,
    Index: _index,
    Items: lambda value, found: _all(value.items, found),
    Keyword: _value,
    Prefix: lambda value, found: _walk(value.of, found),
    Return: lambda item, found: _all(item.values, found),
    Run: _value,
    Text: _text,
}
"""What each form reads; a table, as all code of a model is walked."""
