"""arrays by name → a file of safetensors: what a generated numpy module loads, written with numpy alone.

Who verifies numpy models need not have installed safetensors, which PyTorch's extra brings. The tests read these files
with that library. The format: the length of a header, the header as JSON, and the arrays one after the other::

    3b00000000000000 {"a": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]}} <16 bytes>
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from seqdsl.runtime.adapter import Array

_TYPES = {"<f8": "F64", "<f4": "F32", "<i8": "I64", "<i4": "I32"}
"""What safetensors calls numpy's types: those of weights and of PyTorch's counters."""


def save_weights(file: Path, weights: Mapping[str, Array]) -> None:
    """Write arrays of floats or integers, of 32 or 64 bits.

    Raises:
        KeyError: an array holds something else.
    """
    header, end = {}, 0
    ordered = {name: _little(array) for name, array in weights.items()}
    for name, array in ordered.items():
        begin, end = end, end + array.nbytes
        header[name] = {
            "dtype": _TYPES[array.dtype.str],
            "shape": array.shape,
            "data_offsets": (begin, end),
        }
    text = json.dumps(header).encode()
    # Readers may map the file into memory, where numbers have to begin at a multiple of their size.
    text += b" " * (-len(text) % 8)
    with file.open("wb") as out:
        out.write(len(text).to_bytes(8, "little") + text)
        for array in ordered.values():
            out.write(array.tobytes())


def _little(array: Array) -> Array:
    """The same numbers with their lowest byte first, whatever the machine."""
    return np.asarray(array, array.dtype.newbyteorder("<"))
