"""operations → PyTorch: a table with a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import FinalState, Value
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
from seqdsl.layers import Family, layer_def
from seqdsl.size import Size
from seqdsl.targets.code import (
    Attribute,
    Code,
    Index,
    Text,
    call,
    method,
    tuple_of,
)
from seqdsl.targets.code.unread import without_unread_masks
from seqdsl.targets.emit.carried import default_states, given
from seqdsl.targets.emit.expressions import lookup
from seqdsl.targets.emit.kept_attention import is_kept
from seqdsl.targets.emit.padding import (
    begin_token_mask,
    begin_zeroed,
    zero_identity,
)
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.attention import attend
from seqdsl.targets.torch.called import called_value
from seqdsl.targets.torch.channels import (
    is_computed_channels_first,
    laid_out,
)
from seqdsl.targets.torch.constant import constant
from seqdsl.targets.torch.convolution import convolve, normalized
from seqdsl.targets.torch.expressions import (
    combined,
    emit,
    emit_made,
)
from seqdsl.targets.torch.grids import (
    by_itself,
    folded,
    grid_layer,
    is_of_channels,
    is_of_grids,
)
from seqdsl.targets.torch.kept_attention import attend_kept
from seqdsl.targets.torch.masks import SPELLING, emit_ids
from seqdsl.targets.torch.reducing import reduced_steps
from seqdsl.targets.torch.result import return_values
from seqdsl.targets.torch.scan import scan
from seqdsl.targets.torch.values import computed, with_activation

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.layers import LayerDef
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.targets.torch.emitter import TorchEmitter

_NONE = Size.of(0)


def forward(spec: ModelSpec, to: TorchEmitter, loop: Callable[[int, TorchEmitter], bool]) -> None:
    """Write the statements of ``forward``; ``loop`` writes those of a loop, if a node stands for one."""
    _zero_states(to)
    for item in spec.inputs:
        operation(spec.blocks[item.block], to)
    for index in spec.order:
        if not loop(index, to) and not isinstance(spec.blocks[index].operation, Placeholder):
            operation(spec.blocks[index], to)
    _return(spec, to)
    to.statements = without_unread_masks(to.statements, to.mask_lengths)


def operation(node: Block, to: TorchEmitter) -> None:
    """Write the statements of a node."""
    lookup(_TABLE, node.operation)(node, node.operation, to)


def _zero_states(to: TorchEmitter) -> None:
    """Let the states that are not given to a call be zero."""
    for _ in default_states(lambda x: Index(Attribute(x, "shape"), "0"), to):
        # PyTorch checks their shapes by itself.
        continue


def _return(spec: ModelSpec, to: TorchEmitter) -> None:
    if to.masks:
        # Only told where no recurrent layer skips padded steps.
        to.note(Idiom.MASKED, None, "`mask`")
    values = tuple(to.values[item.block] for item in spec.outputs) + given(spec, to, emit, emit_ids)
    return_values(values, spec.blocks[spec.outputs[0].block], to)


def _placeholder(node: Block, placeholder: Placeholder, to: TorchEmitter) -> None:
    """The mask of an input begins here; that of tokens may begin at their embedding."""
    begin_zeroed(node, to, SPELLING)


def _identity(node: Block, identity: Identity, to: TorchEmitter) -> None:
    """What is read, under the name that the picture gives it, if it does."""
    seen = to.local(identity.operand)
    if layer_def(node.kind).gives_ids:
        # Steps of ids, made before a loop and in it: (batch, steps), without an axis of features.
        ids = emit_ids(seen, to)
        to.values[node.index] = to.assign(Text(node.name), ids) if node.given else ids
    elif not node.given:
        to.values[node.index] = emit(seen, to)
    elif isinstance(seen, Value | FinalState) or seen in to.expressions:
        to.values[node.index] = to.assign(Text(node.name), emit(seen, to))
    else:
        # Its variable serves whatever else reads the same.
        value = emit_made(seen, to)
        to.expressions[seen] = to.assign(Text(node.name), value)
        to.values[node.index] = Text(node.name)
    zero_identity(node, to, SPELLING)


def _apply(node: Block, apply: Apply, to: TorchEmitter) -> None:
    if node.masking.begins:
        begin_token_mask(node, to, SPELLING)
    layer = layer_def(node.kind)
    if is_of_grids(node, to) or layer.has_statistics:
        made = grid_layer if is_of_grids(node, to) else normalized
        computed(node, made(node, apply, to), to)
        return
    value = (emit_ids if layer.family is Family.LOOKUP else emit)(apply.operand, to)
    if is_of_channels(node, to):
        computed(node, _of_channels(node, value, to), to)
        return
    value = (with_activation if layer.is_function else _of_last_axis)(node, value, to)
    computed(node, value if _looks_up(layer) else _by_itself(node, value, to), to)


def _looks_up(layer: LayerDef) -> bool:
    """Whether a layer gives ids, draws, or rows of a table: none is computed number by number."""
    return layer.draws or layer.chooses or layer.family is Family.LOOKUP


def _of_channels(node: Block, value: Code, to: TorchEmitter) -> Code:
    """What a layer of the last axis makes of images, whose channels are before height and width."""
    definition = layer_def(node.kind)
    if definition.is_function:
        return with_activation(node, value, to, -3)
    last = value if definition.family is Family.LOOKUP else method(value, "movedim", -3, -1)
    made = _of_last_axis(node, last, to)
    return made if definition.chooses else method(made, "movedim", -1, -3)


def _of_last_axis(node: Block, value: Code, to: TorchEmitter) -> Code:
    definition = layer_def(node.kind)
    if definition.draws:
        to.function("SampleIds" if definition.chooses else "SampleNormal")
    elif definition.chooses:
        return method(method(value, "argmax", dim=-1), "int")
    made = call(to.attribute(node), value)
    return made if definition.family is Family.LOOKUP else with_activation(node, made, to)


def _by_itself(node: Block, value: Code, to: TorchEmitter) -> Code:
    """A value that may be computed of channels, each number by itself, as the node's variable has it."""
    operands = by_itself(node) if node.index in folded(to) else ()
    leading = (to.leading.get(item.block) for item in operands if isinstance(item, Value))
    if found := next(leading, None):
        to.leading[node.index] = found
    return laid_out(node, value, to) if is_computed_channels_first(node, to) else value


def _constant(node: Block, operation: Constant, to: TorchEmitter) -> None:
    computed(node, constant(node, operation, to), to)


def _split(node: Block, split: Split, to: TorchEmitter) -> None:
    value = emit(split.operand, to)
    if split.parts is not None:
        to.note(Idiom.SPLIT, node.index, "`.unflatten`")
        axes, parts = len(to.places(split.operand)), tuple_of(to.size(split.parts), -1)
        # Of an image, (batch, channels, height, width), the columns; of places, which are before their features, these.
        value = method(value, "unflatten", -2 if axes == 1 else -1, parts)
        value = method(value, "movedim", -2, 1) if axes > 1 else value
    computed(node, value, to)


def _merge(node: Block, merge: Merge, to: TorchEmitter) -> None:
    value = combined(merge.how.value, [emit(part, to) for part in merge.operands])
    computed(node, _by_itself(node, value, to), to)


def _reduce(node: Block, reduce: Reduce, to: TorchEmitter) -> None:
    computed(node, reduced_steps(node, reduce, to), to)


def _attend(node: Block, operation: Attend, to: TorchEmitter) -> None:
    value = (attend_kept if is_kept(node, to) else attend)(node, operation, to)
    computed(node, Index(value, ":, 0") if node.steps is None else value, to)


def _call(node: Block, operation: Call, to: TorchEmitter) -> None:
    computed(node, called_value(node, operation, to), to)


_TABLE: dict[type, Callable[[Block, Any, TorchEmitter], None]] = {
    Apply: _apply,
    Constant: _constant,
    Attend: _attend,
    Call: _call,
    Convolve: convolve,
    Identity: _identity,
    Merge: _merge,
    Placeholder: _placeholder,
    Reduce: _reduce,
    Scan: scan,
    Split: _split,
}
