"""code of a PyTorch module → its layers and operations, in the order in which they are applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Index,
    Items,
    attributes_of,
    path_of,
    paths,
    read_index,
)
from seqdsl.targets.emit.line import Line, module_of, parts_of, positional, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.targets.code import Statement
    from seqdsl.targets.notes import Module

_OPERATORS = {"+": "add()", "-": "sub()", "*": "mul()", "/": "div()"}
_RECURRENT = frozenset({"LSTM", "GRU", "RNN"})
"""What PyTorch calls its own recurrent layers; they take a state as their second argument."""


def applied(module: Module, values: Mapping[str, int | float]) -> list[str]:
    """The layers and operations of a model, with values for its parameters."""
    steps = _Steps(Line(values), _made(module.builder), frozenset(_hidden(module.forward)))
    return steps.of_all(code for statement in module.forward for code in values_of(statement))


def _made(statements: Iterable[Statement]) -> dict[str, Call]:
    """What each attribute that holds a layer is made by."""
    return {
        item.targets[0].name: item.value
        for item in statements
        if isinstance(item, Assign)
        and isinstance(item.targets[0], Attribute)
        and isinstance(item.value, Call)
    }


def _hidden(statements: Sequence[Statement]) -> Iterator[Code]:
    """The variables of final states that nothing else begins with: ``lstm_h`` of ``_, (lstm_h, _) = self.lstm(x)``.

    Of these only rows and directions are read, ``lstm_h[-1]``; a state is handed on as a whole.
    """
    for item in statements:
        if isinstance(item, Assign) and len(item.targets) == 2:
            state = item.targets[1]
            hidden = state.items[0] if isinstance(state, Items) else state
            others = (other for other in statements if not _assigns(other, hidden))
            if not any(_reads(code, hidden) for other in others for code in values_of(other)):
                yield hidden


def _assigns(statement: Statement, variable: Code) -> bool:
    """Whether a statement changes a variable, as where samples have no valid step."""
    return isinstance(statement, Assign) and statement.targets == (variable,)


def _reads(code: Code, variable: Code) -> bool:
    """Whether code reads all of a variable, and not a part of it."""
    if isinstance(code, Index) and code.of == variable:
        return False
    return code == variable or any(_reads(part, variable) for part in parts_of(code))


@dataclass(frozen=True, slots=True)
class _Steps:
    """Reads the statements of ``forward``.

    Attributes:
        line: writes what is found.
        made: what makes each layer, by the attribute that holds it.
        hidden: the variables of final states.
    """

    line: Line
    made: dict[str, Call]
    hidden: frozenset[Code]

    def of_all(self, codes: Iterable[Code]) -> list[str]:
        """The modules and operations in some code."""
        return [text for code in codes for text in self._of(code)]

    def _of(self, code: Code) -> list[str]:
        """The modules and operations in code, each after what it is applied to."""
        if isinstance(code, Call):
            return self._of_call(code)
        if isinstance(code, Index):
            return [*self._of(code.of), *self._index(code)]
        if isinstance(code, Binary) and code.operator in _OPERATORS:
            first, *rest = code.parts
            others = (
                step for part in rest for step in (*self._of(part), _OPERATORS[code.operator])
            )
            return [*self._of(first), *others]
        return self.of_all(parts_of(code))

    def _of_call(self, call: Call) -> list[str]:
        module, path = module_of(call.function), path_of(call.function)
        values = positional(call)
        if path == ("self", "zero_states"):
            # What stands for states that a call is not given is no layer.
            return []
        if module == "self" and path is not None:
            return [*self.of_all(values), self._layer(path[-1], len(values) == 2)]
        if module in ("F", "torch") and path is not None:
            return [*self.of_all(values), self.line.applied(path[-1], call.arguments)]
        if isinstance(call.function, Attribute) and call.function.name == "append":
            # What a loop collects is an operation where it is put together.
            return self.of_all(values)
        if isinstance(call.function, Attribute):
            step = self.line.applied(call.function.name, call.arguments)
            # A state that comes in gets PyTorch's axis for rows and directions: that is no step of the way.
            if step == "unsqueeze(0)":
                return self._of(call.function.of)
            return [*self._of(call.function.of), step]
        held = attributes_of("self", paths(values[:1])) if values else set()
        if held & self.made.keys() and path_of(values[0]) is not None:
            # A function of the module's own runs a layer: `run_valid(self.gru, x, mask, state)`.
            (name,) = held
            text = self.line.constructor(self.made[name])
            return [*self.of_all(values[1:]), f"{text} from a state" if len(values) > 3 else text]
        return self.of_all(parts_of(call))

    def _layer(self, name: str, has_second: bool) -> str:
        made = self.made[name]
        path = path_of(made.function)
        has_state = has_second and path is not None and path[-1] in _RECURRENT
        text = self.line.constructor(made)
        return f"{text} from a state" if has_state else text

    def _index(self, code: Index) -> list[str]:
        """An index into steps, or the final state of a row; which state of several is read is no step."""
        if len(read_index(code.index)) > 1:
            return [self.line.index(code.index)]
        return [f"h_n{self.line.index(code.index)}"] if code.of in self.hidden else []
