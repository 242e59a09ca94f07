"""an argument of another framework → a note: what to do in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lowering.foreign_values import filled

if TYPE_CHECKING:
    from seqdsl.layers import Instead
    from seqdsl.syntax.python_call import PythonArgument

_SHORT = 30


def noted(theirs: str, item: PythonArgument, answer: Instead) -> str:
    """What to do in place of an argument; empty where nothing needs to be done."""
    # `num_layers=1` needs no note. The types count as well: in Python `True == 1`.
    value = item.value
    if type(value) is type(answer.default) and value == answer.default:
        return ""
    is_off = value is None or value is False or (isinstance(value, float) and value == 0)
    draw = answer.off if is_off else answer.draw
    return f"`{shown(theirs, item)}`: {filled(draw, value)}" if draw else ""


def shown(theirs: str, item: PythonArgument) -> str:
    """An argument for a note; one without a keyword has the name that the other framework gives it."""
    if not item.keyword:
        return theirs or item.text
    return item.text if len(item.text) <= _SHORT else item.keyword
