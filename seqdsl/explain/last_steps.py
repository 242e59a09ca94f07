"""model → the rows that are read at their last step only: how explanations say why they return all steps."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Slice, Value, walk
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.model.spec import ModelSpec


def read_at_last_only(spec: ModelSpec) -> frozenset[int]:
    """The blocks of which all that is read, as a sequence, is the last step."""
    # S-------S      of each `H` only the last step is read: as `H[:, -1:]`, which is a sequence
    # |       |
    # H-H-H   H-H-H
    # | | |   | | |
    lasts, reads = Counter[int](), Counter[int]()
    for item in (item for block in spec.blocks for view in block.views for item in walk(view)):
        if isinstance(item, Value):
            reads[item.block] += 1
        elif isinstance(item, Slice) and isinstance(item.of, Value) and _is_last(item):
            lasts[item.of.block] += 1
    return frozenset(block for block, count in lasts.items() if count == reads[block])


def _is_last(view: Slice) -> bool:
    return view.count == Size.of(1) and view.start + view.count == view.steps
