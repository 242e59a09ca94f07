"""states that a model takes and gives → runs whose state passes from call to call, ``*--H-H-H--*``.

A wire carries an LSTM's output `h`; its memory `c` is known to the run alone. So a model that gives both is one whose
run ends with `*`, and one that takes both as well is cut there, and goes on where the call before has ended::

    y, h, c = LSTM(8, return_sequences=True, return_state=True)(x, initial_state=[h_in, c_in])
    Model([x, h_in, c_in], [y, h, c])
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.given_states import ORDER, results_before, taken_last
from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Value
from seqdsl.ir.carry import Carry
from seqdsl.layout.wiring import Begun, Bus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.importers.keras.walk import Walk
    from seqdsl.layout.wiring import Block


def without_states(walk: Walk, results: Sequence[Any]) -> list[Any]:
    """The results of a model but for final states, whose runs are noted to give them.

    Raises:
        Refused: they do not come last, as they do in a picture's model.
    """
    given = dict(sorted(_given(walk, results)))
    if not given:
        return list(results)
    first = results_before(given, len(results), Refused)
    runs = {block: item for block in given if (item := _taken(walk, block))}
    taken = taken_last(runs, list(walk.sources.inputs))
    for block in given:
        if block in taken:
            walk.ledger.change(block, carry=Carry.BOTH, initial=None)
        else:
            walk.ledger.change(block, carry=Carry.GIVEN)
    for state in chain.from_iterable(taken.values()):
        del walk.sources.inputs[state]
    return list(results[:first])


def _given(walk: Walk, results: Sequence[Any]) -> Iterator[tuple[int, tuple[int, int]]]:
    """The runs of which a model gives the final memory: the block, and the places of `h` and `c` in the results."""
    for block, final in walk.finals.items():
        if len(final) < 2:
            continue
        places = [place for place, item in enumerate(results) if _is(item, final[1])]
        if not places:
            continue
        (place, *others) = places
        if others or place == 0 or not _is(results[place - 1], final[0]):
            raise Refused("it gives the memory `c` of an LSTM without its `h` before it", ORDER)
        yield block, (place - 1, place)


def _is(result: Any, ids: Any) -> bool:
    return isinstance(result, Value) and result.is_plain and np.array_equal(result.ids, ids)


def _taken(walk: Walk, number: int) -> tuple[int, ...] | None:
    """The inputs that are the `h` and `c` with which a run begins, and nothing else."""
    initial = walk.ledger.blocks[number].initial
    if not isinstance(initial, Begun) or len(initial.sources) != 2:
        return None
    pair = tuple(item.block for item in initial.sources)
    if not set(pair) <= walk.sources.inputs.keys() or len(set(pair)) < 2:
        return None
    readers = [at for at, block in enumerate(walk.ledger.blocks) if set(pair) & set(_read(block))]
    return pair if readers == [number] else None


def _read(block: Block) -> Iterator[int]:
    for operand in block.operands:
        rows = (operand.sources,) if isinstance(operand, Bus) else operand.of
        yield from (part.block for row in rows for part in row if part is not None)
    if isinstance(block.initial, Begun):
        yield from (item.block for item in block.initial.sources)
