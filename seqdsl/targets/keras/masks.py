"""masks → Keras: as code that passes them by name, and then as Keras hands them on where that is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.ir.operations import Placeholder
from seqdsl.layers import layer_def
from seqdsl.targets.code import Code, Index, call, flat, tuple_of
from seqdsl.targets.emit.padding import (
    Spelling,
    axes_of,
    begin_input_mask,
    begin_token_mask,
    first_of,
    is_to_zero,
    spread_over,
)
from seqdsl.targets.keras.expressions import emit_ids
from seqdsl.targets.keras.implicit_masks import hand_on
from seqdsl.targets.keras.mask_flow import ZERO_MASKED
from seqdsl.targets.keras.mask_writing import Masks
from seqdsl.targets.keras.step_masks import emit_mask
from seqdsl.targets.notes import Idiom, Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Node
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter


def zeroed(value: Code, mask: Code, axes: int = 1) -> Code:
    """A value whose padded steps are zero; each step has so many axes, and token ids none."""
    if not axes:
        return call("ops.where", mask, value, 0)
    return call("ops.where", Index(mask, spread_over(axes)), value, "0.0")


def _valid_steps(value: Code, marks: str, axes: int) -> Code:
    over = -1 if axes == 1 else tuple_of(*range(-axes, 0))
    return call("ops.any", call("ops.not_equal", value, marks), axis=over)


def _valid_tokens(ids: Code, marks: str) -> Code:
    return call("ops.not_equal", ids, marks)


def _before_end(node: Node, lengths: Code, to: KerasEmitter) -> Code:
    """Where steps come before the length of their sample, counted on the first feature of each step."""
    value = to.values[node.index]
    # (batch, steps): of ids, which have no features, all of it; of an image [..., 0, 0, 0]
    axes = axes_of(node)
    first = Index(value, first_of(axes)) if axes else value
    return call(to.function("steps_before"), lengths, first)


def _check(index: int, mask: Code, to: KerasEmitter) -> None:
    """An input that must be padded at its end goes through a layer that checks it."""
    # What no output depends on is not part of a functional model: so the value itself goes through the check.
    layer = call(to.function("PaddedAtEnd"))
    to.values[index] = to.name("checked", call(layer, to.values[index], mask))


def _all_valid(value: Code) -> Code:
    return call("ops.ones_like", value, dtype='"bool"')


SPELLING = Spelling(
    emit_ids, emit_mask, _valid_steps, _valid_tokens, _before_end, zeroed, _all_valid, _check
)


def begin_at_input(node: Block, to: KerasEmitter) -> None:
    """Begin the mask of an input, if it has one, so that Keras may hand it on."""
    begin_input_mask(node, to, SPELLING)
    placeholder = node.operation
    if not node.masking.begins or not isinstance(placeholder, Placeholder):
        return
    mask = to.masks[node.index]
    if placeholder.mask:
        return
    if placeholder.lengths:
        # No layer of Keras makes a mask of lengths: it is passed by name.
        if is_to_zero(node, to):
            zeros = zeroed(to.values[node.index], mask, axes_of(node))
            to.values[node.index] = to.name("masked", zeros)
        return
    if is_to_zero(node, to):
        # `layers.Masking` gives zeros in padded steps, too.
        zeros = to.name("masked", zeroed(to.values[node.index], mask, axes_of(node)))
        to.values[node.index] = zeros
        to.zeroed.add(flat(zeros))
    # `layers.Masking` looks at the last axis alone: steps that hold grids keep their mask by name.
    if not node.grid and not layer_def(node.kind).gives_ids:
        name = flat(to.values[node.index])
        to.input_masks[name], to.marks[name] = mask, placeholder.marks


def begin_at_embedding(node: Block, to: KerasEmitter) -> None:
    """Begin the mask of an embedding, if it has one, so that Keras may hand it on."""
    if node.masking.begins:
        begin_token_mask(node, to, SPELLING)
        # `mask_zero=True` tells padding from data place by place, and not step by step.
        if not node.grid:
            to.token_masks[node.name] = to.masks[node.index]
        return
    # tokens(9, mask=0) that are read as they are: `mask_zero=True` means the same.
    (ids,) = node.views
    if isinstance(ids, Value) and not node.grid:
        tokens = to.graph.nodes[ids.block]
        if (
            isinstance(tokens.operation, Placeholder)
            and tokens.operation.marks == 0
            and tokens.masking.begins
            and not (tokens.operation.lengths or tokens.operation.mask)
        ):
            to.token_masks[node.name] = to.masks[ids.block]


def _names_for_masked(to: KerasEmitter) -> dict[str, str]:
    """A free name for each input that `Masking` may read; one that is made zero has a name."""
    return {name: to.names.claim("masked") for name in to.input_masks if name not in to.zeroed}


def _carrying_outputs(to: KerasEmitter) -> Iterator[str]:
    """The variables of outputs that a layer of the module's own can make zero, and let carry their masks."""
    nodes = to.graph.nodes
    for item in to.graph.outputs:
        # The last step of a masked row has no steps any more, though it may be the row's variable. That of an input
        # which nothing reads has to stay the input's own.
        if nodes[item.block].steps is None or isinstance(nodes[item.block].operation, Placeholder):
            continue
        # Of ids, which have no features, and of grids `ops.where` makes zeros, and no layer of the module's own.
        if not nodes[item.block].grid and not layer_def(nodes[item.block].kind).gives_ids:
            yield flat(to.values[item.block])


def hand_masks_on(to: KerasEmitter) -> None:
    """Let Keras hand on the masks of a model that is written, and note how its masks begin."""
    nodes = to.graph.nodes
    masks = Masks(
        tokens=to.token_masks,
        inputs=to.input_masks,
        wanted={nodes[index].name: mask for index, mask in to.masks.items()},
        nodes=frozenset(node.name for node in nodes),
        # Of ids, which have no features, and of grids `ops.where` makes zeros, and no layer of the module's own.
        # Who calls a model with a mask has the mask of what it gives.
        outputs=() if to.graph.masks else tuple(_carrying_outputs(to)),
        masked=_names_for_masked(to),
        marks=to.marks,
    )
    implicit = hand_on(to.statements, masks)
    to.statements = list(implicit.statements)
    if implicit.zeroes:
        to.function(ZERO_MASKED)
    if implicit.words:
        to.notes = [item for item in to.notes if item.idiom is not Idiom.MASKED]
        to.notes.append(Note(Idiom.MASKED, None, implicit.words[0]))
