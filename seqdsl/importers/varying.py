"""wirings at two lengths that are not the same blocks → which layer is applied more often, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.wiring import Block


def why_unlike(one: Sequence[Block], other: Sequence[Block]) -> tuple[str, str]:
    r"""Why a model is not the same rows at all lengths, and what to do.

    ::

        C   C   C     conv_e, applied anew in each iteration, to windows of what was fed back: the first ones reach
        |\  |\  |\    into an argument, so that they are not windows of one row
        e y y y y

    Args:
        one: the blocks at one length.
        other: those at another.
    """
    counts, others = (Counter(block.layer for block in blocks) for blocks in (one, other))
    more = [block for block in (*one, *other) if counts[block.layer] != others[block.layer]]
    if not more:
        return "at other lengths its layers are applied in other ways", _SET
    first = min(more, key=lambda block: not block.call.startswith("conv"))
    reason = f"`{first.layer}` is applied more often where a length is longer, and not as one row"
    return reason, _WINDOWS if first.call.startswith("conv") else _SET


_SET = "give the length of its input as a number"
_WINDOWS = (
    "in the loop, apply a dense layer to the last values side by side in place of the convolution, and let these and "
    "the states begin with zeros, not with arguments"
)
