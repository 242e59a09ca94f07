"""Bidirectional → one row that runs both ways, or two rows and what merges them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.hints import TWO_ROWS
from seqdsl.importers.keras.initial import initial_state
from seqdsl.importers.keras.recurrent import (
    CELLS,
    arguments_of,
    cell_of,
    is_of_keras,
    is_reset_before,
    note_differences,
    own,
    run,
    settings,
)
from seqdsl.importers.keras.refusals import Again, Refused
from seqdsl.importers.keras.values import Value
from seqdsl.ir.direction import Direction
from seqdsl.layout.wiring import Passed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.importers.keras.network import Config
    from seqdsl.importers.keras.recurrent import Cell
    from seqdsl.importers.keras.site import Site

    Ids = NDArray[np.int64]

_MERGES = {"sum": "add", "mul": "multiply", "ave": "mean"}
"""How both directions are combined where they do not stand side by side."""


def bidirectional(site: Site) -> Any:
    """A layer that runs both ways: one row where the directions stand side by side, else two, and what merges them."""
    config = site.config
    value, states = arguments_of(site)
    cells = [_direction(site, part, value.ids) for part in ("layer", "backward_layer")]
    note_differences(site, _inner(site))
    is_one = (
        cells[0] == cells[1]
        and config["merge_mode"] == "concat"
        and (site.record.path, TWO_ROWS) not in site.walk.hints
    )

    def apply(ids: Ids) -> list[Ids]:
        if is_one:
            return _one_row(site, cells[0], ids, states)
        return _two_rows(site, cells, ids, states)

    if states and len(value.ids) != 2:
        raise Refused("it begins several chains with states")
    made = site.for_chains(value.ids, apply)
    return _results(site, made)


def _direction(site: Site, part: str, ids: Ids) -> Cell:
    """The cell of one direction."""
    # The forward layer is `layer` in the configuration, and `forward_layer` of the live one.
    item = site.config[part]
    part = "forward_layer" if part == "layer" else part
    live = getattr(site.record.live, part, None)
    is_known = item["class_name"] in CELLS and is_of_keras(live)
    if live is not None and (not is_known or is_reset_before(live)):
        return own(site, live, ids, part)
    return cell_of(item["class_name"], item["config"])


def _inner(site: Site) -> Config:
    """What a wrapper's forward layer says of its run."""
    item = site.config["layer"]
    live = getattr(site.record.live, "forward_layer", None)
    if live is None or (item["class_name"] in CELLS and is_of_keras(live)):
        told: Config = item["config"]
        return told
    return settings(live, item["config"])


def _one_row(site: Site, cell: Cell, ids: Ids, states: list[Value]) -> list[Ids]:
    """``[steps, final output, states of the forward run, states of the backward one]``, as `_two_rows`."""
    first = None
    if states:
        half = len(states) // 2
        joined = [
            Value(np.concatenate([one.ids, other.ids], -1))
            for one, other in zip(states[:half], states[half:], strict=True)
        ]
        first = initial_state(site, cell.call, joined, is_own=bool(cell.outputs))
        if not isinstance(first, Passed | None):
            # Each direction begins with a value of its own.
            raise Again(site.record.path, TWO_ROWS)
    steps, *final = run(site, cell, ids, Direction.BIDIRECTIONAL, initial=first)
    halves = [np.split(item, 2, -1) for item in final]
    return [steps, final[0], *(item[0] for item in halves), *(item[1] for item in halves)]


def _two_rows(site: Site, cells: list[Cell], ids: Ids, states: list[Value]) -> list[Ids]:
    half = len(states) // 2
    ways = (
        ("forward_layer", Direction.FORWARD, states[:half]),
        ("backward_layer", Direction.BACKWARD, states[half:]),
    )
    rows = []
    for cell, (part, way, begins) in zip(cells, ways, strict=True):
        initial = initial_state(site, cell.call, begins, is_own=bool(cell.outputs))
        rows.append(run(site, cell, ids, way, initial=initial, part=part))
    (ahead, *first), (back, *second) = rows
    # Only what is read of these is kept: the merged steps, or the merged ends.
    return [*_merged(site, ahead, back), *_merged(site, first[0], second[0]), *first, *second]


def _merged(site: Site, ahead: Ids, back: Ids) -> list[Ids]:
    mode = site.config["merge_mode"]
    if mode == "concat":
        return [np.concatenate([ahead, back], -1)]
    if mode is None:
        return [ahead, back]
    ledger, sequence = site.walk.ledger, site.has_steps(ahead)
    read = [ledger.steps(ids) if sequence else ledger.vector(ids) for ids in (ahead, back)]
    steps = ahead.shape[1] if sequence else None
    shape = ahead.shape[2 if sequence else 1 :]
    return [site.block(_MERGES[mode], tuple(read), steps, shape, part="merged")]


def _results(site: Site, made: list[Ids]) -> Any:
    """Pick from ``[merged steps..., merged ends..., states...]`` what the layer gives."""
    inner = _inner(site)
    count = 2 if site.config["merge_mode"] is None else 1
    steps, ends, states = made[:count], made[count : 2 * count], made[2 * count :]
    results = [Value(ids) for ids in (steps if inner["return_sequences"] else ends)]
    if inner["return_state"]:
        results += map(Value, states)
    return results if len(results) > 1 else results[0]
