"""model specification + input → whether it tells padding from data, and where its padding may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.operations import Padding, Placeholder

if TYPE_CHECKING:
    from seqdsl.ir.graph import Input
    from seqdsl.model.spec import ModelSpec


def knows_padding(item: Input, spec: ModelSpec) -> bool:
    """Whether some steps may be padding, and have a value, or an id, that says so."""
    if has_lengths(item, spec):
        return False
    if spec.blocks[item.block].masking.begins or item.dtype != "int32":
        return spec.blocks[item.block].masking.begins
    return any(
        block.masking.begins and any(item.block in blocks_of(view) for view in block.views)
        for block in spec.blocks
    )


def has_lengths(item: Input, spec: ModelSpec) -> bool:
    """Whether an argument says how many steps are valid: those behind them may hold anything."""
    return any(one.block == item.block for one in spec.lengths)


def marks_of(item: Input, spec: ModelSpec) -> float:
    """The value of all features, or the id, of a padded step."""
    operation = spec.blocks[item.block].operation
    assert isinstance(operation, Placeholder)
    return operation.marks


def is_padded_at_end(item: Input, spec: ModelSpec) -> bool:
    """Whether a batch with padding elsewhere than at the end must be refused."""
    at_end = spec.blocks[item.block].padding is Padding.END
    return at_end and knows_padding(item, spec)
