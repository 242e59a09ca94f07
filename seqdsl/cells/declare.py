"""a cell as it is written → its equations as data, or what is wrong with them.

    cell mgu(units):
        f = sigmoid(dense(x, h))        Equation(("f",), Activation("sigmoid", Dense((x, h), ..., (f_x, f_h, f_bias))))

A name that is read before it is assigned is state; one that is read and never assigned is a mistake.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.cell import READ, Cell, CellParameter, Equation, walk
from seqdsl.cells.cell import Name as Read
from seqdsl.cells.read_settings import UnreadableCell
from seqdsl.cells.read_values import ValueReader
from seqdsl.cells.widths import Misfit, fitting_widths
from seqdsl.syntax.ast import Number, Word
from seqdsl.syntax.equations import FunctionCall, leaves
from seqdsl.text.close_words import close_words
from seqdsl.text.diagnostics import Diagnostic, instead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.syntax.equations import CellArgument, CellDefinition
    from seqdsl.syntax.equations import Equation as Line

UNITS = "units"
"""The first parameter of every cell."""

_KEPT = 256
"""So many cells are kept: every model of a file, and every stage, asks for the same ones."""


@lru_cache(maxsize=_KEPT)
def declare(definition: CellDefinition) -> tuple[Cell | None, tuple[Diagnostic, ...]]:
    """The cell of a definition; ``None`` with what is wrong with it if it is none."""
    parameters, diagnostics = _parameters(definition)
    equations, unread = _equations(definition, parameters)
    diagnostics += unread
    diagnostics += _assigned(definition.equations, {item.name for item in parameters})
    if not definition.equations and definition.sound:
        hint = "write its equations below it, indented: `    h = tanh(dense(x, h))`"
        message = f"the cell `{definition.name}` has no equations"
        diagnostics.append(Diagnostic("SEQ122", message, definition.span, hint))
    if diagnostics or not definition.sound:
        return None, tuple(diagnostics)
    cell = Cell(definition.name, tuple(parameters), tuple(equations))
    problems = (
        _unassigned(cell, definition)
        or _stateless(cell, definition)
        or _unfitting(cell, definition)
    )
    return (None if problems else cell), tuple(problems)


def _equations(
    definition: CellDefinition, parameters: Sequence[CellParameter]
) -> tuple[list[Equation], list[Diagnostic]]:
    """The equations, and what is wrong with those that mean nothing."""
    names = [word.value for line in definition.equations for word in line.names]
    reader = ValueReader({item.name: item.default for item in parameters}, names)
    equations: list[Equation] = []
    diagnostics: list[Diagnostic] = []
    for line in definition.equations:
        try:
            equations.append(_equation(line, reader))
        except UnreadableCell as problem:
            diagnostics.append(problem.diagnostic)
    return equations, diagnostics


def _stateless(cell: Cell, definition: CellDefinition) -> list[Diagnostic]:
    """A cell that nothing goes through from step to step."""
    if cell.states:
        return []
    message = f"`{cell.name}` has no state: no name is read before it is assigned"
    hint = f"read the value of the step before, such as `{cell.output}`, in a line above its own"
    return [Diagnostic("SEQ122", message, definition.span, hint)]


def _unfitting(cell: Cell, definition: CellDefinition) -> list[Diagnostic]:
    """Widths that fit for no layer; whether they fit for one depends on what it reads."""
    try:
        fitting_widths(cell)
    except Misfit as problem:
        line = definition.equations[problem.equation]
        hint = "combine equally many features, or one; `dense(..., features=k)` gives k"
        return [Diagnostic("SEQ128", str(problem), line.value.span, hint)]
    return []


def _parameters(definition: CellDefinition) -> tuple[list[CellParameter], list[Diagnostic]]:
    # cell mgu(units, leak=0.1, gate=sigmoid, bias=false, size):
    # sizes have no default, numbers, activations and truth values have one
    diagnostics: list[Diagnostic] = []
    found: list[CellParameter] = []
    given = definition.parameters
    if not given or given[0].name != UNITS or given[0].default is not None:
        message = f"the first parameter of `{definition.name}` is not `{UNITS}`"
        span = given[0].span if given else definition.span
        hint = f"write `cell {definition.name}({UNITS}):`: a node of it gives so many features"
        diagnostics.append(Diagnostic("SEQ122", message, span, hint))
    for item in given:
        problem = _parameter_problem(item, [other.name for other in found])
        if problem is not None:
            diagnostics.append(problem)
        found.append(CellParameter(item.name, _default(item)))
    return found, diagnostics


def _parameter_problem(item: CellArgument, others: Sequence[str]) -> Diagnostic | None:
    """What is wrong with a parameter, and what to do."""
    if item.name in others:
        message = f"the parameter `{item.name}` is defined twice"
        return Diagnostic("SEQ122", message, item.span, "keep one of the two")
    if item.name in (READ, "name", *ACTIVATIONS):
        message = f"`{item.name}` cannot be a parameter"
        return Diagnostic("SEQ122", message, item.span, "choose another name")
    words = ("true", "false", *ACTIVATIONS)
    if isinstance(item.default, Word) and item.default.value not in words:
        message = f"`{item.default}` cannot be a default"
        close = close_words(item.default.value, words)
        if not close:
            hint = "a default is a number, an activation, `true` or `false`"
            return Diagnostic("SEQ122", message, item.span, hint)
        hint, suggested = f"did you mean `{close[0]}`?", instead(item.default.span, close[0])
        return Diagnostic("SEQ122", message, item.span, hint, suggested=suggested)
    return None


def _default(item: CellArgument) -> bool | float | str | None:
    # 1 and 1.0 are one default: whole numbers without one are sizes, which have none
    value = item.default
    if isinstance(value, Number):
        return float(value.value)
    if value is None:
        return None
    return value.value == "true" if value.value in ("true", "false") else value.value


def _equation(line: Line, reader: ValueReader) -> Equation:
    names = tuple(item.value for item in line.names)
    reader.begin(names)
    value = line.value
    if isinstance(value, FunctionCall) and value.function == "split":
        return Equation(names, reader.parts(value, len(names)))
    if len(names) > 1:
        raise UnreadableCell(
            "SEQ126",
            f"{len(names)} names, but one value",
            line.names[0].span.to(line.names[-1].span),
            f"several names take the parts of a `split`: `{', '.join(names)} = split(..., {len(names)})`",
        )
    return Equation(names, reader.value(value))


def _assigned(equations: Sequence[Line], parameters: set[str]) -> list[Diagnostic]:
    """Names that cannot be assigned where they are."""
    # f = sigmoid(dense(x, h))
    # f = 1 - f                     which of the two `f * h` below means would depend on where it stands
    diagnostics = []
    first: dict[str, Word] = {}
    for word in (word for line in equations for word in line.names):
        name = word.value
        if name == READ or name in parameters or name in ACTIVATIONS:
            what = "what a node reads" if name == READ else "a parameter of the cell"
            what = "an activation" if name in ACTIVATIONS else what
            message = f"`{name}` is {what}, and cannot be assigned"
            diagnostics.append(Diagnostic("SEQ124", message, word.span, "use another name"))
        elif name in first:
            place = ((first[name].span, "first assigned here"),)
            hint = "each name has one equation: give one of the two another name"
            message = f"`{name}` is assigned twice"
            diagnostics.append(Diagnostic("SEQ124", message, word.span, hint, place))
        first.setdefault(name, word)
    return diagnostics


def _unassigned(cell: Cell, definition: CellDefinition) -> list[Diagnostic]:
    """Names that are read and never assigned."""
    names = {READ, *(name for equation in cell.equations for name in equation.names)}
    known = [*names, *(item.name for item in cell.parameters)]
    return [
        _never_assigned(name, line, known)
        for equation, line in zip(cell.equations, definition.equations, strict=True)
        for name in _reads(equation)
        if name not in names
    ]


def _reads(equation: Equation) -> list[str]:
    """The names that an equation reads, each once."""
    read = (item.name for item in walk(equation.value) if isinstance(item, Read))
    return list(dict.fromkeys(read))


def _never_assigned(name: str, line: Line, known: Sequence[str]) -> Diagnostic:
    close = close_words(name, known)
    meant = close[0] if close else ""
    hint = f"did you mean `{meant}`?" if meant else f"add an equation `{name} = ...`"
    # h_prev, prev_h, c_t_1: a state of the step before
    state = next((part for part in name.split("_") if part in known), None)
    if state is not None:
        meant = state
        hint = (
            f"above its equation `{state}` is the value of the step before: write `{state}` there, or add "
            f"`{name} = {state}` above it"
        )
    message = f"`{name}` is read and never assigned"
    places = [word.span for word in leaves(line.value) if word.value == name]
    edits = [edit for place in places for edit in instead(place, meant)] if meant else []
    place = places[0] if places else line.span
    return Diagnostic("SEQ123", message, place, hint, suggested=tuple(edits))
