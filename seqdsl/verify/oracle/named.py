"""a letter among a layer's arguments → all steps of its row, which every node of the layer reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.syntax.ast import Letter
from seqdsl.verify.oracle.steps import Place, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.drawing import Drawing


def named_places(drawing: Drawing, index: int, counts: Sequence[int]) -> tuple[Place, ...]:
    """What the letters in the call of a block stand for, in the order in which they are written."""
    call = drawing.settings[index].call
    # Of an embedding that is tied only the matrix is used, and what is fed back is read when the model runs free: as it
    # is trained, neither is.
    letters = [
        item
        for item in (call.arguments if call else ())
        if isinstance(item.value, Letter) and item.keyword not in ("tied", "feedback")
    ]
    places = []
    for item in letters:
        # attention(E, keys=K): the softmax is of the query and K, the sum is of E.
        (row,) = (at for at, block in enumerate(drawing.blocks) if block.letter == str(item.value))
        steps = tuple(Source(row, step) for step in range(counts[row]))
        places.append(Place(steps, bus=True, is_key=item.keyword == "keys"))
    return tuple(places)
