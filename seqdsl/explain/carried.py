"""states → sentences: what passes from one call of the model to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.words import label, listed, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import State
    from seqdsl.model.spec import ModelSpec


def _state(item: State, spec: ModelSpec) -> str:
    if item.shape:
        return f"`{item.name}` {shape(spec, item.shape)}"
    return f"`{item.name}`, the number of the first step for each sample"


def carried(spec: ModelSpec) -> Iterator[str]:
    """A sentence for all states of each block that pass from call to call."""
    for block in spec.blocks:
        states = [item for item in spec.states if item.block == block.index]
        if not states:
            continue
        names = listed([_state(item, spec) for item in states])
        ways = {
            (True, True): "taken from the call before and given to the next one",
            (True, False): "taken from the call before",
            (False, True): "given to the next call",
        }
        way = ways[states[0].is_taken, states[0].is_given]
        yield f"The state of {label(spec, block)} is {way}: {names}."
