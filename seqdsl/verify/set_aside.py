"""large arrays → files that are mapped: they take no memory while nobody reads them.

The files have no names: each is gone with the array that it holds, also when the process is killed.
"""

from __future__ import annotations

from itertools import chain
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.named_weights import in_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from seqdsl.runtime.adapter import Array, Framework
    from seqdsl.runtime.named_weights import LayerWeights

AT_ONCE = 2**20
"""Numbers that are copied at once; arrays of more are put aside."""


def put_aside(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The same arrays by name, the large ones in files; in memory where the temporary folder has no room for them."""
    return {
        name: _mapped(array) if array.size > AT_ONCE else array for name, array in arrays.items()
    }


def read_aside(
    framework: Framework, model: Any, layers: Sequence[LayerWeights]
) -> dict[str, Array]:
    """All weights of a model, of which never more than a piece is in memory a second time."""
    pieces = (framework.read(model, piece) for piece in in_pieces(layers))
    return dict(chain.from_iterable(put_aside(piece).items() for piece in pieces))


def write_all(
    framework: Framework, model: Any, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]
) -> None:
    """Give a model all of its weights, piece by piece: a framework may copy what it is given."""
    for piece in in_pieces(layers):
        framework.write(model, piece, arrays)


def _mapped(array: Array) -> Array:
    parts = min(len(array), -(-array.size // AT_ONCE))
    try:
        with TemporaryFile(prefix="seqdsl-") as stream:
            # Written, not filled through the mapping: a full disk kills a process that writes to mapped pages.
            for rows in np.array_split(array, parts):
                stream.write(np.ascontiguousarray(rows).data)
            stream.flush()
            # What is changed stays in memory: PyTorch warns of arrays that cannot be changed.
            return np.memmap(stream, array.dtype, "c", shape=array.shape)
    except OSError:
        return array
