"""recurrences over padded steps → PyTorch: packed sequences, where all padding stands at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import Use
from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Generator,
    Index,
    Text,
    call,
    enclosed,
    method,
)
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.cells import has_parts
from seqdsl.targets.torch.expressions import steps_in
from seqdsl.targets.torch.masks import zeroed

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter


@dataclass(frozen=True, slots=True)
class Run:
    """How a recurrence runs.

    Attributes:
        node: the recurrence.
        value: what its steps read.
        mask: which of them are valid; ``None``: all are.
        start: the state that it begins with; ``None``: zero.
        sequence: the variable of its outputs; ``_``: nobody reads them.
    """

    node: Block
    value: Code
    mask: Code | None
    start: Code | None
    sequence: Code

    @property
    def is_backward(self) -> bool:
        """Whether it runs from the last step to the first."""
        return self.node.direction is Direction.BACKWARD

    @property
    def started(self) -> tuple[Code, ...]:
        """The argument for the state that it begins with, if there is one."""
        return () if self.start is None else (self.start,)


def run_packed(run: Run, mask: Code, state: Callable[[], Code], to: TorchEmitter) -> None:
    """Run a layer over the valid steps only, which come first; ``state`` claims what receives its state."""
    node, value, sequence = run.node, run.value, run.sequence
    lengths, packed = _lengths(mask, to), Text(to.names.claim("packed"))
    places = None
    if run.is_backward:
        # Not `flip`, which would put the padding first: packing takes the first steps of each sample.
        places = _reversed_places(mask, lengths, to)
        value = to.name("turned", method(value, "take_along_dim", places, dim=1))
    to.note(Idiom.MASKED, None, "`pack_padded_sequence`")
    # A packed sequence has at least one step, and its lengths are on the CPU, wherever the rest is.
    counts = method(method(lengths, "clamp", min=1), "cpu")
    if mask in to.mask_lengths:
        # Lengths that are given may be int32.
        counts = method(counts, "long")
    keywords = {"batch_first": True, "enforce_sorted": False}
    to.assign(packed, call("pack_padded_sequence", value, counts, **keywords))
    to.unpack((sequence, state()), call(to.attribute(node), packed, *run.started))
    if sequence != Text("_"):
        # Without it the outputs are as long as the longest sample of the batch, not as the mask.
        total = steps_in(mask)
        padded = call("pad_packed_sequence", sequence, batch_first=True, total_length=total)
        to.unpack((sequence, Text("_")), padded)
        if places is not None:
            to.assign(sequence, method(sequence, "take_along_dim", places, dim=1))
        # Where a sample has no valid step, its steps give zero.
        to.assign(sequence, zeroed(sequence, mask))
    _keep_start(node, lengths, run.start, to)


def _lengths(mask: Code, to: TorchEmitter) -> Code:
    """How many steps are valid, (batch,): an argument of the model, or counted."""
    return to.mask_lengths.get(mask) or to.name("lengths", method(mask, "sum", dim=1))


def _reversed_places(mask: Code, lengths: Code, to: TorchEmitter) -> Code:
    """The places of the valid steps in reverse, the padding still behind them; its own inverse.

    Of ``a b c .`` (a dot is padding) they are 2 1 0 3: ``c b a .``.
    """
    order, steps = Text(to.names.claim("order")), Text(to.names.claim("steps"))
    count = steps_in(mask)
    to.comment("The valid steps in reverse, with the padding still behind them.")
    to.assign(steps, call("torch.arange", count, device=Attribute(mask, "device")))
    back = Binary("-", (Index(lengths, ":, None"), Text("1"), steps))
    to.assign(order, Binary("%", (enclosed(back), count)))
    return Index(order, "..., None")


def _keep_start(node: Block, lengths: Code, start: Code | None, to: TorchEmitter) -> None:
    """Where a sample has no valid step, its state stays what it was."""
    state = to.states.get(node.index)
    if state is None:
        return
    some = Index(enclosed(Binary(">", (lengths, Text("0")))), ":, None")
    is_pair = has_parts(node)
    if not is_pair or Use.STATE not in node.uses:
        begin: Code = Text("0.0")
        if start is not None:
            begin = Index(start, "0") if is_pair else start
        to.assign(state, call("torch.where", some, state, begin))
        return
    part = Text("part")
    if start is None:
        kept = Generator(call("torch.where", some, part, "0.0"), "part", state)
    else:
        pairs = call("zip", state, start, strict=True)
        kept = Generator(call("torch.where", some, part, "begin"), "part, begin", pairs)
    to.assign(state, call("tuple", kept))
