"""a call that is not of the language → one finding: what to write instead, and how the picture shows the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import all_layers, find_layer
from seqdsl.lowering.framework_names import normal
from seqdsl.lowering.translation import Translation, joined, translate
from seqdsl.syntax.ast import Row
from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.python_call import read_python_call
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import Diagnostic, Edit, instead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from seqdsl.layers import LayerDef
    from seqdsl.syntax.ast import Call
    from seqdsl.syntax.python_call import PythonArgument, PythonCall
    from seqdsl.text.source import Span

    Read = Callable[[Call, Mapping[str, int | float]], tuple[object, list[Diagnostic]]]


def foreign_call(
    call: Call, values: Mapping[str, int | float], read: Read, cells: Iterable[str] = ()
) -> Diagnostic:
    """Report what to write in place of a call of an unknown layer, or with arguments of another framework.

    Args:
        call: the call.
        values: the parameters of the file.
        read: checks a call that is written as here.
        cells: the names of the cells of the file.
    """
    # What is written as here is read again as Python: one translation answers both.
    python = call.python or read_python_call(str(call), call.span.line, call.span.column)
    translation = translate(python) if python is not None else None
    # `encoder`, where the file has a model `enc`: that is meant, not what an encoder is in general.
    own = [] if translation is not None and translation.layer else _own_names(call, cells)
    if own:
        return _meant(call, own[0])
    if python is None or translation is None:
        return _unknown(call)
    # `Dense(-3)` is `dense(-3)`, and `expected a whole number, at least 1` is reported now, not once it is written.
    problems = _problems(translation.write, values, read) if translation.write else []
    return _translated(call, python, translation, problems)


def _translated(
    call: Call, python: PythonCall, translation: Translation, problems: Sequence[Diagnostic]
) -> Diagnostic:
    """What to write in place of a call that is written as elsewhere, which may have problems here."""
    notes = [*translation.notes, *(item.hint or item.message for item in problems)]
    # `Dense(4)` can be edited to `dense(4)`; for `LSTM(8, num_layers=2)` a second row has to be drawn as well.
    edits = (Edit(call.span.line, call.span.column, translation.write),) if not notes else ()
    return replace(
        _fault(call, python, translation), hint=joined(translation.write, notes), edits=edits
    )


def _unknown(call: Call) -> Diagnostic:
    """A layer that nobody knows."""
    close = close_words(normal(call.layer), all_layers())
    listed = ", ".join(f"`{item.written}`" for item in all_layers().values())
    close = [found.written if (found := find_layer(name)) else name for name in close]
    message = f"unknown layer `{call.layer}`"
    if not close:
        return Diagnostic("SEQ301", message, call.span, f"the layers are {listed}")
    return _meant(call, close[0])


def _own_names(call: Call, cells: Iterable[str]) -> list[str]:
    """The cells and models of the file that a name may mean: a typo, or a longer or shorter form."""
    word, known = normal(call.layer), list(cells)
    return close_words(word, known) or [
        name
        for name in known
        if min(map(len, (word, name))) > 2 and (name.startswith(word) or word.startswith(name))
    ]


def _meant(call: Call, name: str) -> Diagnostic:
    hint, suggested = f"did you mean `{name}`?", instead(call.span, name)
    return Diagnostic(
        "SEQ301", f"unknown layer `{call.layer}`", call.span, hint, suggested=suggested
    )


def _problems(write: str, values: Mapping[str, int | float], read: Read) -> list[Diagnostic]:
    """What is wrong with a call that is proposed: the sizes are those that were written."""
    (row,), faulty = parse_lines(f"O {write}")
    assert not faulty and isinstance(row, Row) and row.call is not None
    return read(row.call, values)[1]


def _fault(call: Call, python: PythonCall, translation: Translation) -> Diagnostic:
    """What is wrong: the layer's name, else its arguments, else how they are written."""
    # `LSTM(64)`: the layer here is called `lstm`, whatever its arguments are.
    if translation.layer is None or python.name != translation.layer.name:
        return Diagnostic("SEQ301", f"unknown layer `{python.name}`", call.span)
    unknown = _unknown_arguments(translation.layer, translation.changed)
    span = _span(call, python, unknown or translation.changed)
    if unknown:
        names = ", ".join(f"`{item.keyword}`" for item in unknown)
        what = "argument" if len(unknown) == 1 else "arguments"
        return Diagnostic("SEQ302", f"`{python.name}` has no {what} {names}", span)
    # `lstm(64, bias=False)`: the argument is known, and its value is written in another way.
    shown = ", ".join(f"`{item.text}`" for item in translation.changed) or f"`{python.text}`"
    return Diagnostic("SEQ304", f"{shown} cannot be used here", span)


def _unknown_arguments(layer: LayerDef, changed: Sequence[PythonArgument]) -> list[PythonArgument]:
    """The arguments whose keywords the layer does not have: `num_layers` of `lstm(64, num_layers=2)`."""
    own = {item.name for item in layer.signature.arguments}
    return [item for item in changed if item.keyword and item.keyword not in own]


def _span(call: Call, python: PythonCall, faulty: Sequence[PythonArgument]) -> Span:
    """Where an argument is; where several are wrong, where the call is."""
    if len(faulty) != 1:
        return call.span
    # What is written as here was read from its canonical form, in which its column may be another.
    at = python.arguments.index(faulty[0])
    return call.arguments[at].span if call.arguments else faulty[0].span
