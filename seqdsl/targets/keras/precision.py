"""precision → Keras that computes in it, on each of its backends.

Keras promotes types as JAX does by default: on PyTorch and JAX, what is mixed or multiplied in double precision is
computed in single, though the result is called double. That moves values by 1e-8, and with them steps that do not
depend on what was changed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import keras
import numpy as np

from seqdsl.runtime.adapter import DOUBLE, SINGLE

FINER_THAN_SINGLE = 1 + 2.0**-40
"""A number that single precision rounds to 1."""


def compute_in(precision: str) -> str:
    """Let Keras compute in ``precision``, or in single where it cannot; which of them it is."""
    _prefer(precision)
    if precision == DOUBLE and not _is_double():
        precision = SINGLE
        _prefer(precision)
    return precision


def _prefer(precision: str) -> None:
    if keras.backend.backend() == "jax":
        import jax

        # Without it JAX makes every array single precision, whatever type is asked for.
        config: Any = jax.config
        config.update("jax_enable_x64", precision == DOUBLE)
    usual = _usual_promotion()
    _promotions()[DOUBLE] = DOUBLE if precision == DOUBLE else usual
    keras.config.set_floatx(precision)


def _promotions() -> dict[str, str]:
    """What Keras narrows types to, which it keeps for itself; nothing if it has moved or is gone."""
    try:
        from keras.src.backend.common import dtypes
    except ImportError:
        return {}
    found: Any = getattr(dtypes, "BIT64_TO_BIT32_DTYPE", None)
    return found if isinstance(found, dict) else {}


@cache
def _usual_promotion() -> str:
    """What Keras makes of double precision by itself; asked for before that is changed."""
    return _promotions().get(DOUBLE, DOUBLE)


def _is_double() -> bool:
    """Whether a product has all its digits: not what it is called counts, but what it is."""
    # (1 + 2**-40) ** 2 is above 1 in double precision, and 1 in single.
    one = keras.ops.convert_to_tensor([[FINER_THAN_SINGLE]], DOUBLE)
    product = keras.ops.convert_to_numpy(keras.ops.matmul(one, one))
    return bool(np.all(product != 1))
