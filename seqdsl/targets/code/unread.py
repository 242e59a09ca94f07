"""statements of a function → the same, with ``_`` for what is received but never read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.targets.code.expressions import Text
from seqdsl.targets.code.forms import Assign
from seqdsl.targets.code.names import paths, roots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.targets.code.expressions import Code
    from seqdsl.targets.code.forms import Statement


def without_unread(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Let ``outputs, state = lstm(x)`` be ``_, state = lstm(x)`` where ``outputs`` is not read.

    A name that is read anywhere is left as it is, also where another statement gives it a value again.
    """
    read = roots(paths(statements))
    return tuple(_received(item, read) for item in statements)


def _received(item: Statement, read: set[str]) -> Statement:
    if not isinstance(item, Assign) or len(item.targets) == 1:
        return item
    return replace(item, targets=tuple(_name(target, read) for target in item.targets))


def _name(target: Code, read: set[str]) -> Code:
    is_unread = isinstance(target, Text) and target.text.isidentifier() and target.text not in read
    return Text("_") if is_unread else target
