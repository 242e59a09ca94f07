"""the weights in a ``.keras`` file → into the model that was made of its configuration.

They are in an HDF5 file within the archive, which may be hostile like the rest: a link may lead out of it to any file
of the reader, and a dataset of a few bytes may claim to be larger than memory. What Keras writes has neither.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import h5py

from seqdsl.importers.keras.refusals import Refused

if TYPE_CHECKING:
    import keras

_FILE = "model.weights.h5"
_MOST_OBJECTS = 100_000
_SLACK, _TIMES = 2**24, 8
"""Bytes of weights: so many times those of the model, as an optimizer has its own beside them, and some more."""


def load_weights(model: keras.Model, path: str | Path) -> None:
    """Give a model the weights of its file.

    Raises:
        Refused: they cannot be read, or are not those of the model.
    """
    most = _SLACK + _TIMES * sum(_bytes(item) for item in model.variables)
    try:
        with ZipFile(path) as archive:
            size = archive.getinfo(_FILE).file_size
            if size > most:
                raise Refused(f"its weights take {size:,} bytes, far more than those of the model")
            with archive.open(_FILE) as stored, h5py.File(stored, "r") as weights:
                _check(weights, size)
        model.load_weights(path)
    except (BadZipFile, KeyError, OSError, RuntimeError) as problem:
        raise Refused("its weights cannot be read: they are missing, or damaged") from problem
    except ValueError as problem:
        first = str(problem).strip().split("\n", 1)[0][:200]
        raise Refused(f"its weights are not those of the model: {first}") from problem


def _bytes(variable: Any) -> int:
    count = 1
    for size in variable.shape:
        count *= int(size)
    # No number is wider than a double.
    return count * 8


def _check(weights: h5py.File, size: int) -> None:
    """Look at all objects of a file: plain groups and datasets, which together are no larger than the file.

    Raises:
        Refused: they are not.
    """
    waiting: list[h5py.Group] = [weights]
    seen: set[int] = set()
    taken = 0
    while waiting:
        group = waiting.pop()
        for name in group:
            # What a link names is not opened before it is known to be in the file.
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise Refused("its weights have links to somewhere else")
            item = group[name]
            address = h5py.h5o.get_info(item.id).addr
            if address in seen:
                raise Refused("its weights have an object twice")
            seen.add(address)
            if isinstance(item, h5py.Group):
                waiting.append(item)
            else:
                taken += _stored(item)
            if taken > size or len(seen) > _MOST_OBJECTS:
                raise Refused("its weights claim to be larger than the file")


def _stored(item: object) -> int:
    """How many bytes a dataset has, which are all in its file."""
    if not isinstance(item, h5py.Dataset):
        raise Refused("its weights have something other than groups and datasets")
    if item.is_virtual or item.external:
        raise Refused("its weights have links to somewhere else")
    return int(item.nbytes)
