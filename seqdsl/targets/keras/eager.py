"""statements of layers without weights → the operations that do the same, where no model is built of them.

A layer in a functional model is a node of it; in a function that runs at each step it would be made anew each time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.targets.code import (
    Assign,
    Binary,
    Call,
    Code,
    Items,
    Keyword,
    Text,
    call,
    enclosed,
    operand,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.targets.code import Statement

_INFIX = {"layers.Add": "+", "layers.Multiply": "*"}
_PAIRS = {"layers.Maximum": "ops.maximum", "layers.Minimum": "ops.minimum"}


def as_operations(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements, their merging layers as operations."""
    return tuple(
        replace(item, value=_operation(item.value)) if isinstance(item, Assign) else item
        for item in statements
    )


def _operation(value: Code) -> Code:
    """``layers.Add()([x, y])`` as ``x + y``; other code as it is."""
    match value:
        case Call(Call(Text(kind), options), (Items("[", parts),)):
            return _merged(kind, options, parts) or value
    return value


def _merged(kind: str, options: Sequence[Code], parts: tuple[Code, ...]) -> Code | None:
    if kind in _INFIX:
        return Binary(_INFIX[kind], tuple(map(operand, parts)))
    if kind == "layers.Average":
        return Binary(
            "/", (enclosed(Binary("+", tuple(map(operand, parts)))), Text(str(len(parts))))
        )
    if kind in _PAIRS and len(parts) == 2:
        return call(_PAIRS[kind], *parts)
    if kind == "layers.Concatenate":
        axes = [item.value for item in options if isinstance(item, Keyword)]
        return call("ops.concatenate", Items("[", parts, "]"), axis=axes[0] if axes else -1)
    return None
