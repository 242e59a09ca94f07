"""operations → Keras: a table with a function for each, for functional models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import ConcatFeatures, Value
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Call,
    Constant,
    Convolve,
    Identity,
    Merge,
    Placeholder,
    Reduce,
    Scan,
    Split,
)
from seqdsl.layers import Combination, Family, family_of, layer_def
from seqdsl.targets.code import (
    Binary,
    Code,
    Index,
    Return,
    Text,
    call,
    listing,
    operand,
)
from seqdsl.targets.emit.carried import given
from seqdsl.targets.emit.expressions import lookup
from seqdsl.targets.emit.padding import zero_identity, zero_padded
from seqdsl.targets.keras.attention import attend
from seqdsl.targets.keras.called import called_value
from seqdsl.targets.keras.constant import constant
from seqdsl.targets.keras.convolution import convolved
from seqdsl.targets.keras.expressions import emit, emit_ids
from seqdsl.targets.keras.facts import (
    input_layer,
    input_of,
    is_free,
    options_of,
)
from seqdsl.targets.keras.grids import apply_grid, columns_as_steps, normalized
from seqdsl.targets.keras.layers import identity, layer_of_node, named_layer, takes_steps
from seqdsl.targets.keras.masks import SPELLING, begin_at_embedding, begin_at_input
from seqdsl.targets.keras.merging import addable
from seqdsl.targets.keras.reducing import reduced_steps
from seqdsl.targets.keras.scan import scan
from seqdsl.targets.notes import Idiom

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.ir.ends import Lengths, Mask
    from seqdsl.ir.graph import Input, State
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def functional(to: KerasEmitter, loop: Callable[[int, KerasEmitter], bool]) -> None:
    """Write the statements of a functional model; ``loop`` writes those of a loop, if a node stands for one."""
    spec = to.graph
    for given_lengths in spec.lengths:
        # Before the inputs, whose masks are made of them.
        made = input_of(
            given_lengths.name, (), spec, "batch" if to.keeping else "", dtype='"int32"'
        )
        to.assign(Text(given_lengths.name), made)
    for item in spec.inputs:
        _input(item, to)
    for mask in spec.masks:
        to.assign(Text(mask.name), input_of(mask.name, mask.shape, spec, dtype='"bool"'))
    for state in spec.taken:
        made = input_of(state.name, state.shape, spec, "", **options_of(state))
        to.assign(Text(state.name), made)
    for index in spec.order:
        if not loop(index, to):
            operation(spec.blocks[index], to)
    ends: list[Input | Lengths | Mask | State] = [
        *spec.inputs,
        *spec.lengths,
        *spec.masks,
        *spec.taken,
    ]
    inputs = _one_or_list([Text(item.name) for item in ends])
    outputs = _one_or_list(
        [*(to.values[item.block] for item in spec.outputs), *given(spec, to, emit, emit_ids)]
    )
    made = call("keras.Model", inputs=inputs, outputs=outputs, name=to.label)
    to.statements.append(Return((made,)))


def _one_or_list(items: Sequence[Code]) -> Code:
    return items[0] if len(items) == 1 else listing(*items)


def operation(node: Block, to: KerasEmitter) -> None:
    """Write the statements of a node."""
    lookup(_TABLE, node.operation)(node, node.operation, to)


def _input(item: Input, to: KerasEmitter) -> None:
    """The mask of an input begins here; that of tokens may begin at their embedding."""
    made = input_layer(item, to.graph, batch="batch" if to.keeping else "")
    to.assign(Text(item.name), made)
    note_length(item, to)
    begin_at_input(to.graph.blocks[item.block], to)


def note_length(item: Input, to: KerasEmitter) -> None:
    """Say how Keras is told that a length comes with the data."""
    if item.shape and is_free(item.shape[0], to.graph):
        to.note(Idiom.FREE, None, "`shape=(None, ...)`")


def _placeholder(node: Block, placeholder: Placeholder, to: KerasEmitter) -> None:
    """Inputs are written first, in the order of the model's arguments."""


def _identity(node: Block, operation: Identity, to: KerasEmitter) -> None:
    """What is read, by a layer of the name that the picture gives it, if it does."""
    if layer_def(node.kind).gives_ids:
        # Steps of ids, made before a loop and in it: (batch, steps), without an axis of features.
        ids = emit_ids(operation.operand, to)
        to.values[node.index] = to.assign(Text(node.name), ids) if node.given else ids
    elif node.given:
        value = (
            emit(operation.operand, to) if _is_taken(node, to) else _labeled(node, operation, to)
        )
        to.values[node.index] = to.assign(Text(node.name), value)
    else:
        to.values[node.index] = emit(operation.operand, to)
    zero_identity(node, to, SPELLING)


def _is_taken(node: Block, to: KerasEmitter) -> bool:
    """Whether a layer has the name of a node that has none: all steps of a row, of which some are made in a loop."""
    return node.layer is None and any(item.name == node.given for item in to.graph.layers)


def _labeled(node: Block, operation: Identity, to: KerasEmitter) -> Code:
    operand = operation.operand
    if family_of(node.kind) is Family.IDENTITY and isinstance(operand, ConcatFeatures):
        parts = [emit(part, to) for part in operand.parts]
        return call(named_layer(node, node.kind, to), listing(*parts))
    return identity(node, emit(operand, to), to)


def _computed(node: Block, value: Code, to: KerasEmitter) -> None:
    """Write a node's value; padded steps give zeros."""
    to.values[node.index] = Text(node.name)
    if value != Text(node.name):
        to.assign(Text(node.name), value)
    zero_padded(node, to, SPELLING)


def _apply(node: Block, apply: Apply, to: KerasEmitter) -> None:
    layer = layer_def(node.kind)
    if layer.family is Family.LOOKUP:
        begin_at_embedding(node, to)
    see = emit_ids if layer.family is Family.LOOKUP else emit
    value = see(apply.operand, to)
    if layer.chooses and not layer.draws:
        ids = call("ops.argmax", value, axis=-1)
        _computed(node, identity(node, ids, to) if node.given else ids, to)
    elif layer.grid is not None:
        wrapper = layer_of_node(node, to)
        made = apply_grid(node, wrapper, value, to, is_wrapped=takes_steps(node, to))
        _computed(node, made, to)
    elif layer.has_statistics:
        _computed(node, normalized(node, layer_of_node(node, to), value, to), to)
    else:
        _computed(node, call(layer_of_node(node, to), value), to)


def _constant(node: Block, operation: Constant, to: KerasEmitter) -> None:
    _computed(node, constant(node, operation, to), to)


def _split(node: Block, split: Split, to: KerasEmitter) -> None:
    value = emit(split.operand, to)
    if split.parts is not None and to.places(split.operand):
        to.note(Idiom.SPLIT, node.index, "`ops.split`")
        columns = columns_as_steps(value, split.parts)
        value = identity(node, columns, to) if node.given else columns
    elif split.parts is not None:
        value = call(layer_of_node(node, to), value)
    elif node.given:
        value = identity(node, value, to)
    _computed(node, value, to)


def _merge(node: Block, merge: Merge, to: KerasEmitter) -> None:
    parts = [emit(part, to) for part in merge.operands]
    if len(parts) > 1:
        parts = addable(merge.how, merge.operands, parts, to)
        value: Code = (
            _product(node, parts, to)
            if merge.how is Combination.MULTIPLY and not _is_masked_alike(merge, to)
            else call(named_layer(node, node.kind, to), listing(*parts))
        )
    else:
        value = identity(node, parts[0], to) if node.given else parts[0]
    _computed(node, value, to)


def _is_masked_alike(merge: Merge, to: KerasEmitter) -> bool:
    """Whether all that is merged has the same mask, or none."""
    values = (part.block if isinstance(part, Value) else None for part in merge.operands)
    return len({None if block is None else to.masks.get(block) for block in values}) == 1


def _product(node: Block, parts: Sequence[Code], to: KerasEmitter) -> Code:
    """A product in which a padded step of one factor, which is zero, makes the step zero."""
    # layers.Multiply takes a step that a factor's mask leaves out for 1: it would give the other factor.
    product = Binary("*", tuple(map(operand, parts)))
    return identity(node, product, to) if node.given else product


def _reduce(node: Block, reduce: Reduce, to: KerasEmitter) -> None:
    _computed(node, reduced_steps(node, reduce, to), to)


def _convolve(node: Block, convolve: Convolve, to: KerasEmitter) -> None:
    _computed(node, convolved(node, convolve, to), to)


def _attend(node: Block, operation: Attend, to: KerasEmitter) -> None:
    value = attend(node, operation, to)
    _computed(node, Index(value, ":, 0") if node.steps is None else value, to)


def _call(node: Block, operation: Call, to: KerasEmitter) -> None:
    _computed(node, called_value(node, operation, to), to)


_TABLE: dict[type, Callable[[Block, Any, KerasEmitter], None]] = {
    Apply: _apply,
    Constant: _constant,
    Attend: _attend,
    Call: _call,
    Convolve: _convolve,
    Identity: _identity,
    Merge: _merge,
    Placeholder: _placeholder,
    Reduce: _reduce,
    Scan: scan,
    Split: _split,
}
