"""graph → numpy source: a class that predicts with the weights of a PyTorch ``state_dict``, for inference alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Placeholder
from seqdsl.model.chains import batch_chains
from seqdsl.model.stacks import stack_rows
from seqdsl.model.undrawn import specification
from seqdsl.targets.code import Entry, item_lines, lines, tuple_of
from seqdsl.targets.emit.render import environment, frame, macros
from seqdsl.targets.emit.writer import macro
from seqdsl.targets.numpy.emitter import Emitter
from seqdsl.targets.numpy.functions import RECURRENCES, needed
from seqdsl.targets.numpy.operations import operation
from seqdsl.targets.numpy.weights import weights
from seqdsl.targets.target import Target

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from seqdsl.ir.graph import Graph
    from seqdsl.model.spec import ModelSpec

TARGET = Target("numpy", "numpy", __name__, trains=False)
_TAKEN = frozenset({"Array", "State", "Weights", "Path", "Any", "Callable", "Mapping"})
"""What a module imports or defines: a model of that name is called otherwise."""


def source(graph: Graph) -> str:
    """The numpy source of a graph; its rows are stacked as in PyTorch, whose weights it takes."""
    spec = stack_rows(batch_chains(specification(graph)))
    to = _emitted(spec)
    body = [line for statement in to.statements for line in lines(statement, 8)]
    text = "\n".join(body)
    # An attribute for what `predict` reads; a parameter that only tells the shape of weights needs none.
    kept = [item.name for item in spec.parameters if f"self.{item.name}" in text]
    expected = _expected(to)
    statements = [*(f"self.{name} = {name}" for name in kept), "expected = {", *expected, "}"]
    functions = needed(to.functions)
    return frame(
        environment().get_template("numpy/module.py.j2"),
        spec,
        "\n".join(statements),
        body=body,
        expected=expected,
        kept=kept,
        functions=_definitions(functions, to),
        aliases=_aliases(functions, to),
        erf="gelu" in functions,
        recurrent="run_row" in functions,
        class_name=f"{spec.class_name}Model" if spec.class_name in _TAKEN else spec.class_name,
        takes=[f"{item.name}: Array" for item in spec.inputs],
        gives=_gives(len(spec.outputs)),
        held=to.held,
        path=_free(("path", "file", "weights_file"), spec),
        given=_free(("weights", "arrays", "tensors"), spec),
    )


def _emitted(spec: ModelSpec) -> Emitter:
    """The statements of a model, and what they need."""
    to = Emitter(spec)
    # Inputs first, in the order of the arguments: their names are those that a caller sees, so none may have
    # become that of something else.
    for item in spec.inputs:
        operation(spec.nodes[item.block], to)
    for index in spec.order:
        if not isinstance(spec.nodes[index].operation, Placeholder):
            operation(spec.nodes[index], to)
    to.finish()
    return to


def _expected(to: Emitter) -> list[str]:
    """A line for each weight that a file has to hold: ``"lstm.weight_ih_l0": (4 * units, 8),``."""
    return [
        line
        for name, node in to.used.items()
        for part, shape in weights(node)
        for line in item_lines(Entry(f'"{name}.{part}"', tuple_of(*shape)), 16)
    ]


def _definitions(functions: Iterable[str], to: Emitter) -> list[str]:
    """The source of the functions that a module needs; the others are not in it."""
    table = macros("numpy", "functions")
    # Of a recurrence, only what some layer makes use of: no mask where nothing is masked.
    return [
        str(macro(table, name)(*([to.uses] if name in RECURRENCES else []))).strip()
        for name in functions
    ]


def _aliases(functions: Collection[str], to: Emitter) -> list[str]:
    """The second names of functions that are called like an argument: ``softmax_function = softmax``."""
    aliases = to.aliases.items()
    return [f"{alias} = {name}" for name, alias in aliases if alias != name and name in functions]


def _gives(outputs: int) -> str:
    """The type of what a model gives: an array, or a tuple of them."""
    return "Array" if outputs == 1 else f"tuple[{', '.join(['Array'] * outputs)}]"


def _free(wanted: tuple[str, ...], spec: ModelSpec) -> str:
    """The first of some names that is no parameter of the picture."""
    taken = {item.name for item in spec.parameters}
    return next(name for name in wanted if name not in taken)
