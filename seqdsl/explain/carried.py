"""states → sentences: what passes from one call of the model to the next."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from seqdsl.explain.words import label, length, listed, shape
from seqdsl.ir.ends import Holds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.graph import State
    from seqdsl.model.spec import Block, ModelSpec


def _state(item: State, spec: ModelSpec) -> str:
    if item.holds is Holds.IDS:
        return (
            f"`{item.name}`, an id for each sample" if item.steps is None else f"`{item.name}`, ids"
        )
    if item.shape:
        return f"`{item.name}` {shape(spec, item.shape)}"
    return f"`{item.name}`, the number of the first step for each sample"


def carried(spec: ModelSpec) -> Iterator[str]:
    """A sentence for all states of each block that pass from call to call."""
    for block in spec.blocks:
        of_block = [item for item in spec.states if item.block == block.index]
        for values, items in groupby(of_block, key=lambda item: item.holds is not Holds.STATE):
            yield _said(block, list(items), spec, values=values)


def _said(block: Block, states: Sequence[State], spec: ModelSpec, *, values: bool) -> str:
    names = listed([_state(item, spec) for item in states])
    ways = {
        (True, True): "taken from the call before and given to the next one",
        (True, False): "taken from the call before",
        (False, True): "given to the next call",
    }
    way = ways[states[0].is_taken, states[0].is_given]
    count = states[0].steps
    last = "last value" if count is None else f"last {length(spec, count)} values"
    what = f"{last} of {label(spec, block)}" if values else f"state of {label(spec, block)}"
    return f"The {what} {'are' if values and count is not None else 'is'} {way}: {names}."
