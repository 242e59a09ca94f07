"""the document as data: what the lines of a ``.seq`` file mean, each with its position."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.records import record
from seqdsl.syntax.leaves import Number, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seqdsl.syntax.equations import CellDefinition
    from seqdsl.syntax.python_call import PythonCall
    from seqdsl.text.source import Span

__all__ = [
    "MOST_OPERATORS",
    "Argument",
    "Call",
    "Definition",
    "Document",
    "Line",
    "ModelLine",
    "Number",
    "Operation",
    "Parameter",
    "Picture",
    "Row",
    "Value",
    "Word",
    "leaves",
    "written",
]


@record(frozen=True)
class Letter:
    """A capital letter, which names the row of that letter: ``attention(E)``."""

    value: str
    span: Span

    def __str__(self) -> str:
        """The letter itself."""
        return self.value


MOST_OPERATORS = 10
"""Operators of one value: sizes that people write have one or two, and products of sums multiply."""


@record(frozen=True)
class Operation:
    """Arithmetic with sizes: ``2 * units``.

    Attributes:
        operator: ``+``, ``-``, ``*``, ``//`` or ``/``, which is never right.
        left: the first operand.
        right: the second.
        span: all of it, with the brackets around it.
        operators: how many there are in it. Of a value with more than `MOST_OPERATORS` the operands are
            dropped while it is read, so that no text makes a deep tree.
    """

    operator: str
    left: Value
    right: Value
    span: Span
    operators: int

    def __str__(self) -> str:
        """The operation in its canonical form: spaces around operators, no bracket that changes nothing."""
        return written(self, str)


Value = Number | Word | Letter | Operation

_BINDS = {"+": 1, "-": 1, "*": 2, "//": 2, "/": 2}


def written(value: Value, leaf: Callable[[Number | Word | Letter], str]) -> str:
    """A value in its canonical form.

        (2*units)+(1)          2 * units + 1
        a-(b+c), a//(b*c)      a - (b + c), a // (b * c)

    Args:
        value: the value.
        leaf: writes a number, a word or a letter.
    """
    if not isinstance(value, Operation):
        return leaf(value)
    binds = _BINDS[value.operator]

    def operand(item: Value, least: int) -> str:
        # a - (b + c): on the right of `-`, which binds by 1, at least 2 is asked for: `+` is bracketed, `*` is not
        text = written(item, leaf)
        loose = isinstance(item, Operation) and _BINDS[item.operator] < least
        return f"({text})" if loose else text

    # Operators of one strength are read from the left: on the right they keep their brackets.
    return f"{operand(value.left, binds)} {value.operator} {operand(value.right, binds + 1)}"


def leaves(value: Value) -> Iterator[Number | Word | Letter]:
    """The numbers, words and letters of a value."""
    if isinstance(value, Operation):
        yield from leaves(value.left)
        yield from leaves(value.right)
    else:
        yield value


@record(frozen=True)
class Argument:
    """A value, with its keyword if it has one."""

    keyword: str | None
    value: Value
    span: Span

    def __str__(self) -> str:
        """The argument as it is written: ``dropout=0.2``."""
        return f"{self.keyword}={self.value}" if self.keyword else str(self.value)


@record(frozen=True)
class Call:
    """A layer and its arguments: ``lstm(64, dropout=0.2)``.

    Attributes:
        layer: its name.
        arguments: what it is given.
        span: where its name stands.
        python: the call as it is written, where it is Python's: ``LSTM(64, activation="relu")``. It has no arguments
            then, and is always an error.
    """

    layer: str
    arguments: tuple[Argument, ...]
    span: Span
    python: PythonCall | None = None

    def __str__(self) -> str:
        """The call in its canonical form."""
        if self.python is not None:
            return self.python.text
        inner = ", ".join(map(str, self.arguments))
        return f"{self.layer}({inner})" if inner else self.layer


@record(frozen=True)
class Definition:
    """The layer of a letter."""

    letter: str
    call: Call
    span: Span


@record(frozen=True)
class Parameter:
    """A named number."""

    name: str
    value: Value
    span: Span


@record(frozen=True)
class Row:
    """A row of a picture: its characters in ASCII, from column 1 on, and the layer at its right end."""

    cells: str
    line: int
    call: Call | None


class ModelLine(NamedTuple):
    """``model NAME``."""

    name: str
    span: Span


Line = ModelLine | Parameter | Definition | Row
"""What a line of a file can be; blank lines and comments are none."""


@record(frozen=True)
class Picture:
    """One model of a file: a picture, definitions and parameters.

    ``whole`` is whether all rows could be read; otherwise its wires cannot be checked. ``cells`` are those of the file.
    ``called`` are the kinds of the pictures of the file that it calls, by name, once they are compiled; ``None``: one
    with errors. ``siblings`` are the names of all pictures of the file, its own among them.
    """

    name: str
    rows: tuple[Row, ...]
    definitions: tuple[Definition, ...]
    parameters: tuple[Parameter, ...]
    span: Span
    whole: bool = True
    cells: tuple[CellDefinition, ...] = ()
    called: Mapping[str, str | None] = field(default_factory=dict)
    siblings: frozenset[str] = frozenset()


@record(frozen=True)
class Document:
    """A file as it was read.

    Attributes:
        pictures: its models, in order.
        lines: all lines that could be read, each as it is written.
        sound: whether all lines could be read, and none is defined twice.
        cells: its cells, in order.
    """

    pictures: tuple[Picture, ...] = ()
    lines: tuple[Line, ...] = ()
    sound: bool = True
    cells: tuple[CellDefinition, ...] = ()
