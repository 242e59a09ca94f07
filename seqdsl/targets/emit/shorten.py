"""a statement that is too long for a line → several: parts of it get variables of their own, as people write it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from seqdsl.targets.code import Assign, Binary, Call, Code, Items, Text, flat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDTH = 88
_MOST = 50
_LONGEST = "part_2 = "
"""What stands before a part, as long as it usually gets."""


def shortened(
    targets: tuple[Code, ...], value: Code, indent: int, claim: Callable[[str], str]
) -> Iterator[Assign]:
    """``targets = value`` on lines of their own, none of them longer than a line.

    h = sigmoid(o) * max(tanh(...), ...)        part = max(tanh(...), ...)
                                                h = sigmoid(o) * part

    Args:
        targets: what is assigned.
        value: its value.
        indent: the column at which the statements begin.
        claim: gives a free name like the one that is wanted.
    """
    head = f"{', '.join(map(flat, targets))} = "
    for _ in range(_MOST):
        if indent + len(head) + len(flat(value)) <= WIDTH:
            break
        # The longest part that fits on a line makes the rest as short as can be.
        room = WIDTH - indent - len(_LONGEST)
        parts = [item for item in _inner(value) if len(flat(item)) <= room]
        if not parts:
            break
        part = max(parts, key=lambda item: len(flat(item)))
        # A name is claimed once it is used: the next one would skip a number.
        name = Text(claim("part"))
        yield Assign((name,), _bare(part))
        value = _replaced(value, part, name)
    yield Assign(targets, value)


def _inner(value: Code) -> Iterator[Code]:
    """The calls and operations within code, that is worth a name."""
    for child in _children(value):
        if isinstance(child, Call | Binary) or _is_bracket(child):
            yield child
        yield from _inner(child)


def _is_bracket(value: Code) -> bool:
    return isinstance(value, Items) and value.opening == "(" and isinstance(value.items[0], Binary)


def _bare(value: Code) -> Code:
    """Code without the brackets around it."""
    return value.items[0] if isinstance(value, Items) and _is_bracket(value) else value


def _children(value: Code) -> Iterator[Code]:
    for item in fields(value):
        held: Any = getattr(value, item.name)
        if isinstance(held, tuple):
            yield from held
        elif not isinstance(held, str):
            yield held


def _replaced(value: Code, part: Code, name: Code) -> Code:
    """Code with a name in place of one of its parts."""
    if value is part:
        return name
    changed: dict[str, Any] = {}
    for item in fields(value):
        held: Any = getattr(value, item.name)
        if isinstance(held, tuple):
            changed[item.name] = tuple(_replaced(one, part, name) for one in held)
        elif not isinstance(held, str):
            changed[item.name] = _replaced(held, part, name)
    return replace(value, **changed) if changed else value
