"""place in a text → error: the message for a text that is not a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Token, Tree

    Item = Tree[Token] | Token


class IrSyntaxError(ValueError):
    """A text that is not a graph.

    Attributes:
        message: what is wrong.
        line: the line, from 1 on.
        column: the column, from 1 on.
        expected: what could be there, as words; empty if that helps nobody.
    """

    def __init__(
        self, message: str, line: int, column: int, expected: tuple[str, ...] = ()
    ) -> None:
        """Say what is wrong, where, and what could be there."""
        self.message, self.line, self.column, self.expected = message, line, column, expected
        wanted = f"; expected {' or '.join(expected)}" if expected else ""
        super().__init__(f"{line}:{column}: {message}{wanted}")


def error_at(item: Item, message: str, *expected: str) -> IrSyntaxError:
    """An error at a token, or at the first one of a tree."""
    token = _first(item)
    line, column = getattr(token, "line", None), getattr(token, "column", None)
    return IrSyntaxError(message, line or 1, column or 1, expected)


def _first(item: Item) -> Item | None:
    """The first token of a tree; where there is an error is all that it is needed for."""
    todo = [item]
    while todo:
        one = todo.pop()
        children = getattr(one, "children", None)
        if children is None:
            return one
        todo += [child for child in reversed(children) if child is not None]
    return None
