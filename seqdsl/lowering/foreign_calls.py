"""a call that is not of the language → one finding: what to write instead, and what the picture says of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import all_layers
from seqdsl.lowering.framework_names import normal
from seqdsl.lowering.translation import Translation, joined, translate
from seqdsl.syntax.ast import Row
from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.python_call import read_python_call
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import Diagnostic, Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.layers import LayerDef
    from seqdsl.syntax.ast import Call
    from seqdsl.syntax.python_call import PythonArgument, PythonCall
    from seqdsl.text.source import Span

    Read = Callable[[Call, Mapping[str, int | float]], tuple[object, list[Diagnostic]]]


def foreign_call(call: Call, values: Mapping[str, int | float], read: Read) -> Diagnostic:
    """Say of a call that is no layer's here, or has arguments of another framework, what to write.

    Args:
        call: the call.
        values: the parameters of the file.
        read: checks a call that is written as here.
    """
    # What is written as here is read again as Python: one translation answers both.
    python = call.python or read_python_call(str(call), call.span.line, call.span.column)
    found = translate(python) if python is not None else None
    if python is None or found is None:
        return _unknown(call)
    notes = list(found.notes)
    if found.write:
        # What is still wrong with it is said now, and not once it is written.
        notes += [item.hint or item.message for item in _problems(found.write, values, read)]
    edits = (Edit(call.span.line, call.span.column, found.write),) if not notes else ()
    return replace(_fault(call, python, found), hint=joined(found.write, notes), edits=edits)


def _unknown(call: Call) -> Diagnostic:
    """A layer that nobody knows."""
    close = close_words(normal(call.layer), all_layers())
    listed = ", ".join(f"`{name}`" for name in all_layers())
    hint = f"did you mean `{close[0]}`?" if close else f"the layers are {listed}"
    return Diagnostic("SEQ301", f"unknown layer `{call.layer}`", call.span, hint)


def _problems(write: str, values: Mapping[str, int | float], read: Read) -> list[Diagnostic]:
    """What is wrong with a call that is proposed: the sizes are those that were written."""
    (row,), found = parse_lines(f"O {write}")
    assert not found and isinstance(row, Row) and row.call is not None
    return read(row.call, values)[1]


def _fault(call: Call, python: PythonCall, found: Translation) -> Diagnostic:
    """What is wrong: the layer's name, else its arguments, else how they are written."""
    if found.layer is None or python.name != found.layer.name:
        return Diagnostic("SEQ301", f"unknown layer `{python.name}`", call.span)
    unknown = _unknown_arguments(found.layer, found.changed)
    span = _span(call, python, unknown or found.changed)
    if unknown:
        names = ", ".join(f"`{item.keyword}`" for item in unknown)
        what = "argument" if len(unknown) == 1 else "arguments"
        return Diagnostic("SEQ302", f"`{python.name}` has no {what} {names}", span)
    shown = ", ".join(f"`{item.text}`" for item in found.changed) or f"`{python.text}`"
    return Diagnostic("SEQ304", f"{shown} cannot be used here", span)


def _unknown_arguments(layer: LayerDef, changed: Sequence[PythonArgument]) -> list[PythonArgument]:
    """The arguments whose keywords the layer does not have: `num_layers` of `lstm(64, num_layers=2)`."""
    own = {item.name for item in layer.signature.arguments}
    return [item for item in changed if item.keyword and item.keyword not in own]


def _span(call: Call, python: PythonCall, faulty: Sequence[PythonArgument]) -> Span:
    """Where an argument stands; where several are wrong, where the call does."""
    if len(faulty) != 1:
        return call.span
    # What is written as here was read from its canonical form, in which it may stand elsewhere.
    at = python.arguments.index(faulty[0])
    return call.arguments[at].span if call.arguments else faulty[0].span
