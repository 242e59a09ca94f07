"""nodes of a free run → numpy: a piece of each, by the functions of the whole model, with the state behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.layers import gives_ids
from seqdsl.ir.operations import Attend, Scan
from seqdsl.targets.code import Assign, Attribute, Text, call, paths, roots, tuple_of
from seqdsl.targets.emit.block_steps import apply_step, steps_of_calls
from seqdsl.targets.emit.free_run import FreeWriting
from seqdsl.targets.emit.generated import MethodWriting
from seqdsl.targets.emit.kept_attention import is_kept, name_pasts
from seqdsl.targets.emit.masks import last_valid_of
from seqdsl.targets.numpy.called import called_part, read_by_call
from seqdsl.targets.numpy.emitter import NumpyEmitter, free_name
from seqdsl.targets.numpy.expressions import emit
from seqdsl.targets.numpy.kept_attention import project_once
from seqdsl.targets.numpy.masks import SPELLING, emit_ids
from seqdsl.targets.numpy.operations import operation
from seqdsl.targets.numpy.scan import initial_state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.ir.graph import Input, Node
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.generated import Method


def emitter_of(spec: ModelSpec, to: NumpyEmitter) -> NumpyEmitter:
    """An emitter that adds to the weights and functions of another one."""
    # `encode` and `decode` read the weights that `predict` does.
    made = to.within(spec)
    made.used, made.parts = to.used, to.parts
    return made


def piece_emitter(spec: ModelSpec, to: NumpyEmitter, phases: Phases) -> NumpyEmitter:
    """The same for a phase, which knows how calls go on."""
    made = emitter_of(spec, to)
    made.call_steps = steps_of_calls(phases, to.classes.steps)
    return made


def with_names(method: Method, inputs: Iterable[Input], to: NumpyEmitter) -> Method:
    """A method that begins with the names that it reads: the weights, and what all numbers are made of."""
    read = roots(paths(method.statements))
    first: list[Statement] = []
    if to.weights_name in read:
        first.append(
            Assign((Text(to.weights_name),), Text(f"self.{free_name('weights', to.graph)}"))
        )
    if to.dtype in read:
        vectors = (item.name for item in inputs if item.vocabulary is None)
        first.append(precision(vectors, to))
    return replace(method, statements=(*first, *method.statements))


def precision(names: Iterable[str], to: NumpyEmitter) -> Statement:
    """What all numbers are made of, of a model without weights."""
    return Assign((Text(to.dtype),), call(to.function("dtype_of"), *names))


def _kind(node: Node) -> str:
    """The type of a node's state."""
    return "State" if isinstance(node.operation, Scan) else "Array"


def _begin(node: Block, to: NumpyEmitter) -> Code:
    assert node.initial is not None
    return initial_state(node, node.initial, to)


def _zeros(name: str, node: Node, is_optional: bool, to: NumpyEmitter) -> None:
    """What a convolution reads before its first step."""
    # As in `predict`, where the zeros are padding: of the first steps a causal window reads nothing else.
    state = next(item for item in to.graph.states if item.block == node.index)
    batch = f"len({to.graph.inputs[0].name})"
    shape = tuple_of(batch, *map(to.size, state.shape))
    if is_optional:
        # Only the first piece has nothing before it.
        dtype = 'np.dtype("int32")' if gives_ids(node.kind) else to.dtype
        to.assign(Text(name), call(to.function("or_zeros"), name, shape, dtype))
    else:
        to.assign(Text(name), call("np.zeros", shape, to.dtype))


def _project(node: Block, to: NumpyEmitter) -> None:
    """Project what an attention reads, if it projects it at all."""
    assert isinstance(node.operation, Attend)
    if is_kept(node, to):
        project_once(node, node.operation, to)


def _last_valid(node: Block, mask: Code, before: Code | None, to: NumpyEmitter) -> Code:
    """The value of a node whose padded steps are what was last valid."""
    start = () if before is None else (before,)
    function = to.function(last_valid_of(node.grid))
    return call(function, to.values[node.index], mask, *start)


def _operation(node: Block, to: NumpyEmitter) -> None:
    """Write a node; one that is called with what it keeps has a method for that."""
    if node.index not in to.call_steps:
        operation(node, to)
        return
    part, block = called_part(node, to), to.call_steps[node.index]
    apply_step(node, Attribute(part, block.name), [read_by_call(node, to)], to)


HOW = MethodWriting(
    "Array",
    _kind,
    FreeWriting(
        _operation,
        _begin,
        _zeros,
        emit,
        emit_ids,
        SPELLING,
        _last_valid,
        ":, -1",
        _project,
        name_pasts,
    ),
    past="_Past",
)
