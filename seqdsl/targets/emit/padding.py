"""masks → statements: which steps are padding, and that what is computed of them is zero, the same for all targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import (
    ConcatFeatures,
    Elementwise,
    Expression,
    Slice,
    Value,
    blocks_of,
    walk,
)
from seqdsl.ir.operations import Call, Merge, Padding, Placeholder, Reduce, Scan
from seqdsl.ir.padded import may_be_padded
from seqdsl.layers import Combination, layer_def
from seqdsl.targets.code import Binary, Code, Index, Text, is_name, operand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Operation
    from seqdsl.targets.emit.emitter import Emitter


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a target writes masks.

    Attributes:
        emit_ids: an expression for token ids.
        emit_mask: the mask of an expression, where a node stands for its mask.
        valid_steps: where steps are no padding: not all that they hold, on so many axes, has a value.
        valid_tokens: where token ids are no padding: another id.
        before_end: where steps of a node, which has as many samples as an argument has lengths, are no padding.
        zeroed: a value, its padded steps zero by a mask; each step has so many axes, token ids none.
        all_valid: the mask without padding of what has its shape, (batch, steps).
        check: writes that an input, a node, must be padded at its end: where the mask is false.
    """

    emit_ids: Callable[[Expression, Any], Code]
    emit_mask: Callable[[Expression, Any], Code]
    valid_steps: Callable[[Code, str, int], Code]
    valid_tokens: Callable[[Code, str], Code]
    before_end: Callable[[Node, Code, Any], Code]
    zeroed: Callable[[Code, Code, int], Code]
    all_valid: Callable[[Code], Code]
    check: Callable[[int, Code, Any], None]


def common_mask(masks: Sequence[Expression], to: Emitter, spelling: Spelling) -> Code | None:
    """The steps that are valid in all of ``masks``; ``None`` if there are none."""
    # Operands that share an input share its mask: `mask & mask` is written as `mask`.
    parts = tuple(dict.fromkeys(spelling.emit_mask(mask, to) for mask in masks))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Binary("&", parts)


def valid_steps_of(expression: Expression, value: Code, to: Emitter, spelling: Spelling) -> Code:
    """The mask of a sequence, (batch, steps), of which ``value`` is the code: without padding it is true."""
    if may_be_padded(expression, to.masks):
        return spelling.emit_mask(expression, to)
    return spelling.all_valid(Index(operand(value), first_of(1 + len(to.places(expression)))))


def name_mask(node: Node, to: Emitter, spelling: Spelling) -> Code | None:
    """Give a node's mask a name of its own, if it is not that of another node."""
    mask = common_mask(node.masks, to, spelling)
    if mask is None:
        return None
    to.masks[node.index] = mask if is_name(mask) else to.name(f"{node.name}_mask", mask)
    return to.masks[node.index]


def named_mask(mask: Code, to: Emitter) -> Code:
    """A variable for a mask that is made of another, the same for the same code."""
    if mask not in to.named_masks:
        to.named_masks[mask] = to.name("valid", mask)
    return to.named_masks[mask]


def begin_mask(index: int, mask: Code, to: Emitter) -> Code:
    """Name the mask that begins at a node."""
    to.masks[index] = to.name("mask", mask)
    return to.masks[index]


def begin_input_mask(node: Node, to: Emitter, spelling: Spelling) -> None:
    """Name the mask that begins at an input, if one does, and have it checked if its padding is to be at its end."""
    operation = node.operation
    if not node.masking.begins or not isinstance(operation, Placeholder):
        return
    if operation.lengths:
        lengths = Text(operation.lengths)
        to.mask_lengths[begin_mask(node.index, spelling.before_end(node, lengths, to), to)] = (
            lengths
        )
        return
    if operation.mask:
        # block(x, mask): who calls it has made its mask, and zeros of the padded steps.
        to.masks[node.index] = Text(operation.mask)
        return
    value, marks, axes = to.values[node.index], _number(operation.marks), axes_of(node)
    # An id by itself is padding or not; of a sentence of ids all have to be.
    valid = (
        spelling.valid_steps(value, marks, axes) if axes else spelling.valid_tokens(value, marks)
    )
    begin_mask(node.index, valid, to)
    if node.padding is Padding.END:
        spelling.check(node.index, to.masks[node.index], to)
        to.checked.add(node.index)


def axes_of(node: Node) -> int:
    """How many axes each step of a node has in the generated code: those of its grid, and one unless it holds ids."""
    return len(node.grid) + (not layer_def(node.kind).gives_ids)


def spread_over(axes: int) -> str:
    """The index that gives a mask, (batch, steps), as many axes of one more: ``..., None``."""
    return ", ".join(["...", *["None"] * axes])


def over_step(axes: int) -> str:
    """The index that gives a mask of one step, (batch,), as many axes of one more: ``:, None``."""
    return ", ".join([":", *["None"] * axes])


def of_axes(numbers: Code, axes: int) -> Code:
    """A number of each sample, (batch, 1), beside values of so many axes: beside images (batch, 1, 1, 1)."""
    return numbers if axes == 1 else Index(numbers, spread_over(axes - 1))


def first_of(axes: int) -> str:
    """The index of the first number of steps that have so many axes: of an image ``..., 0, 0, 0``."""
    return ", ".join(["...", *["0"] * axes])


def begin_zeroed(node: Node, to: Emitter, spelling: Spelling) -> None:
    """Begin the mask of an input; where padded steps are not zero by themselves, and are read, write that they are."""
    begin_input_mask(node, to, spelling)
    if is_to_zero(node, to):
        zero_padded(node, to, spelling)


def is_to_zero(node: Node, to: Emitter) -> bool:
    """Whether the padded steps of an input are not zero by themselves, and somebody reads them."""
    # . is -1 in `input(3, mask=-1)`:   x x . .     a window around the second x reads 0, and not -1
    operation = node.operation
    # Behind the length of a sample may be anything.
    if not isinstance(operation, Placeholder):
        return False
    is_marked = bool(operation.marks or operation.lengths)
    if not node.masking.begins or not is_marked:
        return False
    if layer_def(node.kind).gives_ids:
        # The id of padding is there by itself, but not behind a length: what a sample does not have is the id 0.
        return bool(operation.lengths) and not _is_read_in_place(node, to)
    return not is_skipped(node, to)


def _is_read_in_place(node: Node, to: Emitter) -> bool:
    """Whether all that read a node read all of its steps as they are: then theirs are padding where its own are."""
    views = (view for reader in to.readers(node) for view in reader.views)
    return all(view == Value(node.index) for view in views if node.index in blocks_of(view))


def lacking(node: Node, zero: str) -> str:
    """What takes the place of a step that a sample does not have: the id of padding, or ``zero``."""
    operation = node.operation
    is_marked = layer_def(node.kind).gives_ids and isinstance(operation, Placeholder)
    return _number(operation.marks) if is_marked and isinstance(operation, Placeholder) else zero


def _number(value: float) -> str:
    """A number as it is written by hand: ``-1``, ``0.5``."""
    return str(int(value)) if value.is_integer() else str(value)


def begin_token_mask(node: Node, to: Emitter, spelling: Spelling) -> None:
    """Name the mask that begins at an embedding; tokens whose padding is to be at their end are checked once."""
    (ids,) = node.views
    unchecked = [
        index
        for index in sorted(blocks_of(ids))
        if to.graph.nodes[index].padding is Padding.END and index not in to.checked
    ]
    to.checked.update(unchecked)
    # All the tokens, and nothing else: one mask serves to check them and to go on with.
    whole = [ids] == [Value(index) for index in unchecked]
    if whole:
        begin_mask(node.index, _valid_ids(ids, node, to, spelling), to)
    for index in unchecked:
        valid = (
            to.masks[node.index]
            if whole
            else _valid_ids(Value(index), to.graph.nodes[index], to, spelling)
        )
        spelling.check(index, valid, to)
    if not whole:
        begin_mask(node.index, _valid_ids(ids, node, to, spelling), to)


def _valid_ids(ids: Expression, node: Node, to: Emitter, spelling: Spelling) -> Code:
    """Where what an embedding looks up is no padding: a step of ids if any of them is none."""
    code, axes = spelling.emit_ids(ids, to), len(node.grid)
    return spelling.valid_steps(code, "0", axes) if axes else spelling.valid_tokens(code, "0")


def zero_identity(node: Node, to: Emitter, spelling: Spelling) -> None:
    """Write that what a node passes through is zero in padded steps, where not all of it is zero already."""
    mask = name_mask(node, to, spelling)
    if mask is not None and not is_zero_where_padded(node, to.masks):
        value = spelling.zeroed(to.values[node.index], mask, axes_of(node))
        to.values[node.index] = to.assign(Text(node.name), value)


def zero_padded(node: Node, to: Emitter, spelling: Spelling) -> None:
    """Write that a node's value is zero in its padded steps, unless it is or nobody can tell."""
    mask = to.masks.get(node.index) or name_mask(node, to, spelling)
    if mask is None or stays_zero(node, mask, to.masks) or is_skipped(node, to):
        return
    # What nobody but the next piece reads gets other values in these steps.
    if node.index in to.holds and not to.readers(node):
        return
    to.assign(Text(node.name), spelling.zeroed(Text(node.name), mask, axes_of(node)))


def is_zero_where_padded(node: Node, masks: dict[int, Code]) -> bool:
    """Whether all that a node passes through is zero in its padded steps."""
    (view,) = node.views
    # In a padded step:   x beside y, equal masks          0 0, which is zero
    #                     x beside y, another mask         0 y, which has to be set to zero
    #                     x beside the next step of x      0 x, likewise
    parts = view.parts if isinstance(view, ConcatFeatures) else (view,)
    own = masks[node.index]
    return all(
        _has_mask(part, own, masks) or (node.masks == (part,) and not _combines(part))
        for part in parts
    )


def _combines(view: Expression) -> bool:
    """Whether several values meet in one step: where one of them is padding, another may be none."""
    return any(isinstance(item, Elementwise | ConcatFeatures) for item in walk(view))


def _has_mask(view: Expression, mask: Code, masks: dict[int, Code]) -> bool:
    return isinstance(view, Value) and masks.get(view.block) == mask


def stays_zero(node: Node, mask: Code, masks: dict[int, Code]) -> bool:
    """Whether a node gives zero in its padded steps by itself: all that it reads is zero there."""
    if isinstance(node.operation, Call) and node.operation.masks:
        # A picture that is given a mask gives zero in padded steps, as any model does.
        return True
    if not layer_def(node.kind).keeps_zero:
        return False
    # In a padded step:   add(x, y), equal masks      0 + 0, which is zero
    #                     add(x, y), y without one    0 + y, which has to be set to zero
    #                     multiply(x, y), likewise    0 * y, which is zero
    parts = (
        part
        for view in node.views
        for part in (view.parts if isinstance(view, ConcatFeatures | Elementwise) else (view,))
    )
    zero = (_has_mask(part, mask, masks) for part in parts)
    # A product is zero if one of its factors is.
    return any(zero) if _multiplies(node.operation) else all(zero)


def _multiplies(operation: Operation) -> bool:
    return isinstance(operation, Merge | Reduce) and operation.how is Combination.MULTIPLY


def is_skipped(node: Node, to: Emitter) -> bool:
    """Whether all that read a node are recurrent and skip its padded steps, whatever is there."""
    # An output has no readers, and its padded steps are returned: `all` of none would be true.
    readers = to.readers(node)
    return bool(readers) and all(_skips(reader) for reader in readers)


def _skips(reader: Node) -> bool:
    """Whether a node is recurrent, masked, and reads steps in their own order."""
    plain = Value | Slice | ConcatFeatures
    own = all(isinstance(item, plain) for view in reader.views for item in walk(view))
    return isinstance(reader.operation, Scan) and bool(reader.masks) and own
