"""code of a Keras model → its layers and operations, in the order in which they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Call, Code, Index, Keyword, path_of, read_index
from seqdsl.targets.emit.line import Line, module_of, parts_of, positional, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seqdsl.targets.notes import Module


def applied(module: Module, values: Mapping[str, int | float]) -> list[str]:
    """The layers and operations of a model, with values for its parameters."""
    line = Line(values)
    codes = (code for statement in module.builder for code in values_of(statement))
    return _all(codes, line)


def _all(codes: Iterable[Code], line: Line) -> list[str]:
    return [text for code in codes for text in _steps(code, line)]


def _steps(code: Code, line: Line) -> list[str]:
    """The layers and operations in code, each after what it is applied to."""
    if isinstance(code, Index):
        # Which state of several is read is no step of its own.
        is_step = len(read_index(code.index)) > 1
        return [*_steps(code.of, line), *([line.index(code.index)] if is_step else [])]
    if not isinstance(code, Call):
        return _all(parts_of(code), line)
    if _is_layer(code.function):
        return [line.constructor(code)]
    if isinstance(code.function, Call) and _is_layer(code.function.function):
        text = line.constructor(code.function)
        started = any(isinstance(item, Keyword) and _is_start(item) for item in code.arguments)
        return [*_all(positional(code), line), f"{text} from a state" if started else text]
    path = path_of(code.function)
    if path is not None and path[0] == "ops":
        return [*_all(code.arguments, line), line.applied(path[-1], code.arguments)]
    return _all(parts_of(code), line)


def _is_layer(function: Code) -> bool:
    """Whether what is called is a class of layers: Keras's, or the module's own that runs a cell."""
    return module_of(function) == "layers" or path_of(function) == ("CellRNN",)


def _is_start(argument: Keyword) -> bool:
    return argument.name == "initial_state"
