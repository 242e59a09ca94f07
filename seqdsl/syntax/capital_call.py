"""a layer's name in capital letters → the call that is meant: `GRU` is how frameworks write it."""

from __future__ import annotations

from seqdsl.syntax.ast import Call
from seqdsl.syntax.python_call import PythonCall
from seqdsl.text.source import Span


def capital_call(word: str, line: int, column: int) -> Call:
    """A word as another framework's call without arguments.

    Args:
        word: the word.
        line: the line it is on.
        column: the column it begins in, from 1.
    """
    span = Span(line, column, column + len(word))
    return Call(word.lower(), (), span, PythonCall(word, (), word, span))
