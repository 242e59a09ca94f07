"""pictures that a picture calls → objects of their classes, each with the weights that are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from seqdsl.ir.called import PATH
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Code,
    Index,
    Prefix,
    Statement,
    Text,
    call,
    listing,
    method,
)
from seqdsl.targets.emit.called import arguments, made
from seqdsl.targets.numpy.emitter import part_of
from seqdsl.targets.numpy.expressions import emit
from seqdsl.targets.numpy.masks import SPELLING, emit_ids
from seqdsl.targets.torch.state_dict import attribute_name as module_name

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Call
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def hold(node: Node, to: NumpyEmitter) -> None:
    """Make what a node calls an attribute of the module."""
    body: ModelSpec = node.operation.body  # type: ignore[union-attr, assignment]
    to.parts[module_name(to.layer(node).name)] = (
        node,
        to.classes.of(node, class_of(body), to).name,
    )


def called_part(node: Node, to: NumpyEmitter) -> Code:
    """The object of what a node calls, which is made where it is not yet."""
    layer = to.layer(node).name
    if PATH not in layer:
        hold(node, to)
    return part_of(layer)


def read_by_call(node: Node, to: NumpyEmitter) -> Code:
    """What a called picture is applied to."""
    operation = cast("Call", node.operation)
    is_ids = cast("ModelSpec", operation.body).inputs[0].vocabulary is not None
    return emit_ids(operation.operand, to) if is_ids else emit(operation.operand, to)


def called_value(node: Node, operation: Call, to: NumpyEmitter) -> Code:
    """What a called picture gives: ``self.sentence.predict(x)``."""
    predict, value = Attribute(called_part(node, to), "predict"), read_by_call(node, to)
    if not operation.each:
        return call(predict, *arguments(node, value, to.classes, to, SPELLING))
    # (batch, steps, ...) as (batch * steps, ...), and back
    value = value if isinstance(value, Text) else to.name("steps", value)
    folded = method(value, "reshape", -1, Prefix("*", Index(Attribute(value, "shape"), "2:")))
    given = call(predict, *arguments(node, folded, to.classes, to, SPELLING))
    shape = Prefix("*", Index(Attribute(value, "shape"), ":2"))
    # What is given for each step may be a grid, whose features are the last axis.
    return method(given, "reshape", shape, *map(to.size, node.grid), -1)


def class_of(body: ModelSpec) -> str:
    """The name of a picture's class."""
    return body.class_name


def called_parts(to: NumpyEmitter, given: str, own: str) -> list[Statement]:
    """The statements of ``__init__`` that give each part its weights; none if nothing is called.

    ::

        parts = _apart(weights, ["sentence"])
        self.sentence = Sentence(parts["sentence"], units=units)
        own = parts[""]
    """
    if not to.parts:
        return []
    parts = Text(to.names.claim("parts"))
    names = listing(*(f'"{name}"' for name in to.parts))
    statements: list[Statement] = [Assign((parts,), call(to.function("apart"), given, names))]
    for name, (node, _) in to.parts.items():
        kind, layer = str(node.kind), to.layer(node)
        built = made(to.classes.classes[kind], layer, Index(parts, f'"{name}"'))
        statements.append(Assign((part_of(layer.name),), built))
    return [*statements, Assign((Text(own),), Index(parts, '""'))]
