"""large arrays → files that are mapped: they take no memory while nobody reads them.

The files have no names: each is gone with the array that it holds, also when the process is killed.
"""

from __future__ import annotations

from math import prod
from os import SEEK_CUR
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.named_weights import draw, in_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from seqdsl.runtime.adapter import Array, Framework
    from seqdsl.runtime.named_weights import LayerWeights, Rows

AT_ONCE = 2**20
"""Numbers that are copied at once; arrays of more are put aside."""


def put_aside(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The same arrays by name, the large ones in files; in memory where the temporary folder has no room for them."""
    return {
        name: _mapped(array) if array.size > AT_ONCE else array for name, array in arrays.items()
    }


def drawn_aside(layers: Sequence[LayerWeights], scale: float) -> dict[str, Array]:
    """The weights that `draw` gives, its large tables in files."""
    return draw(layers, scale, _kept)


def kept_aside(shape: tuple[int, ...], dtype: type, rows: Iterable[Array]) -> Array | None:
    """A large array of its rows, in a file; nothing where there is no room for it."""
    return _stored(np.broadcast_to(np.zeros((), dtype), shape), rows)


def moved_aside(array: Array, step: Array, rate: float) -> Array:
    """``array + rate * step``; if it is large, in a file, and made some rows at a time."""
    if array.size <= AT_ONCE:
        return array + rate * step

    pairs = zip(_in_rows(array), _in_rows(step), strict=True)
    moved = _stored(array, (one + rate * other for one, other in pairs))
    return array + rate * step if moved is None else moved


def read_aside(
    framework: Framework, model: Any, layers: Sequence[LayerWeights]
) -> dict[str, Array]:
    """All weights of a model, of which only the small ones are in memory a second time."""
    kept: dict[str, Array] = {}
    for piece in in_pieces(layers):
        for name, array in framework.read(model, piece, copied=False).items():
            # The model may be given other weights while these wait.
            kept[name] = array.copy() if array.size <= AT_ONCE else _mapped(array)
    return kept


def write_all(
    framework: Framework, model: Any, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]
) -> None:
    """Give a model all of its weights, piece by piece: a framework may copy what it is given."""
    for piece in in_pieces(layers):
        framework.write(model, piece, arrays)


def _kept(shape: tuple[int, ...], rows: Rows) -> Array:
    stored = kept_aside(shape, float, rows()) if prod(shape) > AT_ONCE else None
    return np.concatenate(list(rows())) if stored is None else stored


def _mapped(array: Array) -> Array:
    stored = _stored(array, _in_rows(array))
    return array if stored is None else stored


def _in_rows(array: Array) -> Sequence[Array]:
    """An array in parts of about `AT_ONCE` numbers, each of which has whole rows."""
    return np.array_split(array, min(len(array), -(-array.size // AT_ONCE)))


def _stored(like: Array, parts: Iterable[Array]) -> Array | None:
    """The array of some parts, in a file, with the shape of another; nothing where there is no room for it."""
    try:
        with TemporaryFile(prefix="seqdsl-") as stream:
            # Written, not filled through the mapping: a full disk kills a process that writes to mapped pages.
            for rows in parts:
                if rows.any():
                    stream.write(np.ascontiguousarray(rows).data)
                else:
                    # Of a table most rows have no gradient: what is skipped takes no room.
                    stream.seek(rows.nbytes, SEEK_CUR)
            stream.truncate()
            stream.flush()
            # What is changed stays in memory: PyTorch warns of arrays that cannot be changed.
            return np.memmap(stream, like.dtype, "c", shape=like.shape)
    except OSError:
        return None
