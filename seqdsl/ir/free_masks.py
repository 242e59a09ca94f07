"""masks of a member → those of its pieces, and of its head: one of the two may have padding where the other has none.

::

    H  H  H  H     the image in front has no padding: the head of H has no mask
    i  z  .  z     pieces of Z may be padding: H skips them
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import blocks_of
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.free_members import Member
    from seqdsl.ir.free_streams import Stream
    from seqdsl.ir.nodes import Node


@record(frozen=True)
class PaddedNodes:
    """What has padded steps, of what a free run reads.

    Attributes:
        nodes: the nodes of the graph.
        members: the members so far, by their nodes.
    """

    nodes: Sequence[Node]
    members: Mapping[int, Member]

    def has_mask(self, read: Expression, *, is_head: bool) -> bool:
        """Whether anything that is read has one."""
        return any(self._is_padded(index, is_head=is_head) for index in blocks_of(read))

    def _is_padded(self, index: int, *, is_head: bool) -> bool:
        # What stands for a mask that is known is none of the graph's nodes.
        if index >= len(self.nodes) or self.nodes[index].masking.begins:
            return True
        member = self.members.get(index)
        if member is None:
            return bool(self.nodes[index].masks)
        return bool(member.head_masks if is_head else member.masks)


def with_masks(member: Member, masks: Sequence[Stream], padded: PaddedNodes) -> Member:
    """A member that has the masks of what it reads, in pieces and before them."""
    steps = [item.step for item in masks if padded.has_mask(item.step, is_head=False)]
    heads = [item.head for item in masks if item.head is not None]
    heads = [item for item in heads if padded.has_mask(item, is_head=True)]
    return replace(member, masks=tuple(steps), head_masks=tuple(heads))
