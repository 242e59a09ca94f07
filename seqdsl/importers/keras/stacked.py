"""``RNN([LSTMCell(8), GRUCell(8)])`` → a row for each cell: each step of one reads that of the one below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.keras.recurrent import (
    CELLS,
    arguments_of,
    cell_of,
    is_of_keras,
    note_differences,
    run,
    settings,
)
from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Value
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from seqdsl.importers.keras.recurrent import Cell
    from seqdsl.importers.keras.site import Site

    Ids = NDArray[np.int64]


def is_stacked(live: Any) -> bool:
    """Whether a layer runs several cells, one above the other."""
    return isinstance(getattr(live, "cell", None), keras.layers.StackedRNNCells)


def stacked(site: Site) -> Any:
    """The call of a layer that runs several cells.

    Raises:
        Refused: one of them is not one of Keras's, or they have initial states.
    """
    live = site.record.live
    config = settings(live, site.config)
    value, states = arguments_of(site)
    if states or live.stateful:
        raise Refused(
            "it runs several cells with initial states", "write a layer for each of its cells"
        )
    note_differences(site, config)
    backward = config.get("go_backwards", False)
    way = Direction.BACKWARD if backward else Direction.FORWARD
    rows = list(_rows(site))

    def apply(ids: Ids) -> list[Ids]:
        ends: list[Ids] = []
        for part, cell in rows:
            ids, *final = run(site, cell, ids, way, part=part)
            # The output is the state of the last cell, whose states come last.
            ends = [final[0], *ends[1:], *final]
        return [ids, *ends]

    steps, end, *final = site.for_chains(value.ids, apply)
    # Keras gives the steps of a backward run in the order in which it computes them.
    steps = steps[:, ::-1] if backward else steps
    result = Value(steps if config["return_sequences"] else end)
    return [result, *map(Value, final)] if config["return_state"] else result


def _rows(site: Site) -> Iterator[tuple[str, Cell]]:
    """The part of the layer that each cell is, and what it runs."""
    for number, cell in enumerate(site.record.live.cell.cells):
        kind = type(cell).__name__.removesuffix("Cell")
        if not is_of_keras(cell) or kind not in CELLS:
            raise Refused(
                f"it runs several cells, of which `{type(cell).__name__}` is not one of Keras's",
                "write a layer for each of its cells",
            )
        part = f"cells_{number}"
        site.walk.live[f"{site.record.path}.{part}"] = cell
        yield part, cell_of(kind, cell.get_config())
