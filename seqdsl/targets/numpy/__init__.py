"""graph → numpy source: a class that predicts with the weights of a PyTorch ``state_dict``, for inference alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Attend, Placeholder
from seqdsl.lowering.naming import Names
from seqdsl.model.undrawn import specification
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.passes.stacked_rnn import stack_rows
from seqdsl.targets.code import (
    Entry,
    Prefix,
    Text,
    call,
    item_lines,
    lines,
    subscripted,
    tuple_of,
)
from seqdsl.targets.emit.render import environment, frame, macro, macros
from seqdsl.targets.numpy.emitter import Emitter, attribute
from seqdsl.targets.numpy.functions import RECURRENCES, needed
from seqdsl.targets.numpy.operations import operation
from seqdsl.targets.numpy.weights import is_open, weights
from seqdsl.targets.target import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Graph
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.code import Code
    from seqdsl.targets.notes import Module

TARGET = Target("numpy", "numpy", __name__, trains=False)
_TAKEN = frozenset({"Array", "State", "Weights", "Path", "Any", "Callable", "Mapping"})
"""What a module imports or defines: a model of that name is called otherwise."""


def write(graph: Graph) -> Module:
    """The numpy source of a graph; its rows are stacked as in PyTorch, whose weights it takes."""
    spec = stack_rows(batch_chains(specification(graph)))
    to = Emitter(spec)
    for item in spec.inputs:
        operation(spec.nodes[item.block], to)
    for index in spec.order:
        if not isinstance(spec.nodes[index].operation, Placeholder):
            operation(spec.nodes[index], to)
    to.finish()
    body = [line for statement in to.statements for line in lines(statement, 8)]
    expected = [
        line
        for name, node in to.used.items()
        for part, shape in weights(node)
        for line in item_lines(Entry(f'"{name}.{part}"', tuple_of(*shape)), 16)
    ]
    expected += _open_projections(to)
    text = "\n".join(body)
    kept = [
        f"{attribute(item.name)} = {item.name}"
        for item in spec.parameters
        if attribute(item.name) in text
    ]
    functions = needed(to.functions)
    return frame(
        environment().get_template("numpy/module.py.j2"),
        spec,
        "\n".join([*kept, *_dictionary(expected)]),
        (),
        body=body,
        expected=expected,
        kept=kept,
        functions=_functions(functions, to),
        aliases=_aliases(functions, to),
        erf="gelu" in functions,
        recurrent="run_row" in functions,
        class_name=f"{spec.class_name}Model" if spec.class_name in _TAKEN else spec.class_name,
        takes=[f"{item.name}: Array" for item in spec.inputs],
        gives=_gives(len(spec.outputs)),
        held=to.held,
        path=_free("path", spec),
        given=_free("weights", spec),
    )


def _functions(names: Sequence[str], to: Emitter) -> list[str]:
    """The functions of the module; those of recurrences only have what the model's recurrences need."""
    table = macros("numpy", "functions")
    told = {name: [to.uses] if name in RECURRENCES else [] for name in names}
    return [str(macro(table, name)(*told[name])).strip() for name in names]


def _aliases(names: Sequence[str], to: Emitter) -> list[str]:
    """The other names of functions that are called like an argument."""
    return [
        f"{alias} = {name}" for name, alias in to.aliases.items() if alias != name and name in names
    ]


def _open_projections(to: Emitter) -> list[str]:
    """The items for projections of attentions that PyTorch keeps by the parameters' values."""
    layers = [to.layer(node) for node in to.used.values() if isinstance(node.operation, Attend)]
    return [
        line
        for layer in layers
        if is_open(layer)
        for line in item_lines(
            Prefix(
                "**",
                call(
                    to.function("projections"),
                    f'"{layer.name}"',
                    layer.width,
                    layer.size("memory"),
                ),
            ),
            16,
        )
    ]


def _gives(outputs: int) -> Code:
    return Text("Array") if outputs == 1 else subscripted("tuple", *["Array"] * outputs)


def _free(wanted: str, spec: ModelSpec) -> str:
    """``wanted``, or with a number behind it where parameters of the picture have that name."""
    return Names(item.name for item in spec.parameters).claim(wanted)


def _dictionary(items: list[str]) -> list[str]:
    return ["expected = {", *items, "}"]
