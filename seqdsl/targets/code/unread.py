"""statements of a function → the same, with ``_`` for what is received but never read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.targets.code.expressions import Text
from seqdsl.targets.code.forms import Assign
from seqdsl.targets.code.names import paths, roots

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.targets.code.expressions import Code
    from seqdsl.targets.code.forms import Statement


def without_unread(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Let ``outputs, state = lstm(x)`` be ``_, state = lstm(x)`` where ``outputs`` is not read.

    A name that is read anywhere is left as it is, also where another statement gives it a value again.
    """
    read = roots(paths(statements))
    return tuple(_received(item, read) for item in statements)


def without_unread_masks(
    statements: Sequence[Statement], masks: Collection[Code]
) -> list[Statement]:
    """Leave out the statements of masks that nobody reads: where all is packed by lengths, these are enough."""
    kept: list[Statement] = []
    # From the end: `steps` are read by `mask = steps < x_lengths[:, None]` alone, and go with it.
    for item in reversed(statements):
        target = item.targets[0] if isinstance(item, Assign) else None
        if target not in masks or not _is_unread(target, roots(paths(kept))):
            kept.append(item)
    return kept[::-1]


def _is_unread(target: Code | None, read: set[str]) -> bool:
    return isinstance(target, Text) and target.text not in read


def _received(item: Statement, read: set[str]) -> Statement:
    if not isinstance(item, Assign) or len(item.targets) == 1:
        return item
    return replace(item, targets=tuple(_name(target, read) for target in item.targets))


def _name(target: Code, read: set[str]) -> Code:
    is_unread = isinstance(target, Text) and target.text.isidentifier() and target.text not in read
    return Text("_") if is_unread else target
