"""word → function: the activations in plain numpy, for the rules of layers and the equations of cells.

The oracle of `seqdsl.verify` has its own, which share nothing with these.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[Any]

_SELU = 1.0507009873554805, 1.6732632423543772
# Maas et al. 2013, and PyTorch; Keras has 0.2 and 0.3.
_LEAK = 0.01


def function(word: str) -> Callable[[Array], Array]:
    """The activation of a name.

    Raises:
        KeyError: there is none.
    """
    return _FUNCTIONS[word]


def softmax(x: Array) -> Array:
    """Over the features: positive, and 1 in all."""
    # Less their largest: no power overflows then.
    powers = np.exp(x - x.max(-1, keepdims=True))
    shares: Array = powers / powers.sum(-1, keepdims=True)
    return shares


def _log_softmax(x: Array) -> Array:
    shifted = x - x.max(-1, keepdims=True)
    logarithms: Array = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return logarithms


def _sigmoid(x: Array) -> Array:
    # exp(-log(1 + exp(-x))): exact on both sides, and nothing overflows.
    return np.exp(-np.logaddexp(0, -x))


def _gelu(x: Array) -> Array:
    # Hendrycks and Gimpel 2016, not approximated; numpy has no error function.
    activated: Array = x * (1 + np.vectorize(math.erf, otypes=[x.dtype])(x / math.sqrt(2))) / 2
    return activated


def _elu(x: Array) -> Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def _selu(x: Array) -> Array:
    # Klambauer et al. 2017.
    scale, alpha = _SELU
    return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "softmax": softmax,
    "log_softmax": _log_softmax,
    "gelu": _gelu,
    "elu": _elu,
    "selu": _selu,
    "softplus": lambda x: np.logaddexp(0, x),
    "swish": lambda x: x * _sigmoid(x),
    # Keras 3 and PyTorch; Keras 2 had 0.2 x + 0.5.
    "hard_sigmoid": lambda x: np.clip(x + 3, 0, 6) / 6,
    "leaky_relu": lambda x: np.where(x > 0, x, _LEAK * x),
    "relu6": lambda x: np.clip(x, 0, 6),
    # Misra 2019.
    "mish": lambda x: x * np.tanh(np.logaddexp(0, x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
}
