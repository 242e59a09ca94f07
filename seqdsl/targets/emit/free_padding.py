"""free run with padding → what is fed after a padded step: what the last valid one gave.

::

    Y    y1 y2  .  y4     the prompt z1 z2 with padding behind it: z4 is made of y2, as that is where the prompt ends,
    Z    z1 z2  .  z4     and z5 of y4

So prompts of one batch may differ in length, wherever their padding is. A node knows its padding in the run as in the
whole model: what it keeps from piece to piece is what it gave last that was valid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.ir.graph import UNMASKED
from seqdsl.ir.operations import Placeholder
from seqdsl.size import Size
from seqdsl.targets.code import Code, Index, Text
from seqdsl.targets.emit.free_written import Held
from seqdsl.targets.emit.padding import common_mask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.model.spec import Block
    from seqdsl.passes.free_run import Phases
    from seqdsl.targets.emit.emitter import Emitter
    from seqdsl.targets.emit.free_written import FreeWriting


@dataclass(frozen=True, slots=True)
class Hold:
    """What is fed back, and has padded steps.

    Attributes:
        node: the node, for a piece.
        first: what it gave before the first piece, as it is kept; ``None``: it gave nothing.
    """

    node: Block
    first: Code | None


def find_holds(
    phases: Phases, heads: Mapping[int, Code | None], once: Emitter, how: FreeWriting
) -> list[Hold]:
    """All that is fed back and has padded steps; those before the first piece are replaced.

    Args:
        phases: what is computed once, and what for each piece.
        heads: what each node that is fed back gave before the first piece, if anything.
        once: what the former is written to.
        how: how the target writes it.
    """
    found = []
    for index, head in heads.items():
        first = None
        if head is not None:
            held = _last_valid(phases.once.blocks[index], None, once, how)
            first = Index(held, how.held)
        if phases.step.blocks[index].masks:
            found.append(Hold(phases.step.blocks[index], first))
    return found


def write_holds(holds: Sequence[Hold], step: Emitter, how: FreeWriting) -> tuple[Held, ...]:
    """Write that padded steps of a piece give what was last valid, and keep that for the next piece."""
    kept = []
    for hold in holds:
        before = step.names.claim(f"{hold.node.name}_before")
        value = _last_valid(hold.node, Text(before), step, how)
        # One vector, or one step, whatever layer it is of: no state of its own.
        vector = replace(
            hold.node, operation=Placeholder(), layer=None, steps=Size.of(1), masking=UNMASKED
        )
        kept.append(Held(before, vector, hold.first, Index(value, how.held)))
    return tuple(kept)


def hold_step(node: Block, kept: Text, step: Emitter, how: FreeWriting) -> None:
    """Write that a padded step of a loop's member gives the last of the steps that are ``kept``."""
    if node.masks:
        _last_valid(node, Index(kept, how.held), step, how)


def _last_valid(node: Block, before: Code | None, to: Emitter, how: FreeWriting) -> Code:
    """Replace a node's padded steps; before the first valid one is what was ``before``, or zero."""
    mask = common_mask(node.masks, to, how.masks)
    if mask is None:
        return to.values[node.index]
    held = how.last_valid(node, mask, before, to)
    to.values[node.index] = to.assign(Text(node.name), held)
    return to.values[node.index]
