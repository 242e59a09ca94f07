"""the statements of a module's frame → lines: what templates call where a line may be too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import (
    Assign,
    Call,
    Define,
    For,
    Generator,
    Return,
    Statement,
    call,
    code,
    enclosed,
    lines,
    listing,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _text(statement: Statement, indent: int) -> str:
    return "\n".join(lines(statement, indent))


def _call(function: str, arguments: Sequence[object]) -> Call:
    return Call(code(function), tuple(map(code, arguments)))


def define(name: str, parameters: Sequence[object], result: object, indent: int = 0) -> str:
    """``def name(parameters) -> result:``."""
    return _text(Define(name, tuple(map(code, parameters)), code(result)), indent)


def return_call(function: str, arguments: Sequence[object], indent: int) -> str:
    """``return function(arguments)``."""
    return _text(Return((_call(function, arguments),)), indent)


def assign_call(target: str, function: str, arguments: Sequence[object], indent: int) -> str:
    """``target = function(arguments)``."""
    return _text(Assign((code(target),), _call(function, arguments)), indent)


def assign_generator(
    targets: Sequence[str], element: str, target: str, iterable: str, indent: int
) -> str:
    """``a, b = (element for target in iterable)``."""
    made = enclosed(Generator(code(element), target, code(iterable)))
    return _text(Assign(tuple(map(code, targets)), made), indent)


def for_each_name(target: str, names: Sequence[str], other: str, indent: int) -> str:
    """``for name, item in zip(["a", "b"], items, strict=True):``."""
    quoted = listing(*(f'"{name}"' for name in names))
    return _text(For(target, call("zip", quoted, other, strict=True)), indent)


HEADS: dict[str, Callable[..., str]] = {
    "assign_call": assign_call,
    "assign_generator": assign_generator,
    "define": define,
    "for_each_name": for_each_name,
    "return_call": return_call,
}
"""What templates know them as."""
