"""operation or expression, function → the same with every expression or size in it changed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, get_args

from seqdsl.ir.expressions import Expression
from seqdsl.ir.operations import ValueState
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.operations import Operation

_EXPRESSIONS = get_args(Expression)


def map_operation(operation: Operation, change: Callable[[Expression], Expression]) -> Operation:
    """The same operation with every expression in it changed."""
    changed: dict[str, Any] = {}
    for item in fields(operation):
        value = getattr(operation, item.name)
        if isinstance(value, ValueState):
            changed[item.name] = replace(value, value=change(value.value))
        elif isinstance(value, _EXPRESSIONS):
            changed[item.name] = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], _EXPRESSIONS):
            changed[item.name] = tuple(map(change, value))
    return replace(operation, **changed) if changed else operation


def map_sizes(expression: Expression, change: Callable[[Size], Size]) -> Expression:
    """The same expression with every size in it changed."""
    changed: dict[str, Any] = {
        item.name: _mapped(getattr(expression, item.name), change) for item in fields(expression)
    }
    return replace(expression, **changed)


def _mapped(value: object, change: Callable[[Size], Size]) -> object:
    if isinstance(value, Size):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    return map_sizes(value, change) if isinstance(value, _EXPRESSIONS) else value


def map_expressions(
    expression: Expression, change: Callable[[Expression], Expression]
) -> Expression:
    """The same expression with everything that it is made of changed."""
    changed: dict[str, Any] = {}
    for item in fields(expression):
        value = getattr(expression, item.name)
        if isinstance(value, _EXPRESSIONS):
            changed[item.name] = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], _EXPRESSIONS):
            changed[item.name] = tuple(change(part) for part in value)
    return replace(expression, **changed)
