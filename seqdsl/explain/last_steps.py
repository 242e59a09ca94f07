"""model → whether a row is read at its last step only: how explanations say why it returns all steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Slice, Value, walk
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.model.spec import Block, ModelSpec


def gives_last_only(block: Block, spec: ModelSpec) -> bool:
    """Whether all that is read of a row, as a sequence, is its last step."""
    # S-------S      of each `H` only the last step is read: as `H[:, -1:]`, which is a sequence
    # |       |
    # H-H-H   H-H-H
    # | | |   | | |
    value, lasts, reads = Value(block.index), 0, 0
    for view in (view for other in spec.blocks for view in other.views):
        for item in walk(view):
            reads += item == value
            lasts += isinstance(item, Slice) and item.of == value and _is_last(item)
    return 0 < lasts == reads


def _is_last(view: Slice) -> bool:
    return view.count == Size.of(1) and view.start + view.count == view.steps
