"""``GRUCell``, ``LSTMCell``, ``SimpleRNNCell`` called for one step → runs of one step, each from a state that is given.

A loop in a custom layer calls such a cell once in each iteration; the iterations are joined to rows later.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.keras.initial import initial_state
from seqdsl.importers.keras.recurrent import cell_of, run
from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Value, leaves
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.importers.keras.network import Network, Record
    from seqdsl.importers.keras.site import Site

KINDS = {
    "LSTMCell": "LSTM",
    "GRUCell": "GRU",
    "SimpleRNNCell": "SimpleRNN",
    # It has no public name: a loop calls that of a `ConvLSTM2D`.
    "ConvLSTMCell": "ConvLSTM2D",
}
"""Cells, and the layers that run them."""


def cell(site: Site) -> Any:
    """A cell's call: what it reads, and its states."""
    constants = site.walk.constants
    read, *states = (
        constants.value(item, site.record)
        for item in leaves([list(site.args), site.kwargs])
        if item is not None and not isinstance(item, bool)
    )
    if not all(isinstance(item, Value) and item.is_plain for item in (read, *states)):
        raise Refused("it reads something other than outputs of layers")
    told = cell_of(KINDS[site.record.kind], site.config)
    initial = initial_state(site, told.call, states)
    _, *final = run(site, told, read.ids[:, None], Direction.FORWARD, initial=initial)
    given = list(map(Value, final))
    return [given[0], given]


def owned(network: Network, layer: Any, path: str) -> Network:
    """The calls of a layer, those of cells by the layers that have them: ``self.decoder.cell(y, state)``.

    Args:
        network: the calls.
        layer: the layer that makes them.
        path: its path.
    """
    owners = dict(_owners(layer))

    def changed(record: Record) -> Record:
        owner = owners.get(id(record.live)) if record.kind in KINDS else None
        if owner is None:
            return record
        place = f"{path}.{owner.name}" if path else owner.name
        # RNN(LSTMCell(5)) has none of the cell's arguments, and LSTM(5) all of them.
        has_all = type(owner).__name__ in KINDS.values()
        config = owner.get_config() if has_all else record.config
        return replace(record, path=place, config=config, live=owner)

    calls = tuple(replace(call, of=changed(call.of)) for call in network.calls)
    return replace(network, calls=calls)


def _owners(layer: Any) -> Iterator[tuple[int, Any]]:
    for inner in layer._flatten_layers(include_self=False):
        if isinstance(inner, keras.layers.RNN) and type(inner).__name__ in ("RNN", *KINDS.values()):
            yield id(inner.cell), inner
