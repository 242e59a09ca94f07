"""tensor expressions → code: what all targets do alike with their tables of functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seqdsl.ir.carried import state_of
from seqdsl.ir.expressions import CarriedState, Expression, FinalState, Value
from seqdsl.layers import layer_def
from seqdsl.targets.code import Binary, Code, Index, Text, call, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.targets.emit.emitter import Emitter


class MissingFunction(Exception):
    """A target's table lacks an expression or an operation: our fault, never the picture's."""


@dataclass(frozen=True, slots=True)
class Table:
    """How a target writes expressions.

    Attributes:
        functions: a function for each class of expressions; what reads masks is added where these are written.
        variable: what the variable is called that an expression's value gets; empty: it gets none.
    """

    functions: dict[type, Callable[[Any, Any], Code]]
    variable: Callable[[Expression, Any], str]


def emit_by(table: Table, expression: Expression, to: Emitter) -> Code:
    """The code of an expression; what takes more than an index gets a variable."""
    if isinstance(expression, Value):
        value = to.values[expression.block]
        # Expressions are of features; of token ids each step has just one.
        is_ids = layer_def(to.graph.nodes[expression.block].kind).gives_ids
        return Index(value, "..., None") if is_ids else value
    if isinstance(expression, FinalState):
        return to.finals[expression.block]
    if isinstance(expression, CarriedState):
        argument = carried_state(expression, to)
        is_ids = layer_def(to.graph.nodes[expression.block].kind).gives_ids
        return Index(argument, "..., None") if is_ids else argument
    # Equal expressions are equal data: what several nodes read is computed once, and has one variable.
    if expression not in to.expressions:
        made = made_by(table, expression, to)
        wanted = table.variable(expression, to)
        to.expressions[expression] = to.name(wanted, made) if wanted else made
    return to.expressions[expression]


def carried_state(expression: CarriedState, to: Emitter) -> Code:
    """The argument of the model that is a state of the call before; of ids without an axis of features."""
    state = state_of(expression, to.graph)
    assert state is not None
    return Text(state.name)


def made_by(table: Table, expression: Expression, to: Emitter) -> Code:
    """The code of an expression that is made of others, itself in no variable.

    Raises:
        MissingFunction: the table has no function for it.
    """
    made: Code = lookup(table.functions, expression)(expression, to)
    return made


def lookup(functions: Mapping[type, Callable[..., Any]], item: object) -> Callable[..., Any]:
    """The function of an item's class.

    Raises:
        MissingFunction: there is none.
    """
    # By the class itself, not by those it derives from: what a table lacks raises, and is never written as another.
    function = functions.get(type(item))
    if function is None:
        raise MissingFunction(f"no function for {type(item).__name__}")
    return function


def combined_by(of_two: Mapping[str, str], how: str, parts: Sequence[Code]) -> Code:
    """Values of equal shape, combined element by element: with an operator, or a function of two.

    Args:
        of_two: the functions that take two values, by what they do: ``np.maximum`` and ``torch.maximum`` for ``max``.
        how: what is done.
        parts: the values.
    """
    if how in of_two:
        # maximum(maximum(a, b), c): a third argument of np.maximum is where the result goes.
        found = parts[0]
        for part in parts[1:]:
            found = call(of_two[how], found, part)
        return found
    if len(parts) == 1:
        return parts[0]
    whole = Binary("*" if how == "multiply" else "+", tuple(parts))
    return Binary("/", (grouped(whole), Text(str(len(parts))))) if how == "mean" else whole
