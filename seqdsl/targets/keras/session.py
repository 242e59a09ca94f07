"""models that one process builds one after the other → for each a Keras whose names and random numbers begin anew."""

from __future__ import annotations

import random
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import keras
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT = 25
"""For so many models TensorFlow's operations are kept: a graph that was made of one of these is an operation, too."""

_begun = count(1)


def begin(*, generated: bool) -> None:
    """Forget earlier models, and start all random numbers anew.

    Args:
        generated: whether the next model is ours: Keras's own random numbers are no state of operations, and a module
            of the user's may draw by others.
    """
    if keras.backend.backend() != "tensorflow":
        keras.backend.clear_session()
        _seed()
    elif generated and next(_begun) % _KEPT:
        with _operations_kept():
            # Whoever has held a large model looks for garbage: a search takes as long as calling a small one.
            keras.backend.clear_session(free_memory=False)
            keras.utils.set_random_seed(0)
    else:
        keras.backend.clear_session()
        keras.utils.set_random_seed(0)


@contextmanager
def _operations_kept() -> Iterator[None]:
    """Within the block TensorFlow forgets no operations: making those of an LSTM again takes as long as calling it."""
    # `clear_session` and `set_seed` both end there; no public name leads to one without the other.
    from tensorflow.python import pywrap_tfe

    usual = pywrap_tfe.TFE_ContextClearCaches
    pywrap_tfe.TFE_ContextClearCaches = lambda context: None
    try:
        yield
    finally:
        pywrap_tfe.TFE_ContextClearCaches = usual


def _seed() -> None:
    """Start all random numbers anew: those that seed Keras's own generators come from Python's."""
    # Keras seeds TensorFlow whatever its backend, and imports it for that: 10 s, where it is installed at all.
    random.seed(0)
    np.random.seed(0)
    if keras.backend.backend() == "torch":
        import torch

        torch.manual_seed(0)
