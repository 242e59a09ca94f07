"""statements of ``forward`` → the same with its results returned, typed where PyTorch does not tell their type."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Declare,
    Index,
    Items,
    Return,
    Text,
    path_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.model.spec import Block
    from seqdsl.targets.code import Statement
    from seqdsl.targets.torch.emitter import TorchEmitter


def return_values(values: tuple[Code, ...], node: Block, to: TorchEmitter) -> None:
    """Return the outputs; a last value is returned where it is made.

    It keeps a name of its own if the picture gives it one and no attribute has that, or to say that it is a tensor:
    a module gives anything, for a type checker. ::

        h = torch.relu(self.dense(x))        y: Tensor = self.dense_y(h)        y: Tensor
        return torch.relu(h)                 return y                           y, _ = self.gru(x)
                                                                                return y
    """
    if len(values) == 1 and _is_untyped(values[0], _untyped(to.statements)):
        _declare(values[0], node, to)
        return
    is_named = bool(node.given) and (node.layer is None or node.layer.name not in to.used)
    last = to.statements[-1] if to.statements else None
    if not is_named and isinstance(last, Assign) and last.targets == values:
        to.statements[-1] = Return((last.value,))
    else:
        to.statements.append(Return(values))


def _declare(value: Code, node: Block, to: TorchEmitter) -> None:
    """Return a value in a variable whose type is told."""
    if not isinstance(value, Text):
        name = Text(node.name)
        is_free = not _assignments(name, to.statements)
        variable = name if is_free else Text(to.names.claim(node.name))
        to.statements.append(Assign((variable,), value, "Tensor"))
        value = variable
    else:
        _tell(value, "Tensor", to.statements)
    to.statements.append(Return((value,)))


def _tell(variable: Text, kind: str, statements: list[Statement]) -> None:
    """Tell the type of a variable where it is first assigned."""
    (place, first), *others = _assignments(variable, statements)
    if first.targets == (variable,) and not others:
        statements[place] = replace(first, kind=kind)
    else:
        statements.insert(place, Declare(variable.text, kind))


def with_type(statements: Sequence[Statement], kind: str) -> tuple[Statement, ...]:
    """Statements that end by returning a variable of a type, which is told where PyTorch does not tell it."""
    *found, end = statements
    assert isinstance(end, Return)
    value = end.values[0]
    if len(end.values) == 1 and isinstance(value, Text) and value in _untyped(found):
        _tell(value, kind, found)
    return (*found, end)


def _untyped(statements: Sequence[Statement]) -> set[Code]:
    """The variables that a type checker takes for anything, as they are at the end."""
    found: set[Code] = set()
    for item in statements:
        if isinstance(item, Assign):
            # The last assignment counts: of `gru_h, _ = self.gru_h(x)` and `gru_h = torch.relu(gru_h)` the second.
            change = found.update if _is_untyped(item.value, found) else found.difference_update
            change(_variables(item))
    return found


def _is_untyped(value: Code, untyped: Collection[Code]) -> bool:
    """Whether a type checker takes a value for anything: what a module gives, and what is made of that by itself."""
    if isinstance(value, Call):
        return _is_of_module(value, untyped)
    if isinstance(value, Index):
        return _is_untyped(value.of, untyped)
    if isinstance(value, Items):
        return len(value.items) == 1 and _is_untyped(value.items[0], untyped)
    if isinstance(value, Binary):
        # `x + a`: a tensor and anything are anything, as `a` may say what `x + a` is.
        return any(_is_untyped(part, untyped) for part in value.parts)
    return value in untyped


def _is_of_module(made: Call, untyped: Collection[Code]) -> bool:
    """Whether a call is one of a module, or of a method of what one gives."""
    path = path_of(made.function)
    if path is not None and path[0] == "self":
        return True
    return isinstance(made.function, Attribute) and _is_untyped(made.function.of, untyped)


def _assignments(value: Code, statements: Sequence[Statement]) -> list[tuple[int, Assign]]:
    """The statements that assign a variable, and their places."""
    return [
        (place, item)
        for place, item in enumerate(statements)
        if isinstance(item, Assign) and value in _variables(item)
    ]


def _variables(statement: Assign) -> list[Code]:
    """The variables that a statement assigns: of ``_, (h_n, _) = self.lstm(x)`` all three."""
    targets = statement.targets
    return [
        part for item in targets for part in (item.items if isinstance(item, Items) else (item,))
    ]
