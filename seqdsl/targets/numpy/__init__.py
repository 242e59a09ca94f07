"""graph → numpy source: a class that predicts with the weights of a PyTorch ``state_dict``, for inference alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Attend, Placeholder
from seqdsl.lowering.naming import Names
from seqdsl.model.undrawn import specification
from seqdsl.passes.shared_rnn_calls import batch_chains
from seqdsl.passes.stacked_rnn import stack_rows
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Entry,
    Prefix,
    Run,
    Text,
    attributes_of,
    call,
    item_lines,
    lines,
    paths,
    subscripted,
    tuple_of,
)
from seqdsl.targets.emit.render import environment, frame, macro, macros
from seqdsl.targets.numpy.emitter import Emitter, attribute_name
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
    expected, kept = _expected(to), _kept(to)
    functions = needed(to.functions)
    return frame(
        environment().get_template("numpy/module.py.j2"),
        spec,
        (),
        builder=[*kept, *map(Run, expected)],
        forward=to.statements,
        body=body,
        expected=[line for item in expected for line in item_lines(item, 16)],
        kept=[line for statement in kept for line in lines(statement, 0)],
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


def _expected(to: Emitter) -> list[Code]:
    """The items of a dictionary: the shape of each weight."""
    plain: list[Code] = [
        Entry(f'"{name}.{part}"', tuple_of(*shape))
        for name, node in to.used.items()
        for part, shape in weights(node)
    ]
    return plain + _open_projections(to)


def _kept(to: Emitter) -> list[Assign]:
    """The statements that keep the parameters that ``predict`` reads."""
    read = attributes_of("self", paths(to.statements))
    return [
        Assign((Attribute(Text("self"), attribute_name(item.name)),), Text(item.name))
        for item in to.graph.parameters
        if attribute_name(item.name) in read
    ]


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


def _open_projections(to: Emitter) -> list[Code]:
    """The items for projections of attentions that PyTorch keeps by the parameters' values."""
    layers = [to.layer(node) for node in to.used.values() if isinstance(node.operation, Attend)]
    return [
        Prefix(
            "**",
            call(to.function("projections"), f'"{layer.name}"', layer.width, layer.size("memory")),
        )
        for layer in layers
        if is_open(layer)
    ]


def _gives(outputs: int) -> Code:
    return Text("Array") if outputs == 1 else subscripted("tuple", *["Array"] * outputs)


def _free(wanted: str, spec: ModelSpec) -> str:
    """``wanted``, or with a number behind it where parameters of the picture have that name."""
    return Names(item.name for item in spec.parameters).claim(wanted)
