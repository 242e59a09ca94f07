"""row that is another picture of the file → words: the values that it gives, and what it is applied to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import takes_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.operations import Call
    from seqdsl.model.spec import Block
    from seqdsl.size import Size


def called(block: Block, operation: Call, reads: str, grids: Mapping[int, tuple[Size, ...]]) -> str:
    """What the row does: ``applies the model `tower` (units 32) to all steps of `X```."""
    given = {} if block.layer is None else block.layer.arguments
    values = [f"{name} {value}" for name, value in given.items() if value is not None]
    shown = f" ({', '.join(values)})" if values else ""
    # A model of a sequence takes a row as a whole, which goes without saying.
    how = ", step by step" if operation.each else ""
    if takes_places(operation, grids):
        how += (
            ": the places of each are its sequence"
            if operation.each
            else ": its places are the sequence"
        )
    return f"applies the model `{block.kind}`{shown} to {reads}{how}"
