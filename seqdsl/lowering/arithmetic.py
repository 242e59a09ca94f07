"""a value of a layer call → a size: arithmetic with a file's parameters, which stay names."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from seqdsl.size import Size
from seqdsl.syntax.ast import Number, Operation
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import Diagnostic, Edit, instead

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seqdsl.syntax.ast import Value, Word
    from seqdsl.text.source import Span

_OPERATORS: dict[str, Callable[[Size, Size], Size]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
}


class NoSize(Exception):
    """A value that is not a valid size; its diagnostic has the reason."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        """Keep what is wrong with it."""
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


def size_of(value: Value, values: Mapping[str, int | float]) -> Size:
    """The size that a value denotes, in the names of its parameters.

    Args:
        value: a number, a parameter, or arithmetic with them.
        values: the parameters that there are, with their defaults.

    Raises:
        NoSize: it has no whole number for these defaults.
    """
    if isinstance(value, Number):
        if isinstance(value.value, int):
            return Size.of(value.value)
        raise NoSize(_fraction(value, value.span))
    if isinstance(value, Operation):
        return _computed(value, values)
    number = values[value.value]
    if not isinstance(number, int):
        raise NoSize(_fraction(value, value.span))
    return Size.of(value.value)


def _computed(value: Operation, values: Mapping[str, int | float]) -> Size:
    left, right = size_of(value.left, values), size_of(value.right, values)
    if value.operator not in _OPERATORS:
        # The grammar reads `/` as well, so that a hint can name `//` in its place.
        hint = f"sizes are whole numbers, `//` divides them: `{value.left} // {value.right}`"
        raise NoSize(_unusable(value, value.span, hint))
    if value.operator == "//" and right.value(values) == 0:  # type: ignore[arg-type]
        hint = f"`{value.right}` is 0: divide by a number from 1 on"
        raise NoSize(_unusable(value, value.span, hint))
    return _OPERATORS[value.operator](left, right)


def _fraction(value: Value, span: Span) -> Diagnostic:
    return _unusable(value, span, "expected a whole number, at least 1")


def _unusable(value: Value, span: Span, hint: str) -> Diagnostic:
    return Diagnostic("SEQ304", f"`{value}` cannot be used here", span, hint)


def no_parameter(word: Word, values: Mapping[str, int | float]) -> Diagnostic:
    """The finding about a parameter that the file does not set."""
    close = close_words(word.value, values)
    message = f"unknown parameter `{word.value}`"
    if close:
        hint, suggested = f"did you mean `{close[0]}`?", instead(word.span, close[0])
    else:
        line = f"{word.value} = 32"
        hint, suggested = f"add a line `{line}`", (Edit(0, 1, line),)
    return Diagnostic("SEQ312", message, word.span, hint, suggested=suggested)
