"""the states that a recurrent layer is called with → how its row begins: handed over whole, or with values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.keras.refusals import Refused
from seqdsl.layout.wiring import Begun, Passed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.importers.keras.site import Site
    from seqdsl.importers.keras.values import Value
    from seqdsl.layout.wiring import Source


def initial_state(
    site: Site, call: str, states: list[Value], *, is_own: bool = False
) -> Passed | Begun | None:
    """How a run begins; ``None``: with zero.

    ::

        LSTM(4)(x, initial_state=[h, c])     both of one run         that run's final state is passed on
                                             h is c                  the value, which is both
                                             any other               h and c side by side
    """
    if not any(item.ids.any() for item in states):
        return None
    if (block := _whole_state(site, call, states)) is not None:
        return Passed(block)
    if is_own and len(states) > 1:
        raise Refused("it runs a cell of its own, and begins it with values for several states")
    first = states[0].ids
    same = all(np.array_equal(first, item.ids) for item in states)
    return Begun(tuple(_sources(site, states[:1] if same else states)))


def _sources(site: Site, states: list[Value]) -> Iterator[Source]:
    for item in states:
        for source in site.walk.ledger.vector(item.ids).of[0] or (None,):
            if source is None:
                raise Refused("a part of its initial state is zero, and the other is not")
            yield source


def _whole_state(site: Site, call: str, states: list[Value]) -> int | None:
    """The run whose final state, all of it, the states are; it runs a cell of the same kind."""
    kind = call.partition("(")[0]
    for block, final in site.walk.finals.items():
        is_same = len(final) == len(states) and all(
            np.array_equal(ids, item.ids) for ids, item in zip(final, states, strict=True)
        )
        if is_same and site.walk.ledger.blocks[block].call.partition("(")[0] == kind:
            return block
    return None
