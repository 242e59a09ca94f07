"""lines of a text of one line → the same lines, where they are in the whole text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.syntax.ast import Definition, Line, ModelLine, Parameter, Row
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


def renumbered(lines: list[Line], number: int) -> Iterator[Line]:
    """The same lines, on line ``number``."""
    for line in lines:
        found = moved(line, number)
        assert isinstance(found, ModelLine | Parameter | Definition | Row)
        yield found


def moved(item: object, number: int) -> object:
    """The same tree with every span and row on line ``number``."""
    if isinstance(item, Span):
        return Span(number, item.column, item.end)
    # A row has its line as a number, besides the spans within its call.
    if isinstance(item, Row):
        return Row(item.cells, number, moved(item.call, number))  # type: ignore[arg-type]
    # The arguments of a call are a plain tuple; a named one is a record, and made again from its fields.
    if isinstance(item, tuple) and not hasattr(item, "_fields"):
        return tuple(moved(part, number) for part in item)
    names = getattr(item, "__match_args__", None)
    if names is None:
        return item
    return type(item)(*(moved(getattr(item, name), number) for name in names))
