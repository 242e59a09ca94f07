"""operation, function → the same operation with every expression in it changed."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, get_args

from seqdsl.ir.expressions import Expression
from seqdsl.ir.operations import ValueState

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
