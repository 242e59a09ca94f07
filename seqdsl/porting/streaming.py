"""weights of a model → a file, or another model: layer by layer, as memory holds few copies of large ones."""

from __future__ import annotations

from errno import ENOSPC
from os import strerror
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import numpy as np

from seqdsl.verify.tolerance import close, largest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.adapter import Array, Framework
    from seqdsl.runtime.named_weights import LayerWeights

_AT_ONCE = 2**20
"""Numbers that are compared at once."""


def save_weights(
    file: Path, framework: Framework, model: Any, layers: Sequence[LayerWeights]
) -> None:
    """Write the weights of a model to an ``.npz`` file of arrays by name."""
    with ZipFile(file, "w", allowZip64=True) as archive:
        for layer in layers:
            for name, array in framework.read(model, [layer], copied=False).items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
                    np.lib.format.write_array(stream, np.asanyarray(array), allow_pickle=False)


def copy_weights(
    framework: Framework,
    models: tuple[Any, Any],
    layers: tuple[Sequence[LayerWeights], Sequence[LayerWeights]],
) -> None:
    """Copy the weights of the first of two models to the second.

    Args:
        framework: the adapter of their framework.
        models: the two.
        layers: the same layers as each of the two has them.
    """
    for source, target in zip(*layers, strict=True):
        arrays = framework.read(models[0], [source], copied=False)
        framework.write(models[1], [target], arrays)


def why_unwritten(problem: Exception, folder: str) -> str:
    """What to do if a folder for weights is full; empty: that is not the problem.

    Libraries raise errors of their own that only quote the system's words.
    """
    if strerror(ENOSPC) not in str(problem):
        return ""
    where = Path(folder).parent
    return f"{where} has no room for the weights: set TMPDIR to a folder that has, and try again"


def is_close(actual: Array, expected: Array, relative: float, absolute: float) -> bool:
    """Whether two arrays of weights, or gradients, are equal, without allocating others of their size."""
    far = absolute + relative * largest(expected)
    ones, others = actual.reshape(-1), expected.reshape(-1)
    return actual.shape == expected.shape and all(
        close(ones[at : at + _AT_ONCE], others[at : at + _AT_ONCE], 0.0, far).all()
        for at in range(0, ones.size, _AT_ONCE)
    )
