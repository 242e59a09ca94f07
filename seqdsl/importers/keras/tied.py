"""a product with a weight: the table of an embedding, transposed → ``dense(tied=M, softmax)``, any other → ``dense``.

::

    y = ops.matmul(x, ops.transpose(self.embedding.embeddings))
    return ops.softmax(y + self.bias)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Value
from seqdsl.importers.keras.written import written
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.network import Record
    from seqdsl.importers.keras.site import Site
    from seqdsl.importers.keras.state import State
    from seqdsl.layout.wiring import Block

    Ids = NDArray[np.int64]

_WAY = "use a Dense layer"


def calling(record: Record) -> Record:
    """The layer whose code calls an operation; the operation itself where a model does."""
    path = record.path.rpartition(".")[0]
    return replace(record, path=path) if path else record


@record(frozen=True)
class Matrix:
    """A weight by which a step is multiplied, as a layer of the language.

    Attributes:
        call: the layer.
        units: how many features it gives.
        path: the path of the layer; empty: that of the layer that multiplies.
    """

    call: str
    units: int
    path: str = ""


def matrix(site: Site, weight: Value) -> Matrix:
    """What a product with a weight, (features, units), is.

    Raises:
        Refused: it is neither the table of an embedding that ids were looked up in, nor a weight as it is.
    """
    constants, ids = site.walk.constants, weight.ids
    for one, units in ((ids, ids.shape[1]), (np.swapaxes(ids, 0, 1), 1)):
        number = constants.whole(one)
        path = "" if number is None else site.walk.ledger.paths[number]
        # matmul(x, self.matrix), matmul(x, self.vector[:, None])
        if path in constants.bare and units == ids.shape[1]:
            return Matrix(written("dense", units=units, bias=False), units, path)
        if path in constants.live and one is not ids:
            return Matrix(_tied_call(site, constants.live[path]), ids.shape[1])
    raise Refused("it multiplies by numbers, or by a part of a weight", _WAY)


def _tied_call(site: Site, owner: object) -> str:
    walk = site.walk
    names = [walk.names.of(path) for path, layer in walk.live.items() if layer is owner]
    if not names:
        raise Refused("it multiplies by the table of an Embedding that was not called before", _WAY)
    return written("dense", tied=names[0], bias=False)


def with_bias(site: Site, values: Sequence[Value]) -> Value | None:
    """The sum of a tied row and a weight of as many numbers: its bias; ``None``: it is another sum."""
    walk = site.walk
    biases = [item for item in values if item.ids.ndim == 1]
    if len(values) != 2 or len(biases) != 1 or walk.constants.whole(biases[0].ids[None]) is None:
        return None
    (other,) = (item for item in values if item is not biases[0])
    block = _tied(walk, other)
    if block is None or "bias=false" not in block.call:
        return None
    return _again(walk, block, other)


def with_activation(site: Site, word: str) -> Value | None:
    """The activation of a tied row, called by the same layer; ``None``: it is of another row."""
    values = site.values
    block = _tied(site.walk, values[0]) if len(values) == 1 else None
    is_same = block is not None and block.layer == site.walk.names.of(calling(site.record).path)
    if block is None or not is_same or "activation=" in block.call:
        return None
    return _again(site.walk, block, values[0], word)


def _tied(walk: State, value: Value) -> Block | None:
    """The tied row that a value is all of."""
    ids = value.ids
    if not ids.flat[0]:
        return None
    entry = walk.ledger.entry(int(ids.flat[0]))
    block = walk.ledger.blocks[entry.block]
    whole = np.arange(entry.start, entry.start + ids.size)
    is_all = entry.size * len(ids) == ids.size and np.array_equal(ids.ravel(), whole)
    return block if is_all and "tied=" in block.call else None


def _again(walk: State, block: Block, value: Value, word: str | None = None) -> Value:
    """The same row with an activation, or if that is ``None`` with a bias."""
    has_bias = word is None or "bias=false" not in block.call
    name = block.call.partition("tied=")[2].rstrip(")").partition(",")[0]
    call = written("dense", tied=name, activation=word, bias=has_bias)
    entry = walk.ledger.entry(int(value.ids.flat[0]))
    path = walk.ledger.paths[entry.block]
    ids = walk.ledger.add(replace(block, call=call), entry.shape, path)
    return Value(ids.reshape(value.ids.shape))
