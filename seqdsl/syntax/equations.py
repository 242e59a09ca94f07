"""a cell of a file as data: its parameters and equations as they are written, each with its position.

What they mean, and whether they mean anything, `seqdsl.cells.declare` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.records import record
from seqdsl.syntax.leaves import Number, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl.text.source import Span

MOST_PARTS = 200
"""Names, numbers, operators and functions of one equation: those of papers have ten."""
DEEPEST = 20
"""How deep brackets, functions and operators may be nested."""
MOST_EQUATIONS = 50
"""Equations of one cell: an LSTM has six."""
MOST_CELLS = 50
"""Cells of one file."""


@record(frozen=True)
class Infix:
    """Two values and what is between them: ``f * h``.

    Attributes:
        operator: ``+``, ``-``, ``*``, ``/`` or, in a size, ``//``.
        left: the first value.
        right: the second.
        span: all of it.
        parts: how many parts it has. Of one with more than `MOST_PARTS`, or deeper than `DEEPEST`, the values are
            dropped while it is read, so that no text makes a deep tree.
        depth: how deep it is.
    """

    operator: str
    left: Expression
    right: Expression
    span: Span
    parts: int
    depth: int


@record(frozen=True)
class Negative:
    """A value with a sign before it: ``-h``; the rest as `Infix` has it."""

    value: Expression
    span: Span
    parts: int
    depth: int


@record(frozen=True)
class FunctionArgument:
    """A value given to a function, with its keyword if it has one."""

    keyword: str | None
    value: Expression
    span: Span


@record(frozen=True)
class FunctionCall:
    """A function and what it is given: ``dense(x, h)``; ``name`` is where its name stands, the rest as in `Infix`."""

    function: str
    arguments: tuple[FunctionArgument, ...]
    name: Span
    span: Span
    parts: int
    depth: int


Expression = Number | Word | Infix | Negative | FunctionCall


@record(frozen=True)
class Equation:
    """``names = value``; several names take the parts of a `split`."""

    names: tuple[Word, ...]
    value: Expression
    span: Span


@record(frozen=True)
class CellArgument:
    """A parameter of a cell; without a default it is a size, as the units are."""

    name: str
    default: Number | Word | None
    span: Span


@record(frozen=True)
class CellDefinition:
    """``cell NAME(units, ...):`` and the equations below it.

    Attributes:
        name: its name.
        parameters: what it takes.
        equations: its equations, in order.
        span: where its name stands.
        sound: whether all its lines could be read.
    """

    name: str
    parameters: tuple[CellArgument, ...]
    equations: tuple[Equation, ...]
    span: Span
    sound: bool = True

    @property
    def lines(self) -> Iterator[tuple[int, str]]:
        """Its lines in canonical form, by number."""
        return self.written(str)

    def written(self, leaf: Callable[[Number | Word], str]) -> Iterator[tuple[int, str]]:
        """Its lines in canonical form, by number; ``leaf`` writes a number or a word."""
        inner = ", ".join(_parameter(item, leaf) for item in self.parameters)
        yield self.span.line, f"cell {self.name}({inner}):"
        for item in self.equations:
            names = ", ".join(name.value for name in item.names)
            yield item.span.line, f"    {names} = {written(item.value, leaf)}"


def _parameter(item: CellArgument, leaf: Callable[[Number | Word], str]) -> str:
    return item.name if item.default is None else f"{item.name}={leaf(item.default)}"


_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2}


def written(value: Expression, leaf: Callable[[Number | Word], str]) -> str:
    """A value in its canonical form: spaces around operators, no bracket that changes nothing.

    (1-f)*(h)+(f*n)      (1 - f) * h + f * n
    """
    if isinstance(value, Number | Word):
        return leaf(value)
    if isinstance(value, FunctionCall):
        inner = (
            f"{item.keyword}={written(item.value, leaf)}"
            if item.keyword
            else written(item.value, leaf)
            for item in value.arguments
        )
        return f"{value.function}({', '.join(inner)})"
    if isinstance(value, Negative):
        return f"-{_operand(value.value, 3, leaf)}"
    # a - (b - c) keeps its brackets, (a * b) + c does not need them
    binds = _BINDS[value.operator]
    # Operators of one strength are read from the left: on the right they keep their brackets.
    left, right = _operand(value.left, binds, leaf), _operand(value.right, binds + 1, leaf)
    return f"{left} {value.operator} {right}"


def _operand(item: Expression, least: int, leaf: Callable[[Number | Word], str]) -> str:
    # `least` is how closely what is around binds: 1 beside `+`, 2 beside `*`, 3 behind a sign.
    text = written(item, leaf)
    loose = isinstance(item, Infix) and _BINDS[item.operator] < least
    return f"({text})" if loose else text


def parts_of(value: Expression) -> int:
    """How many parts a value has."""
    return 1 if isinstance(value, Number | Word) else value.parts


def depth_of(value: Expression) -> int:
    """How deep a value is."""
    return 1 if isinstance(value, Number | Word) else value.depth


def leaves(value: Expression, *, keywords: bool = False) -> Iterator[Word]:
    """The words of a value but those of functions, from left to right; with ``keywords`` those of sizes, too."""
    if isinstance(value, Word):
        yield value
    elif isinstance(value, Infix):
        yield from leaves(value.left, keywords=keywords)
        yield from leaves(value.right, keywords=keywords)
    elif isinstance(value, Negative):
        yield from leaves(value.value, keywords=keywords)
    elif isinstance(value, FunctionCall):
        for item in value.arguments:
            # `features=2 * units` is nothing that is multiplied.
            if keywords or item.keyword is None:
                yield from leaves(item.value, keywords=keywords)


def words_of(value: Expression) -> list[str]:
    """The names in a value, each once, in the order in which they are written."""
    return list(dict.fromkeys(word.value for word in leaves(value)))
