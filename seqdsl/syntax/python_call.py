"""text → a call in Python's own words: what people paste, or write from memory, of Keras and PyTorch.

Nothing of it is run. It is read so that the finding about it can say what to write instead, with the sizes it has.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.python_syntax import parse_python
from seqdsl.records import record
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1_000
"""Characters of a call: nobody writes longer ones by hand."""


@record(frozen=True)
class Name:
    """A name, without what is before its last dot: ``relu`` of ``torch.nn.functional.relu``."""

    name: str


@record(frozen=True)
class Formula:
    """Any other expression, as it is written."""

    text: str


class PythonArgument(NamedTuple):
    """An argument of a call.

    Attributes:
        keyword: its keyword; empty without one.
        value: its value.
        text: all of it, as it is written.
        span: where it is.
    """

    keyword: str
    value: Value
    text: str
    span: Span


@record(frozen=True)
class PythonCall:
    """A call, or a name alone.

    Attributes:
        name: what is called, without what is before its last dot.
        arguments: what it is called with.
        text: all of it, as it is written.
        span: where its name is.
    """

    name: str
    arguments: tuple[PythonArgument, ...]
    text: str
    span: Span


Value = bool | int | float | str | tuple["Value", ...] | PythonCall | Name | Formula | None
"""A value; ``str`` is a text in quotes."""


def read_python_call(text: str, line: int, column: int) -> PythonCall | None:
    """Read a call such as ``nn.LSTM(8, hidden_size=64)``; ``None`` if it is none.

    Args:
        text: the call and nothing else; a comma at its end and a second call (``LSTM(64)(x)``) are passed over.
        line: the line it is on.
        column: the column it begins in, from 1.
    """
    # Lines of a pasted `Sequential([...])` end in commas.
    text = text.rstrip().rstrip(",")
    if len(text) > LONGEST or "\n" in text:
        return None
    try:
        statements = parse_python(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # `Dense(10` is half a call; hostile texts have null bytes, or brackets within brackets by the thousand.
        return None
    # `x = Dense(10)` is a statement, `a; b` are two.
    if len(statements) != 1 or not isinstance(statements[0], ast.Expr):
        return None
    reader = _Reader(text, line, column)
    return reader.call(statements[0].value)


class _Reader:
    """Turns a syntax tree into values, each with its place in the line."""

    def __init__(self, text: str, line: int, column: int) -> None:
        self.text, self.line, self.column = text, line, column

    def call(self, node: ast.expr) -> PythonCall | None:
        if not isinstance(node, ast.Call):
            name = _name(node)
            return PythonCall(name, (), self._text(node), self._span(node)) if name else None
        if isinstance(node.func, ast.Call):
            # `Dense(10)(x)`: what it is applied to is drawn.
            return self.call(node.func)
        name = _name(node.func)
        arguments = tuple(self._arguments(node))
        return (
            PythonCall(name, arguments, self._text(node), self._span(node.func)) if name else None
        )

    def _arguments(self, node: ast.Call) -> Iterator[PythonArgument]:
        for value in node.args:
            yield PythonArgument("", self._value(value), self._text(value), self._span(value))
        for item in node.keywords:
            value, text = item.value, f"{item.arg or '**'}={self._text(item.value)}"
            # `**options` has the keyword `**`, which no layer takes.
            start, end = self._column(item), self._span(value).end
            yield PythonArgument(
                item.arg or "**", self._value(value), text, Span(self.line, start, end)
            )

    def _value(self, node: ast.expr) -> Value:
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            # Python has no negative literals: `-1` is the minus of `1`.
            inner = self._value(node.operand)
            return -inner if isinstance(inner, int | float) else Formula(self._text(node))
        if isinstance(node, ast.Tuple | ast.List):
            return tuple(self._value(item) for item in node.elts)
        if isinstance(node, ast.Call):
            return self.call(node) or Formula(self._text(node))
        name = _name(node)
        return Name(name) if name else Formula(self._text(node))

    def _constant(self, node: ast.Constant) -> Value:
        # Bytes, complex numbers and `...` are constants, too, and no argument here takes them.
        if node.value is None or isinstance(node.value, bool | int | float | str):
            return node.value
        return Formula(self._text(node))

    def _text(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.text, node) or ""

    def _span(self, node: ast.expr) -> Span:
        start = self._column(node)
        return Span(self.line, start, start + max(1, len(self._text(node))))

    def _column(self, node: ast.expr | ast.keyword) -> int:
        # Python counts in bytes: `é` is two of them, and one column.
        before = self.text.encode()[: node.col_offset].decode("utf-8", "replace")
        return self.column + len(before)


def _name(node: ast.expr) -> str:
    """The last part of a dotted name; empty for anything else."""
    # `tf.keras.layers.Dense` is `Dense`; `layers[0].Dense` and `f().Dense` are no names.
    if isinstance(node, ast.Attribute):
        return node.attr if _name(node.value) else ""
    return node.id if isinstance(node, ast.Name) else ""
